import type { Viewer } from '@7pay/graphql';
import type { Rate } from './bucket.ts';

/** The rates of one kind of caller, by what it does. */
export interface CallerRates {
  readonly query: Rate;
  readonly mutation: Rate;
}

/** What callers may spend, from a day on. */
export interface RateLimits {
  /** UTC, ISO 8601. */
  readonly effectiveFrom: string;
  readonly owner: string;
  readonly source: string;
  readonly rates: Readonly<Record<Viewer['kind'], CallerRates>>;
}

/**
 * In cost (docs/adr/0018-gateway-protection.md): a screen of ours is 1 to 60, a mutation 10 to 20. A terminal serves a queue of
 * customers; nobody without a token has reason to change much, and an address may stand for a whole office.
 */
export const RATE_LIMITS: RateLimits = {
  effectiveFrom: '2019-07-01T00:00:00Z',
  owner: 'gateway',
  source: 'docs/adr/0018-gateway-protection.md',
  rates: {
    anonymous: {
      query: { burst: 5_000, perSecond: 200 },
      mutation: { burst: 400, perSecond: 10 },
    },
    member: {
      query: { burst: 10_000, perSecond: 500 },
      mutation: { burst: 600, perSecond: 20 },
    },
    agreement: {
      query: { burst: 2_000, perSecond: 50 },
      mutation: { burst: 400, perSecond: 10 },
    },
    terminal: {
      query: { burst: 10_000, perSecond: 500 },
      mutation: { burst: 3_000, perSecond: 200 },
    },
  },
};

/** Whose bucket it is: per client, and member or terminal or who agreed, or address where nobody is known. */
export function callerOf(viewer: Viewer, address: string): string {
  const client = viewer.clientId ?? '-';
  if (viewer.kind === 'member') return `member ${client} ${viewer.memberId}`;
  if (viewer.kind === 'agreement') return `agreement ${client} ${viewer.memberId}`;
  if (viewer.kind === 'terminal') return `terminal ${client} ${viewer.terminalId}`;
  return `anonymous ${client} ${address}`;
}
