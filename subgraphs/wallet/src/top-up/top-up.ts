import { credit, debit, type FirstPlan, type Origin, walletAccount } from '@7pay/ledger';
import type { Yen } from '@7pay/money';
import { declareRefusals, type Refused, refuse } from '@7pay/refusals';
import type { TopUpLimits } from './top-up-limits.ts';

/** Why no top-up is begun, whichever source it would come from. */
export type RoomRefusal =
  | 'WALLET_FROZEN'
  | 'TOP_UP_STEP_WRONG'
  | 'TOP_UP_LIMIT_EXCEEDED'
  | 'LIMIT_EXCEEDED'
  | 'BALANCE_CAP_EXCEEDED'
  | 'TOP_UPS_WAITING';

declareRefusals('top-up', {
  TOP_UP_STEP_WRONG: {
    ja: 'チャージは{step}円単位です。',
    en: 'A top-up is made in steps of {step} yen.',
  },
  TOP_UP_LIMIT_EXCEEDED: {
    ja: '1回のチャージは{limit}円までです。',
    en: 'One top-up may be at most {limit} yen.',
  },
  TOP_UP_ID_REUSED: {
    ja: '同じチャージ番号が別の内容で使われています。新しい番号でやり直してください。',
    en: 'This top-up number was used with other contents. Please start again with a new number.',
  },
  TOP_UP_DECLINED: {
    ja: '入金が確認できませんでした。現金の場合はお返ししてください。残高は変わっていません。',
    en: 'The money was not confirmed. If it is cash, please return it. The balance is unchanged.',
  },
  TOP_UP_UNKNOWN: {
    ja: 'このチャージは見つかりません。',
    en: 'This top-up was not found.',
  },
  TOP_UPS_WAITING: {
    ja: '確認中のチャージが{limit}件あります。結果が出てからお試しください。',
    en: '{limit} top-ups are still being confirmed. Please try again when they are decided.',
  },
});

export type TopUpSource = 'REGISTER' | 'ATM' | 'CREDIT' | 'DEBIT' | 'POINTS';
export const TOP_UP_SOURCES: readonly TopUpSource[] = [
  'REGISTER',
  'ATM',
  'CREDIT',
  'DEBIT',
  'POINTS',
];

/**
 * PENDING: the other party has not answered for good. DECLINED: it took nothing. VOIDED: a card was charged, the
 * wallet could not take it, and the charge was called off. SUSPENSE: money was taken that the wallet refused; a case.
 */
export type TopUpState = 'PENDING' | 'SETTLED' | 'DECLINED' | 'VOIDED' | 'SUSPENSE';

interface AnyTopUp {
  readonly id: string;
  readonly walletId: string;
  readonly memberId: string;
  /** Digest of the request: the same number with other contents is refused. */
  readonly request: string;
  readonly amount: Yen;
  readonly state: TopUpState;
  readonly requestedAt: Date;
  readonly settledAt: Date | null;
  readonly generation: number;
}

/** Cash at a register. */
export interface RegisterTopUp extends AnyTopUp {
  readonly source: 'REGISTER';
  readonly merchantId: string;
  readonly storeId: string;
  readonly terminalId: string;
}

/** Cash at a machine of the ATM network. */
export interface AtmTopUp extends AnyTopUp {
  readonly source: 'ATM';
  readonly atmId: string;
  /** The network’s own number of it. */
  readonly atmTransactionId: string;
}

/** What 3-D Secure came to; NOT_ASKED when no rule asked for a challenge. */
export type ChallengeResult = 'NOT_ASKED' | 'WAITING' | 'PASSED' | 'FAILED';

/** A charge of a card. */
export interface CardTopUp extends AnyTopUp {
  readonly source: 'CREDIT' | 'DEBIT';
  readonly cardId: string;
  readonly challenge: ChallengeResult;
  /** Decided for good that it is not to be booked: what the acquirer charged is voided. */
  readonly calledOff: boolean;
}

/** Points made yen. */
export interface PointsTopUp extends AnyTopUp {
  readonly source: 'POINTS';
  readonly pointsAccountId: string;
}

/** Value loaded into a wallet, from one of five sources. */
export type TopUp = RegisterTopUp | AtmTopUp | CardTopUp | PointsTopUp;

/** A top-up whose money an outside party takes; points never leave the house. */
export type OutsideTopUp = Exclude<TopUp, PointsTopUp>;

/** Decides whether an amount may be topped up at once. Refusals in order of precedence. */
export function checkAmount(
  amount: Yen,
  limits: TopUpLimits | undefined,
): Refused<'TOP_UP_STEP_WRONG' | 'TOP_UP_LIMIT_EXCEEDED'> | null {
  const largest = limits?.largest ?? 0; // a day without limits is a day without top-ups
  if (amount > largest) return refuse('TOP_UP_LIMIT_EXCEEDED', { limit: largest });
  const step = limits?.step ?? 1;
  return amount % step === 0 ? null : refuse('TOP_UP_STEP_WRONG', { step });
}

/** The window of the wallet’s account that top-ups of a source pass through. */
export const channelOf = (source: TopUpSource): string => `top-up.${source.toLowerCase()}`;

const ORIGINS: Readonly<Record<TopUpSource, Origin>> = {
  REGISTER: 'cash',
  ATM: 'cash',
  CREDIT: 'credit',
  DEBIT: 'debit',
  POINTS: 'points',
};
export const originOf = (source: TopUpSource): Origin => ORIGINS[source];

/** The account of what the party that took the money owes us. */
export function takenBy(topUp: OutsideTopUp): string {
  if (topUp.source === 'REGISTER') return `register-cash:${topUp.storeId}`;
  if (topUp.source === 'ATM') return `atm-cash:${topUp.atmId}`;
  return `acquirer-receivable:${topUp.source.toLowerCase()}`;
}

/**
 * The entry that credits the wallet for what was taken. It is counted in the window of its source; a limit keeps out
 * no cash that lies in a drawer, that was judged before it was taken.
 */
export const topUpEntry = (
  topUp: OutsideTopUp,
  at: Date,
  limits: { readonly day?: number; readonly days30?: number } = {},
): FirstPlan => ({
  id: `${topUp.id}:settle`,
  kind: 'TOP_UP',
  wallet: topUp.walletId,
  at,
  legs: [
    debit(takenBy(topUp), topUp.amount),
    credit(walletAccount(topUp.walletId), topUp.amount, { origin: originOf(topUp.source) }),
  ],
  passes: {
    account: walletAccount(topUp.walletId),
    channel: channelOf(topUp.source),
    amount: topUp.amount,
    limits,
  },
  generation: topUp.generation,
  ref: refOf(topUp),
});

/** The entry for money that was taken and cannot go into the wallet: kept apart until somebody decides. */
export const suspenseEntry = (topUp: OutsideTopUp, taken: { amount: number; at: Date }) => ({
  id: `${topUp.id}:settle`,
  kind: 'TOP_UP' as const,
  wallet: topUp.walletId,
  at: taken.at,
  legs: [debit(takenBy(topUp), taken.amount), credit(`suspense:top-up:${topUp.id}`, taken.amount)],
  generation: topUp.generation,
  ref: refOf(topUp),
});

function refOf(topUp: OutsideTopUp): Readonly<Record<string, string>> {
  const { id, walletId, memberId } = topUp;
  const common = { topUpId: id, walletId, memberId };
  if (topUp.source === 'REGISTER') {
    return { ...common, storeId: topUp.storeId, terminalId: topUp.terminalId };
  }
  return topUp.source === 'ATM'
    ? { ...common, atmId: topUp.atmId }
    : { ...common, cardId: topUp.cardId };
}
