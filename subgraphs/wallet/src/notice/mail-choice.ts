import type { TopUpSource } from '../top-up/top-up.ts';
import type { Notice } from './notice.ts';

/** Which notices come by mail as well, if the member wishes so. What is for safety always does. */
export const MAIL_CLASSES = [
  'largePayments',
  'otherPayments',
  'cardTopUps',
  'otherTopUps',
  'moneyBack',
] as const;
export type MailClass = (typeof MAIL_CLASSES)[number];
export type MailChoice = Readonly<Record<MailClass, boolean>>;

/** What holds until the member chooses. Source: docs/adr/0030-payments-under-review.md */
export const MAIL_DEFAULTS: MailChoice = {
  largePayments: true,
  otherPayments: false,
  cardTopUps: true,
  otherTopUps: false,
  moneyBack: false,
};

/** A payment of so many yen or more is a large one. */
export const LARGE_FROM = 30_000;

/** The class of a notice; SAFETY is not the member’s to switch off. `source` is that of its top-up. */
export function mailClassOf(
  { kind, amount }: Pick<Notice, 'kind' | 'amount'>,
  source: TopUpSource | null,
): MailClass | 'SAFETY' {
  switch (kind) {
    case 'PAYMENT':
      return Math.abs(amount) >= LARGE_FROM ? 'largePayments' : 'otherPayments';
    case 'TOP_UP':
    case 'POINTS_EXCHANGE':
      return source === 'CREDIT' || source === 'DEBIT' ? 'cardTopUps' : 'otherTopUps';
    case 'PAYMENT_REFUND':
    case 'PAYMENT_CANCEL':
      return 'moneyBack';
    // A question that runs out in minutes, and whatever else takes money without the member’s doing.
    case 'PAYMENT_REVIEW':
    case 'PAYMENT_NOT_MADE':
    case 'TOP_UP_REVERSAL':
    case 'BALANCE_REFUND':
    case 'CORRECTION':
    case 'WALLET_CLOSE':
      return 'SAFETY';
  }
}

/** Whether a notice is sent by mail too. */
export const isMailed = (kind: MailClass | 'SAFETY', choice: MailChoice): boolean =>
  kind === 'SAFETY' || choice[kind];
