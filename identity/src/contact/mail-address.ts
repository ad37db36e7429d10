import { loginIdOf, type Member } from '../account/member.ts';
import { contactsOf } from '../recovery/recover-access.ts';
import { contactFor } from './contact.ts';
import type { ContactStore } from './contact.store.ts';

/**
 * Where mail reaches a member: the verified contact that counts since “this was not me” (the login ID if it is one, else the first).
 * Without one the login ID, unless its member took it away; that one alone is not enough where `must` is VERIFIED. Null: nowhere.
 */
export async function mailAddressOf(
  member: Member,
  contacts: Pick<ContactStore, 'verifiedOf'>,
  must: 'VERIFIED' | 'REACH' = 'REACH',
): Promise<string | null> {
  const loginId = loginIdOf(member);
  const verified = contactFor(await contactsOf(member, contacts), 'mail', loginId);
  if (verified) return verified.address;
  return must === 'REACH' && member.loginIdProvenAt === null ? loginId : null;
}
