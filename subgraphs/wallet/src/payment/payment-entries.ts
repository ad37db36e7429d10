import assert from 'node:assert/strict';
import {
  capturePlan,
  credit,
  debit,
  type EntryPlan,
  type FirstPlan,
  holdPlan,
  type JournalEntry,
  type Leg,
  payableAccount,
  type PlainPlan,
  releasePlan,
  reversal,
  walletAccount,
} from '@7pay/ledger';
import type { Payment } from './payment.ts';
import { givenBackNext, lotsLeft } from './refunded-lots.ts';

/** What a merchant is owed for payments. */
export const merchantPayable = (merchantId: string): string => `merchant-payable:${merchantId}`;

/** The id of the entry that took the money: at once, or by capturing what was held. */
export const paidEntryId = (payment: Payment): string =>
  payment.authorizedUntil ? `${payment.id}:capture` : `${payment.id}:accept`;
/** The id of the entry that holds the money. */
export const holdEntryId = (payment: Pick<Payment, 'id'>): string => `${payment.id}:hold`;

const toldOf = (payment: Payment, at: Date, generation: number) => ({
  wallet: payment.walletId,
  at,
  generation,
  ref: refOf(payment),
});

const legsOf = (payment: Payment, amount: number): Leg[] => [
  debit(walletAccount(payment.walletId), amount),
  credit(merchantPayable(payment.merchantId), amount),
];

/** Through which window payments of a wallet pass. */
export const PAYMENT_CHANNEL = 'payment';

const passes = ({ walletId, amount }: Payment): NonNullable<EntryPlan['passes']> => ({
  account: walletAccount(walletId),
  channel: PAYMENT_CHANNEL,
  amount,
  limits: {}, // the house has none beside that of one payment; the member may set some
});

const returns = (
  { walletId }: Payment,
  amount: number,
  countedAt: Date,
): NonNullable<EntryPlan['returns']> => ({
  account: walletAccount(walletId),
  channel: PAYMENT_CHANNEL,
  amount,
  countedAt,
});

/** The entry that pays: out of the wallet, into what we owe the merchant. */
export const paymentEntry = (payment: Payment): FirstPlan => ({
  ...toldOf(payment, payment.at, payment.generation),
  id: `${payment.id}:accept`,
  kind: 'PAYMENT',
  legs: legsOf(payment, payment.amount),
  passes: passes(payment),
});

/** A payment that is not taken at once: its money is held until an instant. */
export type HeldPayment = Payment & { readonly authorizedUntil: Date };

/** The entry that holds the money of a payment. */
export const holdEntry = (payment: HeldPayment): FirstPlan => ({
  ...holdPlan(
    { ...toldOf(payment, payment.at, payment.generation), id: holdEntryId(payment) },
    legsOf(payment, payment.amount),
    payment.authorizedUntil,
  ),
  passes: passes(payment),
});

/** The entry that captures what is held, in part or whole. `hold` is the entry that holds it. */
export const captureEntry = (
  payment: Payment,
  { hold, amount }: { hold: JournalEntry; amount: number },
  at: Date,
  generation: number,
): EntryPlan => ({
  ...capturePlan(
    { ...toldOf(payment, at, generation), id: `${payment.id}:capture` },
    hold.id,
    legsOf(payment, amount),
  ),
  returns: returns(payment, payment.amount - amount, hold.at),
});

/** The entry that lets go of what is held. */
export const releaseEntry = (
  payment: Payment,
  hold: JournalEntry,
  at: Date,
  generation: number,
): EntryPlan => ({
  ...releasePlan({ ...toldOf(payment, at, generation), id: `${payment.id}:release` }, hold.id),
  returns: returns(payment, payment.amount, hold.at),
});

/** How a payment was taken, and what of it went back already. */
export interface TakenPayment {
  readonly payment: Payment;
  readonly paid: JournalEntry;
  /** When it was counted in the window of payments: when its money was held, if it was held first. */
  readonly countedAt: Date;
  readonly earlier: readonly JournalEntry[];
}

/** The entry that refunds a part, to the lots it was paid from: what was spent last comes back first. */
export function refundEntry(
  taken: TakenPayment,
  refund: { readonly id: string; readonly amount: number },
  at: Date,
  generation: number,
): PlainPlan {
  const { payment, paid, countedAt, earlier } = taken;
  const lots = givenBackNext(lotsLeft(paid, earlier), refund.amount);
  return {
    ...toldOf(payment, at, generation),
    id: `${refund.id}:refund`,
    kind: 'PAYMENT_REFUND',
    legs: [
      debit(merchantPayable(payment.merchantId), refund.amount),
      { ...credit(walletAccount(payment.walletId), refund.amount), lots },
    ],
    givesBack: true,
    reverses: { entry: paid.id, n: earlier.length + 1 },
    returns: returns(payment, refund.amount, countedAt),
    ref: { ...refOf(payment), refundId: refund.id },
  };
}

/** The entry that undoes what is left of a payment, lot by lot. */
export function cancelEntry(taken: TakenPayment, at: Date, generation: number): PlainPlan {
  const { payment, paid, countedAt, earlier } = taken;
  const left = payment.amount - payment.refunded;
  const whole = earlier.length === 0;
  return {
    ...toldOf(payment, at, generation),
    id: `${payment.id}:cancel`,
    kind: 'PAYMENT_CANCEL',
    legs: whole
      ? reversal(paid.legs)
      : [
          debit(merchantPayable(payment.merchantId), left),
          { ...credit(walletAccount(payment.walletId), left), lots: lotsLeft(paid, earlier) },
        ],
    givesBack: true,
    reverses: { entry: paid.id, n: earlier.length + 1 },
    returns: returns(payment, left, countedAt),
  };
}

/** The terminal that asks for what follows a payment: any of the merchant. */
export interface Asker {
  readonly storeId: string;
  readonly terminalId: string;
}

/** The same entry, with who asked for it beside who took the payment: the two may stand in different stores. */
export const askedBy = <Plan extends EntryPlan>(
  plan: Plan,
  { storeId, terminalId }: Asker,
): Plan => ({ ...plan, ref: { ...plan.ref, byStoreId: storeId, byTerminalId: terminalId } });

/** The same for a closed wallet: it becomes payable to its member, unless the account of what is payable is capped. */
export const owed = (plan: PlainPlan, payment: Payment): PlainPlan =>
  into({ ...plan, givesBack: false }, payableAccount(payment.walletId), payment);

/** The same where nothing is payable any more either: it is kept apart until somebody decides. */
export const suspended = (plan: PlainPlan, payment: Payment): PlainPlan =>
  into(plan, `suspense:payment-cancel:${payment.id}`, payment);

/** Gives back into another account. It still says which lots it would have been, so that no later refund gives them back again. */
function into(plan: PlainPlan, account: string, { merchantId }: Payment): PlainPlan {
  const back = plan.legs.find(({ side }) => side === 'credit');
  assert(back, 'what gives back has a credit');
  return { ...plan, legs: [debit(merchantPayable(merchantId), back.amount), { ...back, account }] };
}

const refOf = ({ id, merchantId, storeId, terminalId, walletId, memberId }: Payment) => ({
  paymentId: id,
  merchantId,
  storeId,
  terminalId: terminalId ?? '', // nobody’s for a printed code; the shape of the event stays
  walletId,
  memberId,
});
