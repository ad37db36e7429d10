import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import { digest } from '@7pay/ids';

/** How many chains there are. Each event stands in one, so that logins do not wait for each other. */
export const AUDIT_CHAINS = 16;

/** What is kept for ever of what happened at 7iD (docs/identity.md). */
export const AUDIT_KINDS = [
  'LOGIN_MADE',
  'LOGIN_REFUSED',
  'MEMBER_REGISTERED',
  'FACTOR_ADDED',
  'FACTOR_REMOVED',
  'CONTACT_ADDED',
  'CONTACT_REMOVED',
  'PASSWORD_SET',
  'LOGINS_ENDED',
  'LOGIN_UNLOCKED',
  'SESSION_ENDED',
  'CLIENT_CHANGED',
  'KEY_CHANGED',
  'NOTICE_CHANGED',
  'DUTIES_CHANGED',
  'MEMBER_READ',
  'RECORDS_READ',
] as const;
export type AuditKind = (typeof AUDIT_KINDS)[number];

/** The facts of an event: ids, classes and codes. Never an address, a number, a name or a secret of a person. */
export interface AuditFacts {
  /** The member it is about. */
  readonly memberId?: string;
  /** The member or operator who did it, where that is somebody else, or not clear. */
  readonly actor?: string;
  readonly clientId?: string;
  readonly provider?: string;
  /** How: a way to log in, or a kind of factor or contact. */
  readonly method?: string;
  readonly acr?: string;
  /** The class of a refusal, or the step that was taken. */
  readonly reason?: string;
  readonly network?: string;
  readonly country?: string;
  /** The family of the browser. */
  readonly agent?: string;
  /** Whether the member had never logged in from this class of networks, as far as records go. */
  readonly newNetwork?: boolean;
  /** How many tries it counts, where it is not one. */
  readonly tries?: number;
  /** What else it is about: a key, a notice, an index that was searched, the minute that is counted. */
  readonly about?: string;
  /** Why an operator did it, in their words. */
  readonly note?: string;
}
export type AuditFact = keyof AuditFacts;

/** One event, at its place in its chain. */
export interface AuditEvent {
  readonly id: string;
  readonly chain: number;
  /** 1, 2, 3 … in its chain, without a gap. */
  readonly n: number;
  readonly at: Date;
  readonly kind: AuditKind;
  readonly facts: AuditFacts;
  /** The digest of the event before; empty for the first. */
  readonly prev: string;
  /** Over all the above. */
  readonly hash: string;
}

/** What is known of an event before it has its place. */
export type UnplacedEvent = Pick<AuditEvent, 'id' | 'at' | 'kind' | 'facts'>;

/** The end of a chain; of one without an event `{ n: 0, hash: '' }`. */
export type ChainEnd = Pick<AuditEvent, 'n' | 'hash'>;
export const CHAIN_START: ChainEnd = { n: 0, hash: '' };

const TOKEN = /^[\w.:/+-]{1,200}$/;
const NOTE_MAX = 200;
/** What an operator may not write into a reason: addresses of mail, and rows of digits as telephones have. */
export const LIKE_A_PERSON = /@|＠|\p{Nd}(?:[ \-‐－()]?\p{Nd}){8,}/u;

/** Puts an event behind the end of a chain. @throws AssertionError for a fact that could name a person */
export function placeEvent(event: UnplacedEvent, chain: number, end: ChainEnd): AuditEvent {
  for (const [name, fact] of Object.entries(event.facts)) {
    if (typeof fact !== 'string') continue;
    if (name === 'note') assert(fact.length <= NOTE_MAX && !LIKE_A_PERSON.test(fact), 'a note');
    else assert(TOKEN.test(fact) && isIP(fact) === 0, `${event.kind}: ${name} is no id or class`);
  }
  const placed = { ...event, chain, n: end.n + 1, prev: end.hash };
  return { ...placed, hash: auditHash(placed) };
}

/** The digest of an event: over what it says, its place, and the digest of the one before. */
export const auditHash = (event: Omit<AuditEvent, 'hash'>): string => {
  const { id, chain, n, at, kind, facts, prev } = event;
  return digest(['7id-audit', 1, id, chain, n, at, kind, facts, prev]);
};

/** What is wrong with an event, given the end of its chain before it. */
export function eventFaults(event: AuditEvent, before: ChainEnd): string[] {
  const name = `event ${event.n} of chain ${event.chain}`;
  const faults: string[] = [];
  if (event.n !== before.n + 1) faults.push(`${name} does not follow ${before.n}`);
  if (event.prev !== before.hash) faults.push(`${name} names another event before it`);
  if (event.hash !== auditHash(event)) faults.push(`${name} is not what was recorded`);
  return faults;
}
