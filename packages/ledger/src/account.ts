import assert from 'node:assert/strict';
import { declareRefusals, type Refused, refuse } from '@7pay/refusals';
import type { Currency, Leg } from './journal-entry.ts';

/** Why an account refuses an entry. */
export type AccountRefusal = 'INSUFFICIENT_BALANCE' | 'WALLET_FROZEN' | 'BALANCE_CAP_EXCEEDED';

declareRefusals('account', {
  INSUFFICIENT_BALANCE: {
    ja: '残高が{short}円不足しています。チャージしてからお試しください。',
    en: 'The balance is {short} yen short. Please top up and try again.',
  },
  WALLET_FROZEN: {
    ja: 'このウォレットは利用を停止しています。アプリのお知らせをご確認ください。',
    en: 'This wallet is frozen. Please see the notices in the app.',
  },
  BALANCE_CAP_EXCEEDED: {
    ja: '残高の上限{limit}円を超えるため受け付けられません。',
    en: 'The balance may not go above {limit} yen.',
  },
});

/** Where value came from. A payment refund, a balance refund and a compensation give each yen back there. */
export type Origin = 'cash' | 'credit' | 'debit' | 'points' | 'compensation';

/** How much of each origin an account holds, or a leg moves. Absent means none. */
export type Lots = Readonly<Partial<Record<Origin, number>>>;

// What is spent first. Cash last: it is the value that can be paid back to its owner in every way.
const SPEND_ORDER: readonly Origin[] = ['points', 'compensation', 'credit', 'debit', 'cash'];

export type AccountKind = 'USER_WALLET' | 'USER_POINTS' | 'REFUND_PAYABLE';

/** An account that can refuse. Only these have a document; all other accounts are sums over the journal. */
export interface Account {
  readonly id: string;
  readonly kind: AccountKind;
  readonly currency: Currency;
  /** The member it belongs to. */
  readonly owner: string;
  /** The shard key, as in the journal. */
  readonly wallet: string;
  readonly status: 'OPEN' | 'FROZEN' | 'CLOSED';
  /** Credits minus debits of all entries. */
  readonly posted: number;
  /** Reserved by holds that are neither captured nor released. */
  readonly held: number;
  /** Never above this; null: no cap. */
  readonly cap: number | null;
  /** Number of entries that name it. */
  readonly seq: number;
  readonly lots: Lots;
}

export const walletAccount = (walletId: string): string => `wallet:${walletId}`;
export const pointsAccount = (pointsAccountId: string): string => `points:${pointsAccountId}`;
export const payableAccount = (walletId: string): string => `refund-payable:${walletId}`;

/** What may be spent now. */
export const available = (account: Account): number => account.posted - account.held;

/** An account after the legs that name it, and those legs with the lots they took. */
export interface Applied {
  readonly account: Account;
  readonly legs: readonly Leg[];
}

/** Decides whether an account takes its legs of an entry. Legs of other accounts are not its business. */
export function apply(
  account: Account,
  legs: readonly Leg[],
  options: { givesBack?: boolean } = {},
): Applied | Refused<AccountRefusal> {
  let { posted, lots } = account;
  const taken: Leg[] = [];
  for (const leg of legs) {
    assert.equal(leg.currency, account.currency, 'a leg is in the currency of its account');
    if (leg.side === 'debit' && account.status !== 'OPEN') return refuse('WALLET_FROZEN');
    if (account.status === 'CLOSED') return refuse('WALLET_FROZEN');
    if (leg.side === 'credit') {
      posted += leg.amount;
      if (account.cap !== null && posted > account.cap && !options.givesBack) {
        return refuse('BALANCE_CAP_EXCEEDED', { limit: account.cap });
      }
      lots = merge(lots, leg.lots ?? {});
      taken.push(leg);
    } else {
      const short = leg.amount - (posted - account.held);
      if (short > 0) return refuse('INSUFFICIENT_BALANCE', { short });
      const consumed = leg.lots ?? (account.kind === 'USER_WALLET' ? take(lots, leg.amount) : {});
      posted -= leg.amount;
      lots = without(lots, consumed);
      taken.push(Object.keys(consumed).length > 0 ? { ...leg, lots: consumed } : leg);
    }
  }
  return { account: { ...account, posted, lots, seq: account.seq + 1 }, legs: taken };
}

function take(lots: Lots, amount: number): Lots {
  let left = amount;
  const taken: Partial<Record<Origin, number>> = {};
  for (const origin of SPEND_ORDER) {
    const part = Math.min(lots[origin] ?? 0, left);
    if (part > 0) taken[origin] = part;
    left -= part;
  }
  assert.equal(left, 0, 'the lots of a wallet add up to its balance');
  return taken;
}

function merge(lots: Lots, more: Lots): Lots {
  const sum: Partial<Record<Origin, number>> = { ...lots };
  for (const [origin, amount] of Object.entries(more) as [Origin, number][]) {
    sum[origin] = (sum[origin] ?? 0) + amount;
  }
  return sum;
}

function without(lots: Lots, less: Lots): Lots {
  const rest: Partial<Record<Origin, number>> = { ...lots };
  for (const [origin, amount] of Object.entries(less) as [Origin, number][]) {
    const left = (rest[origin] ?? 0) - amount;
    assert(left >= 0, 'no lot goes below zero');
    if (left === 0) delete rest[origin];
    else rest[origin] = left;
  }
  return rest;
}
