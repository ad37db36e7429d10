import type { Page } from '@7pay/graphql';
import { yen } from '@7pay/money';
import {
  defineModel,
  findPage,
  findRow,
  findRows,
  fromInt64,
  insertRow,
  int64,
  placeOf,
  type PagePlace,
  updateRow,
} from '@7pay/mongo';
import type { Refused } from '@7pay/refusals';
import type { BusinessDate } from '@7pay/time';
import { type ClientSession, type Connection, type QueryFilter, Schema } from 'mongoose';
import { type Review, USUAL_OF } from '../review/review.ts';
import {
  type Payment,
  type PaymentRecord,
  type PaymentRefusal,
  type PaymentState,
  isPayment,
} from './payment.ts';

interface PaymentDocument {
  _id: string;
  merchantPaymentId: string;
  merchantId: string;
  storeId: string;
  terminalId: string | null;
  request: string | null;
  state: PaymentState;
  amount: bigint | null;
  authorizedUntil: Date | null;
  review: Review | null;
  refunded: bigint;
  refunds: bigint;
  walletId: string | null;
  memberId: string | null;
  at: Date;
  businessDate: string;
  cancelledAt: Date | null;
  refusal: Refused<PaymentRefusal> | null;
  generation: bigint;
}

const text = { type: String, required: true };
const maybe = { type: String, default: null };
const schema = new Schema<PaymentDocument>(
  {
    _id: text,
    merchantPaymentId: text,
    merchantId: text,
    storeId: text,
    terminalId: maybe,
    request: maybe,
    state: text,
    amount: { type: BigInt, default: null },
    authorizedUntil: { type: Date, default: null },
    review: { type: Schema.Types.Mixed, default: null },
    refunded: { type: BigInt, default: int64(0) },
    refunds: { type: BigInt, default: int64(0) },
    walletId: maybe,
    memberId: maybe,
    at: { type: Date, required: true },
    businessDate: text,
    cancelledAt: { type: Date, default: null },
    refusal: { type: Schema.Types.Mixed, default: null },
    generation: { type: BigInt, required: true },
  },
  { versionKey: false, minimize: false },
)
  .index({ walletId: 1, at: -1, _id: -1 })
  .index({ storeId: 1, at: -1, _id: -1 })
  .index({ authorizedUntil: 1 }, { partialFilterExpression: { state: 'AUTHORIZED' } })
  // Few are under review at a time: one small index for the sweep, the desk and the member.
  .index({ at: 1, _id: 1 }, { partialFilterExpression: { state: 'UNDER_REVIEW' } });

export const paymentModel = (connection: Connection) => defineModel(connection, PAYMENTS, schema);

/** The payments, inside a session or outside of one. */
export function paymentStore(connection: Connection, session: ClientSession | null) {
  const payments = paymentModel(connection);

  const page = async (
    filter: QueryFilter<PaymentDocument>,
    at: PagePlace,
  ): Promise<Page<Payment>> => {
    const taken: QueryFilter<PaymentDocument> = {
      state: { $in: [...REACHED_A_WALLET] },
      ...filter,
    };
    const { rows, more } = await findPage(payments, taken, { field: 'at', ...at });
    return { rows: rows.map((row) => toRecord(row)).filter((row) => isPayment(row)), more };
  };

  return {
    find: async (id: string): Promise<PaymentRecord | null> => {
      const row = await findRow(payments, { _id: id }, session);
      return row && toRecord(row);
    },
    findMany: async (ids: readonly string[]): Promise<PaymentRecord[]> =>
      (await findRows(payments, { _id: { $in: [...ids] } })).map((row) => toRecord(row)),
    insert: async (record: PaymentRecord): Promise<void> => {
      await insertRow(payments, toDocument(record), session);
    },
    /** Writes what became of a payment, on the condition that nothing else became of it meanwhile. */
    change: async (before: Payment, after: Payment): Promise<void> => {
      const { _id, ...fields } = toDocument(after);
      await updateRow(
        payments,
        { _id, state: before.state, refunds: int64(before.refunds) },
        { $set: fields },
        { session, otherwise: 'a payment moved between its read and its update' },
      );
    },
    /** Payments whose money is held although their time is over. */
    overdue: async (at: Date, limit: number): Promise<Payment[]> => {
      const held = { state: 'AUTHORIZED' as const, authorizedUntil: { $lte: at } };
      const looked = { state: 'UNDER_REVIEW' as const, 'review.until': { $lte: at } };
      const rows = [
        ...(await findRows(payments, held, { session, limit })),
        ...(await findRows(payments, looked as QueryFilter<PaymentDocument>, { session, limit })),
      ];
      return rows.map((row) => toRecord(row)).filter((row) => isPayment(row));
    },
    /** The largest of the last payments that stand, yen; 0 before the first. */
    largestOf: async (walletId: string): Promise<number> => {
      const filter = { walletId, state: 'ACCEPTED' as const };
      const sort = { at: -1, _id: -1 } as const;
      const rows = await findRows(payments, filter, { session, sort, limit: USUAL_OF });
      return rows.reduce((most, { amount }) => Math.max(most, fromInt64(amount ?? 0n)), 0);
    },
    /** Payments that wait for a decision: of one wallet, or all. */
    underReview: (walletId: string | null, at: PagePlace) =>
      page({ state: 'UNDER_REVIEW', ...(walletId === null ? {} : { walletId }) }, at),
    ofWallet: (walletId: string, at: PagePlace) => page({ walletId }, at),
    ofStore: (storeId: string, at: PagePlace) => page({ storeId }, at),
  };
}

const REACHED_A_WALLET = [
  'AUTHORIZED',
  'UNDER_REVIEW',
  'ACCEPTED',
  'CANCELLED',
  'RELEASED',
] as const;

/** The place of a payment in a list, newest first. */
export const paymentSortKey = ({ at, id }: Payment): string => placeOf(at, id);

/** The collection of the payments. */
export const PAYMENTS = 'wallet_payments';

/** A payment number as a change stream tells it. */
export const paymentIn = (document: Readonly<Record<string, unknown>>): PaymentRecord =>
  toRecord(document as unknown as PaymentDocument); // only this store writes the collection

const toDocument = ({
  id,
  amount,
  refunded,
  refunds,
  generation,
  ...record
}: PaymentRecord): PaymentDocument => ({
  _id: id,
  ...record,
  amount: amount === null ? null : int64(amount),
  refunded: int64(refunded),
  refunds: int64(refunds),
  generation: int64(generation),
});

const toRecord = (document: PaymentDocument): PaymentRecord => {
  const { _id, amount, authorizedUntil, refunded, refunds, businessDate, generation, ...row } =
    document;
  return {
    id: _id,
    ...row,
    businessDate: businessDate as BusinessDate,
    amount: amount === null ? null : yen(fromInt64(amount)),
    authorizedUntil: authorizedUntil ?? null,
    review: row.review ?? null,
    refunded: fromInt64(refunded ?? 0n),
    refunds: fromInt64(refunds ?? 0n),
    generation: fromInt64(generation),
  };
};
