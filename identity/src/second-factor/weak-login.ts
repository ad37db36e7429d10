import { acrAtLeast, type MemberViewer } from '@7pay/graphql';
import { type Refused, refuse } from '@7pay/refusals';
import type { IdentityContext } from '../account/member.graphql.ts';

/**
 * A stolen password alone must neither add to what proves a member nor to where they are reached, while they have something
 * stronger: a passkey, an app or a telephone. Undefined: this login may.
 */
export async function weakLogin(
  viewer: MemberViewer,
  context: Pick<IdentityContext, 'factorsOf' | 'signInMethods' | 'contactsOf'>,
): Promise<Refused<'STEP_UP_REQUIRED'> | undefined> {
  if (acrAtLeast(viewer, 2)) return undefined;
  const { memberId } = viewer;
  const [factors, ways, reached] = await Promise.all([
    context.factorsOf.load(memberId),
    context.signInMethods.load(memberId),
    context.contactsOf.load(memberId),
  ]);
  const hasStronger =
    Boolean(factors?.totp) ||
    ways?.methods.some(({ kind }) => kind === 'PASSKEY') ||
    reached?.contacts.some(({ channel, verifiedAt }) => channel === 'sms' && verifiedAt !== null);
  return hasStronger ? refuse('STEP_UP_REQUIRED', { acr: 'urn:7id:acr:2' }) : undefined;
}
