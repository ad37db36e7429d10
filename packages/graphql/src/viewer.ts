import assert from 'node:assert/strict';
import type { Locale } from '@7pay/refusals';
import { type Duty, OPERATOR } from './access/duty.ts';

interface Common {
  /** The language of sentences for this caller. */
  readonly locale: Locale;
  /** Id of the request, shown to people as the reference of an error. */
  readonly requestId: string;
  readonly clientId: string | null;
  readonly scopes: readonly string[];
  /** Generation of the controls when 7iD issued the token; absent without one that tells. */
  readonly generation?: number;
}

/** Nobody has proven who they are. */
export interface AnonymousViewer extends Common {
  readonly kind: 'anonymous';
}

/** A member of 7iD, operators included: those have roles, `operator` and their duties. */
export interface MemberViewer extends Common {
  readonly kind: 'member';
  readonly memberId: string;
  /** How strongly they proved who they are, `urn:7id:acr:1` to `urn:7id:acr:3` (docs/adr/0005-acr.md). */
  readonly acr: string;
  /** When they did, seconds since 1970 (OIDC auth_time). */
  readonly authTime: number;
  /** The session of 7iD that the token rests on; absent without one. It never leaves the services. */
  readonly sessionUid?: string;
  /** How and from where they logged in, by which cut-offs judge a login (`LoginFacts`); absent where the token does not tell. */
  readonly amr?: readonly string[];
  readonly network?: string;
  readonly country?: string;
  readonly roles: readonly string[];
}

/** A register in a store, by its own key. */
export interface TerminalViewer extends Common {
  readonly kind: 'terminal';
  readonly terminalId: string;
  readonly storeId: string;
  readonly merchantId: string;
}

/** One payment that a member agreed to at 7iD (RFC 9396). */
export interface AgreedPayment {
  /** Made by the partner: sent twice, it pays once. */
  readonly paymentId: string;
  readonly merchantId: string;
  readonly currency: string;
  readonly amount: number;
}

/** A partner whose token is for one payment of a member, and for nothing else: no rule for members admits it. */
export interface AgreementViewer extends Common {
  readonly kind: 'agreement';
  readonly clientId: string;
  /** Who agreed. The partner does not know this id. */
  readonly memberId: string;
  readonly acr: string;
  readonly authTime: number;
  readonly agreed: AgreedPayment;
}

/** Who asks. Made from a verified token by the gateway, never from the request's input. */
export type Viewer = AnonymousViewer | MemberViewer | TerminalViewer | AgreementViewer;

/** The member who asks, where the rule of the field admits members only. */
export function memberOf(viewer: Viewer): MemberViewer {
  assert(viewer.kind === 'member', 'the rule of the field admits members only');
  return viewer;
}

/** The terminal that asks, where the rule of the field admits terminals only. */
export function terminalOf(viewer: Viewer): TerminalViewer {
  assert(viewer.kind === 'terminal', 'the rule of the field admits terminals only');
  return viewer;
}

/** The partner with an agreement, where the rule of the field admits those only. */
export function agreementOf(viewer: Viewer): AgreementViewer {
  assert(viewer.kind === 'agreement', 'the rule of the field admits agreements only');
  return viewer;
}

/** Whether somebody works here, whatever for. Operators work with a second factor always. */
export const isOperator = (viewer: Viewer): boolean =>
  viewer.kind === 'member' &&
  viewer.roles.includes(OPERATOR) &&
  viewer.scopes.includes('operations') &&
  acrAtLeast(viewer, 2);

/** Whether an operator holds one of these duties. */
export const holdsDuty = (viewer: Viewer, duties: readonly Duty[]): boolean =>
  viewer.kind === 'member' &&
  isOperator(viewer) &&
  duties.some((duty) => viewer.roles.includes(duty));

/** Whether the member proved themselves at this level (1 to 3) or above. */
export function acrAtLeast(viewer: Pick<MemberViewer, 'acr'>, level: 1 | 2 | 3): boolean {
  const proven = /^urn:7id:acr:([123])$/.exec(viewer.acr)?.[1];
  return proven !== undefined && Number(proven) >= level;
}
