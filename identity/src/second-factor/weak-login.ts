import { acrAtLeast, type MemberViewer } from '@7pay/graphql';
import { type Refused, refuse } from '@7pay/refusals';
import type { IdentityContext } from '../account/member.graphql.ts';
import { isMoreThanPassword } from './second-factor.ts';

/**
 * A stolen password alone must neither add to what proves a member nor to where they are reached
 * (docs/adr/0049-a-password-adds-no-first-factor.md). Whoever has a passkey, an app or a telephone shows it; whoever has a contact
 * or a login ID alone shows a code that went there in this login, or adds their first factor at 7iD. Undefined: this login may.
 */
export async function weakLogin(
  viewer: MemberViewer,
  context: Pick<IdentityContext, 'factorsOf' | 'signInMethods' | 'contactsOf' | 'members'>,
): Promise<Refused<'STEP_UP_REQUIRED'> | undefined> {
  if (acrAtLeast(viewer, 2)) return undefined;
  const { memberId } = viewer;
  const [member, factors, ways, reached] = await Promise.all([
    context.members.load(memberId),
    context.factorsOf.load(memberId),
    context.signInMethods.load(memberId),
    context.contactsOf.load(memberId),
  ]);
  const verified = (reached?.contacts ?? []).filter(({ verifiedAt }) => verifiedAt !== null);
  const hasStronger =
    Boolean(factors?.totp) ||
    ways?.methods.some(({ kind }) => kind === 'PASSKEY') ||
    verified.some(({ channel }) => channel === 'sms');
  const isReachable = verified.length > 0 || (member?.mail ?? null) !== null;
  const isShown = isMoreThanPassword(viewer.amr ?? ['pwd']); // a token that tells nothing may be one of a password
  const isWeak = hasStronger || (isReachable && !isShown);
  return isWeak ? refuse('STEP_UP_REQUIRED', { acr: 'urn:7id:acr:2' }) : undefined;
}
