import { declareRefusals } from '@7pay/refusals';
import type { Currency } from '../entry/journal-entry.ts';
import type { Lots } from './lots.ts';
import type { WindowLimits, WindowRefusal, Windows } from './window.ts';

/** Why an account refuses to be moved. */
export type BalanceRefusal = 'INSUFFICIENT_BALANCE' | 'WALLET_FROZEN' | 'BALANCE_CAP_EXCEEDED';
/** Why an account refuses the end of a hold. */
export type ResolvingRefusal = 'HOLD_NOT_OPEN' | 'CAPTURE_ABOVE_HOLD';
/** Why an account refuses an entry. */
export type AccountRefusal = BalanceRefusal | ResolvingRefusal | 'TOO_MANY_HOLDS' | WindowRefusal;

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
  HOLD_NOT_OPEN: {
    ja: 'このお支払いの確保は、すでに確定・解放されたか、期限が切れています。',
    en: 'What was held for this payment was already captured or released, or its time is over.',
  },
  CAPTURE_ABOVE_HOLD: {
    ja: '確保された{held}円を超えて確定することはできません。',
    en: 'No more than the {held} yen that are held can be captured.',
  },
  TOO_MANY_HOLDS: {
    ja: '確定前のお支払いが{limit}件あります。店舗での確定をお待ちください。',
    en: 'There are {limit} payments that are not final yet. Please wait until the stores have finished them.',
  },
});

export type AccountKind =
  | 'USER_WALLET'
  | 'USER_POINTS'
  | 'POINTS_OWED'
  | 'REFUND_PAYABLE'
  | 'BUDGET_SLICE';
export type AccountStatus = 'OPEN' | 'FROZEN' | 'CLOSED';

/** Value that is reserved until it is captured, released, or its time is over. */
export interface Hold {
  /** The id of the pending entry. */
  readonly id: string;
  readonly amount: number;
  readonly expiresAt: Date;
}

/** The most holds that one account has open. */
export const HOLDS_AT_ONCE = 20;

/** The head of an account that no entry has named yet. */
export const GENESIS = '';

/** An account that can refuse. Only these have a document; all other accounts are sums over the journal. */
export interface Account {
  readonly id: string;
  readonly kind: AccountKind;
  readonly currency: Currency;
  /** The member it belongs to. */
  readonly owner: string;
  /** The shard key, as in the journal. */
  readonly wallet: string;
  readonly status: AccountStatus;
  /** Credits minus debits of all entries. */
  readonly posted: number;
  /** The sum of its holds. */
  readonly held: number;
  readonly holds: readonly Hold[];
  /** Never above this; null: no cap. */
  readonly cap: number | null;
  /** Number of entries that name it. */
  readonly seq: number;
  /** When the latest of them was booked; time does not run backwards on one account. */
  readonly at: Date | null;
  /** The hash of the latest of them. */
  readonly head: string;
  readonly lots: Lots;
  readonly windows: Windows;
  /** What its owner set for a channel, below what the house allows. */
  readonly limits: AccountLimits;
}

/** Limits by channel. */
export type AccountLimits = Readonly<Record<string, WindowLimits>>;

export const walletAccount = (walletId: string): string => `wallet:${walletId}`;
export const pointsAccount = (pointsAccountId: string): string => `points:${pointsAccountId}`;
export const payableAccount = (walletId: string): string => `refund-payable:${walletId}`;
export const budgetSlice = (budgetId: string, slice: number): string =>
  `budget:${budgetId}:${slice}`;

/** The holds whose time is not over. */
export const openHolds = ({ holds }: Account, at: Date): readonly Hold[] =>
  holds.filter(({ expiresAt }) => expiresAt > at);
