import { type Acr, ACR_VALUES, acrLevel, type AcrLevel, requiredAcrLevel } from '../login/acr.ts';
import { PAY_SCOPES } from '../protocol/request-features.ts';

/** Requests that wait for one member; more are refused until some are answered. */
export const WAITING_MAX = 5;

/** What a till asks a member to approve on their own phone. */
export interface Approval {
  readonly id: string;
  readonly accountId: string;
  readonly clientId: string;
  /** The library's id of the request: a secret of the client, kept sealed. */
  readonly requestId: string;
  readonly scopes: readonly string[];
  /** Shown on both screens, so that the member sees that they belong together. */
  readonly bindingMessage: string | null;
  readonly acr: Acr;
  readonly askedAt: Date;
  readonly expiresAt: Date;
}

/**
 * How strongly the member must be logged in to approve: what the client asks for, and for money never less than a second
 * factor (docs/adr/0005-acr.md).
 * @returns 'UNKNOWN' when values are asked for and none is ours
 */
export function requiredAcr(scopes: readonly string[], acrValues: unknown): Acr | 'UNKNOWN' {
  const minimum: AcrLevel = scopes.some((scope) => PAY_SCOPES.has(scope)) ? 2 : 1;
  const asked = typeof acrValues === 'string' ? { values: acrValues.split(' ') } : undefined;
  const level = requiredAcrLevel(asked, minimum);
  return level === 'UNKNOWN' ? level : (ACR_VALUES[level - 1] ?? ACR_VALUES[1]);
}

/** Whether a login is strong enough for an approval. */
export const mayApprove = (approval: Pick<Approval, 'acr'>, acr: string | undefined): boolean =>
  acrLevel(acr) >= acrLevel(approval.acr);
