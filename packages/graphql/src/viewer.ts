import type { Locale } from '@7pay/refusals';
import { forbidden, unauthenticated } from './errors.ts';

interface Common {
  /** The language of sentences for this caller. */
  readonly locale: Locale;
  /** Id of the request, shown to people as the reference of an error. */
  readonly requestId: string;
  readonly clientId: string | null;
  readonly scopes: readonly string[];
}

/** Nobody has proven who they are. */
export interface AnonymousViewer extends Common {
  readonly kind: 'anonymous';
}

/** A member of 7iD, operators included: those have roles. */
export interface MemberViewer extends Common {
  readonly kind: 'member';
  readonly memberId: string;
  /** How strongly they proved who they are, `urn:7id:acr:1` to `urn:7id:acr:3` (docs/adr/0005-acr.md). */
  readonly acr: string;
  /** When they did, seconds since 1970 (OIDC auth_time). */
  readonly authTime: number;
  readonly roles: readonly string[];
}

/** A register in a store, by its own key. */
export interface TerminalViewer extends Common {
  readonly kind: 'terminal';
  readonly terminalId: string;
  readonly storeId: string;
  readonly merchantId: string;
}

/** Who asks. Made from a verified token by the gateway, never from the request's input. */
export type Viewer = AnonymousViewer | MemberViewer | TerminalViewer;

/** The member who asks, if their app was given the scope. @throws UNAUTHENTICATED, FORBIDDEN */
export function requireMember(viewer: Viewer, scope: string): MemberViewer {
  if (viewer.kind === 'anonymous') throw unauthenticated();
  if (viewer.kind !== 'member' || !viewer.scopes.includes(scope)) throw forbidden();
  return viewer;
}

/**
 * The member who asks, with a second factor or a bound device: a password alone shows no balance.
 * @throws UNAUTHENTICATED, FORBIDDEN
 */
export function requireStrongMember(viewer: Viewer, scope: string): MemberViewer {
  const member = requireMember(viewer, scope);
  if (!acrAtLeast(member, 2)) throw forbidden();
  return member;
}

/** Whether the viewer is this member, strongly proven, through an app that was given the scope. */
export const isStrongOwner = (viewer: Viewer, memberId: string, scope: string): boolean =>
  viewer.kind === 'member' &&
  viewer.memberId === memberId &&
  viewer.scopes.includes(scope) &&
  acrAtLeast(viewer, 2);

/** The operator who asks. @throws UNAUTHENTICATED, FORBIDDEN */
export function requireOperator(viewer: Viewer): MemberViewer {
  const member = requireMember(viewer, 'operations');
  if (!isOperator(member)) throw forbidden();
  return member;
}

/** Operators work with a second factor always. */
export const isOperator = (viewer: Viewer): boolean =>
  viewer.kind === 'member' &&
  viewer.roles.includes('operator') &&
  viewer.scopes.includes('operations') &&
  acrAtLeast(viewer, 2);

/** The terminal that asks. @throws UNAUTHENTICATED, FORBIDDEN */
export function requireTerminal(viewer: Viewer): TerminalViewer {
  if (viewer.kind === 'anonymous') throw unauthenticated();
  if (viewer.kind !== 'terminal' || !viewer.scopes.includes('terminal')) throw forbidden();
  return viewer;
}

/** Whether the member proved themselves at this level (1 to 3) or above. */
export function acrAtLeast(viewer: MemberViewer, level: 1 | 2 | 3): boolean {
  const proven = /^urn:7id:acr:([123])$/.exec(viewer.acr)?.[1];
  return proven !== undefined && Number(proven) >= level;
}
