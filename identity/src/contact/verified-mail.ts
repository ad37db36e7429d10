import type { MemberStore } from '../account/member.store.ts';
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

/** Makes everything void that was set before an address was proven (reclaim-account.ts). */
export type ReclaimAccount = (
  proof: { memberId: string; address: string },
  at: Date,
) => Promise<void>;

/** Notes that an address was proven. @returns whether the account was reclaimed */
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
  (deps: {
    contacts: ContactStore;
    members: Pick<MemberStore, 'find'>;
    reclaim: ReclaimAccount;
  }): ProvenMail =>
  async (proof, at) => {
    const { contacts, members, reclaim } = deps;
    const [verified, member] = await Promise.all([
      contacts.verifiedOf(proof.memberId),
      members.find(proof.memberId),
    ]);
    const proven = { channel: 'mail', address: proof.address } as const;
    const isContact = verified.some((contact) => isSameContact(contact, proven));
    // It was proven before, and its member has taken that contact away since: whoever reads that mail now is anybody.
    if (!isContact && member?.loginIdProvenAt) return false;
    if (!isContact) await reclaim(proof, at);
    await verifiedMail(contacts, proof, at);
    return !isContact;
  };
