import { acrAtLeast, type MemberViewer } from '@7pay/graphql';
import { type Refused, refuse } from '@7pay/refusals';
import type { IdentityContext } from '../account/member.graphql.ts';

/**
 * A stolen password alone must neither add to what proves a member nor to where they are reached. Whoever has a contact or a login
 * ID adds their first factor at 7iD itself, where a code goes there (docs/adr/0049-a-password-adds-no-first-factor.md). Undefined:
 * this login may, as nothing reaches the member yet.
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
  const hasMore =
    Boolean(factors?.totp) ||
    ways?.methods.some(({ kind }) => kind === 'PASSKEY') ||
    reached?.contacts.some(({ verifiedAt }) => verifiedAt !== null) ||
    (member?.mail ?? null) !== null;
  return hasMore ? refuse('STEP_UP_REQUIRED', { acr: 'urn:7id:acr:2' }) : undefined;
}
