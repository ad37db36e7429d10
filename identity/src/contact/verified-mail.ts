import { isSameContact } from './contact.ts';
import type { ContactStore } from './contact.store.ts';

/** Notes the mail address of a member as verified, on somebody's word. Doing it again changes nothing but the instant. */
export async function verifiedMail(
  contacts: Pick<ContactStore, 'add' | 'verify'>,
  { memberId, address }: { memberId: string; address: string },
  at: Date,
): Promise<boolean> {
  const contact = { memberId, channel: 'mail', address } as const;
  await contacts.add({ ...contact, addedAt: at });
  return contacts.verify(contact, at);
}

/** Makes everything void that was set before an address was proven (reclaim-account.ts). @returns whether the account may be reclaimed */
export type ReclaimAccount = (
  proof: { memberId: string; address: string },
  at: Date,
) => Promise<boolean>;

/** Notes that an address was proven. @returns whether it proves the member */
export type ProvenMail = (
  proof: { memberId: string; address: string },
  at: Date,
) => Promise<boolean>;

/**
 * The owner of an address has proven it by a code, and by nothing else. The first time that the address of a login ID is proven, it is
 * not known who set what the account has: all of that is void before the address counts as verified. In a session of
 * the member an address is confirmed without this: who does that has shown both.
 */
export const provenMail =
  (deps: { contacts: ContactStore; reclaim: ReclaimAccount }): ProvenMail =>
  async (proof, at) => {
    const { contacts, reclaim } = deps;
    const verified = await contacts.verifiedOf(proof.memberId);
    const proven = { channel: 'mail', address: proof.address } as const;
    if (verified.some((contact) => isSameContact(contact, proven))) return true;
    return (await reclaim(proof, at)) && verifiedMail(contacts, proof, at);
  };
