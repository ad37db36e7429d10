import type { FindAccount } from 'oidc-provider';
import { scopesTelling } from '../claims/claims-of-scopes.ts';
import { contactFor, isSameContact } from '../contact/contact.ts';
import type { ContactStore } from '../contact/contact.store.ts';
import type { Gate, HeldToken } from '../gate/gate.ts';
import { loginIdOf, type Member } from './member.ts';
import type { MemberStore } from './member.store.ts';

/**
 * Finds the account of a subject. With a token, its login must still hold: when it was cut off, or the provider
 * of an external login stopped, refreshing answers `invalid_grant` and userinfo 401. Without one (an authorization request) the
 * login prompt judges the session instead, because an account that vanishes there ends in an error 500.
 */
export const findAccount =
  (deps: {
    members: Pick<MemberStore, 'find'>;
    contacts: Pick<ContactStore, 'verifiedOf'>;
    gate: Pick<Gate, 'loginStillHolds'>;
  }): FindAccount =>
  async (ctx, sub, token) => {
    const { members, contacts, gate } = deps;
    const member = await members.find(sub);
    if (!member) return undefined;
    if (token && !(await gate.loginStillHolds(ctx, token as HeldToken, member))) return undefined;
    return {
      accountId: member.id,
      member,
      claims: async (_use, scope, asked) => ({
        sub: member.id,
        name: member.displayName,
        locale: member.locale,
        ...(await reachedBy(
          member,
          [...scope.split(' '), ...scopesTelling(Object.keys(asked))],
          contacts,
        )),
      }),
    };
  };

/**
 * Mail and telephone, for the scopes that tell them (OIDC Core §5.4). A partner may know people again by an address only if it was
 * proven: `email_verified` says so of the login ID, and a telephone that was not proven is not told.
 */
async function reachedBy(
  member: Member,
  scopes: readonly string[],
  contacts: Pick<ContactStore, 'verifiedOf'>,
): Promise<Record<string, string | boolean>> {
  const { id, mail } = member;
  const asksMail = scopes.includes('email') && mail !== null;
  const asksPhone = scopes.includes('phone');
  if (!asksMail && !asksPhone) return {};
  const verified = await contacts.verifiedOf(id);
  const loginId = { channel: 'mail', address: loginIdOf(member) ?? '' } as const;
  const isVerified = verified.some((contact) => isSameContact(contact, loginId));
  const phone = asksPhone ? contactFor(verified, 'sms', null) : undefined;
  return {
    ...(asksMail && { email: mail, email_verified: isVerified }),
    ...(phone && { phone_number: phone.address, phone_number_verified: true }),
  };
}
