import { errors, type Provider } from 'oidc-provider';
import type { Approval } from './approval.ts';

/** The login of the member who answers. */
export interface ApprovingLogin {
  readonly acr: string | undefined;
  readonly amr: readonly string[] | undefined;
  readonly authTime: number | undefined;
  readonly sessionUid: string;
}

/** Tells the waiting client yes: a grant for what it asked for, resting on this login. */
export async function allowApproval(
  provider: Provider,
  approval: Approval,
  login: ApprovingLogin,
): Promise<'TOLD' | 'GONE'> {
  const request = await provider.BackchannelAuthenticationRequest.find(approval.requestId);
  if (!request || request.accountId !== approval.accountId) return 'GONE';
  const { accountId, clientId } = approval;
  const grant = new provider.Grant({ accountId, clientId });
  const scope = [...request.scopes].join(' ');
  grant.addOIDCScope(scope);
  for (const resource of request.resourceIndicators) {
    if (resource !== undefined) grant.addResourceScope(resource, scope);
  }
  await grant.save();
  await provider.backchannelResult(request, grant, {
    ...(login.acr !== undefined && { acr: login.acr }),
    ...(login.amr !== undefined && { amr: [...login.amr] }),
    ...(login.authTime !== undefined && { authTime: login.authTime }),
    // Named for the cut-offs of logins. Not bound to it: a session holds one grant per client, and two
    // approvals for one till may be under way.
    sessionUid: login.sessionUid,
  });
  return 'TOLD';
}

/** Tells the waiting client no. */
export async function denyApproval(
  provider: Provider,
  approval: Approval,
): Promise<'TOLD' | 'GONE'> {
  const request = await provider.BackchannelAuthenticationRequest.find(approval.requestId);
  if (!request || request.accountId !== approval.accountId) return 'GONE';
  await provider.backchannelResult(request, new errors.AccessDenied('the member said no'));
  return 'TOLD';
}
