import type { Locale } from '@7pay/refusals';
import type { Payment } from '../payment/payment.ts';
import { type Movement, MOVEMENT_KINDS, type MovementKind } from '../statement/movement.ts';

/** Nothing has moved: a payment waits for the member’s answer, or was let go unpaid. */
const REVIEW_KINDS = ['PAYMENT_REVIEW', 'PAYMENT_NOT_MADE'] as const;
/** What a notice tells of: a movement, the one that emptied a closed wallet by a name of its own, or a payment in review. */
export const NOTICE_KINDS = [...MOVEMENT_KINDS, 'WALLET_CLOSE', ...REVIEW_KINDS] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** What a member is told of one movement of their wallet, or of a payment that is looked at. */
export interface Notice {
  /** Follows from the journal entry: told again, it is one notice. */
  readonly id: string;
  readonly walletId: string;
  readonly memberId: string;
  readonly kind: NoticeKind;
  /** Yen; negative leaves the wallet. */
  readonly amount: number;
  readonly balanceAfter: number;
  /** The payment or top-up that can be reported as not recognised. */
  readonly subject: string | null;
  readonly storeId: string | null;
  /** As it was known when the notice was made. */
  readonly storeName: string | null;
  readonly at: Date;
  readonly readAt: Date | null;
}

/** Makes the notice of a movement. */
export const noticeOf = (
  movement: Omit<Movement, 'kind'> & { readonly kind: MovementKind | 'WALLET_CLOSE' },
  told: { readonly walletId: string; readonly memberId: string; readonly storeName: string | null },
): Notice => {
  const { id, kind, amount, balanceAfter, paymentId, topUpId, storeId, at } = movement;
  const subject = paymentId ?? topUpId;
  return {
    ...told,
    id: `ntc:${id}`,
    kind,
    amount,
    balanceAfter,
    subject,
    storeId,
    at,
    readAt: null,
  };
};

/** The movement that a notice tells of; null for one of a review. */
export const movementIdOf = ({ id, kind }: Notice): string | null =>
  REVIEW_KINDS.some((each) => each === kind) ? null : id.replace(/^ntc:/, '');

/** Makes the notice of a payment that is held for review, or that was let go after it. Nothing has moved. */
export const reviewNotice = (
  { id, walletId, memberId, storeId, amount }: Payment,
  told: {
    readonly kind: (typeof REVIEW_KINDS)[number];
    readonly at: Date;
    readonly storeName: string | null;
    readonly balance: number;
  },
): Notice => ({
  id: `ntc:${id}:${told.kind === 'PAYMENT_REVIEW' ? 'review' : 'not-made'}`,
  walletId,
  memberId,
  kind: told.kind,
  amount: -amount,
  balanceAfter: told.balance,
  subject: id,
  storeId,
  storeName: told.storeName,
  at: told.at,
  readAt: null,
});

const TITLES: Readonly<Record<NoticeKind, Readonly<Record<Locale, string>>>> = {
  PAYMENT: { ja: 'お支払いがありました', en: 'A payment was made' },
  PAYMENT_REFUND: { ja: '返金がありました', en: 'You were refunded' },
  PAYMENT_CANCEL: { ja: 'お支払いが取り消されました', en: 'A payment was cancelled' },
  TOP_UP: { ja: 'チャージされました', en: 'Your wallet was topped up' },
  TOP_UP_REVERSAL: { ja: 'チャージが取り消されました', en: 'A top-up was reversed' },
  POINTS_EXCHANGE: { ja: 'ポイントを交換しました', en: 'Points were exchanged' },
  BALANCE_REFUND: { ja: '残高の払戻しを受け付けました', en: 'Your balance is being paid back' },
  CORRECTION: { ja: '残高を訂正しました', en: 'Your balance was corrected' },
  WALLET_CLOSE: {
    ja: 'ウォレットを終了しました。残高の払戻しをお申し込みください',
    en: 'Your wallet was closed; please claim your balance',
  },
  PAYMENT_REVIEW: {
    ja: 'このお支払いはご本人ですか。アプリでお答えください',
    en: 'Is this payment yours? Please answer in the app',
  },
  PAYMENT_NOT_MADE: {
    ja: 'お支払いは成立していません。引き落としはありません',
    en: 'A payment was not made; nothing was charged',
  },
};

/** The notice in words; there is never a link to a login in it. */
export function wordsOf(notice: Notice, locale: Locale): { title: string; body: string } {
  const { kind, amount, balanceAfter, storeName } = notice;
  const digits = (yen: number) => Math.abs(yen).toLocaleString('en-US');
  const title = TITLES[kind][locale];
  if (locale === 'ja') {
    const where = storeName === null ? '' : `${storeName}、`;
    return { title, body: `${where}${digits(amount)}円。残高は${digits(balanceAfter)}円です。` };
  }
  const where = storeName === null ? '' : ` at ${storeName}`;
  return {
    title,
    body: `${digits(amount)} yen${where}. The balance is ${digits(balanceAfter)} yen.`,
  };
}
