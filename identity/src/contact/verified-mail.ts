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
