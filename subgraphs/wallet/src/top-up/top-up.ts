import type { Yen } from '@7pay/money';
import { credit, debit, type PlainPlan, walletAccount } from '@7pay/ledger';
import { declareRefusals, type Refused, refuse } from '@7pay/refusals';
import type { TopUpLimits } from './top-up-limits.ts';

export type TopUpRefusal =
  | 'CODE_UNKNOWN'
  | 'CODE_EXPIRED'
  | 'CODE_USED'
  | 'CODE_NEEDS_ONLINE'
  | 'TERMINAL_LOCKED'
  | 'WALLET_FROZEN'
  | 'BALANCE_CAP_EXCEEDED'
  | 'INSUFFICIENT_BALANCE'
  | 'TOP_UP_STEP_WRONG'
  | 'TOP_UP_LIMIT_EXCEEDED'
  | 'TOP_UP_ID_REUSED'
  | 'TOP_UP_DECLINED'
  | 'STORE_NOT_SELLING';

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
    ja: 'レジで入金が確認できませんでした。現金をお返ししてください。',
    en: 'The register did not confirm the cash. Please return it to the customer.',
  },
});

/** PENDING: the register network has not answered yet. SUSPENSE: cash was taken but the wallet refused it; a case. */
export type TopUpState = 'PENDING' | 'SETTLED' | 'DECLINED' | 'SUSPENSE';

/** A top-up with cash at a register. */
export interface TopUp {
  readonly id: string;
  readonly source: 'REGISTER';
  readonly walletId: string;
  readonly memberId: string;
  readonly merchantId: string;
  readonly storeId: string;
  readonly terminalId: string;
  /** Digest of the request: the same number with other contents is refused. */
  readonly request: string;
  readonly amount: Yen;
  readonly state: TopUpState;
  readonly requestedAt: Date;
  readonly settledAt: Date | null;
  readonly generation: number;
}

/** Decides whether an amount may be topped up at a register. Refusals in order of precedence. */
export function checkAmount(
  amount: Yen,
  limits: TopUpLimits | undefined,
): Refused<'TOP_UP_STEP_WRONG' | 'TOP_UP_LIMIT_EXCEEDED'> | null {
  const largest = limits?.largest ?? 0; // a day without limits is a day without top-ups
  if (amount > largest) return refuse('TOP_UP_LIMIT_EXCEEDED', { limit: largest });
  const step = limits?.step ?? 1;
  return amount % step === 0 ? null : refuse('TOP_UP_STEP_WRONG', { step });
}

/** The entry that credits the wallet for cash that lies in a store's register. */
export const topUpEntry = (topUp: TopUp, at: Date): PlainPlan => ({
  id: `${topUp.id}:settle`,
  kind: 'TOP_UP',
  wallet: topUp.walletId,
  at,
  legs: [
    debit(`register-cash:${topUp.storeId}`, topUp.amount),
    credit(walletAccount(topUp.walletId), topUp.amount, { origin: 'cash' }),
  ],
  generation: topUp.generation,
  ref: refOf(topUp),
});

/** The entry for cash that was taken and cannot go into the wallet: kept apart until somebody decides. */
export const suspenseEntry = (topUp: TopUp, at: Date): PlainPlan => ({
  ...topUpEntry(topUp, at),
  legs: [
    debit(`register-cash:${topUp.storeId}`, topUp.amount),
    credit(`suspense:top-up:${topUp.id}`, topUp.amount),
  ],
});

const refOf = ({ id, storeId, terminalId, walletId, memberId }: TopUp) => ({
  topUpId: id,
  storeId,
  terminalId,
  walletId,
  memberId,
});
