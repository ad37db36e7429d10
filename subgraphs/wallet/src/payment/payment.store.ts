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
} from '@7pay/mongo';
import type { Refused } from '@7pay/refusals';
import { type ClientSession, type Connection, type QueryFilter, Schema } from 'mongoose';
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
  terminalId: string;
  request: string | null;
  state: PaymentState;
  amount: bigint | null;
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
    terminalId: text,
    request: maybe,
    state: text,
    amount: { type: BigInt, default: null },
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
  .index({ storeId: 1, at: -1, _id: -1 });

export const paymentModel = (connection: Connection) => defineModel(connection, PAYMENTS, schema);

/** The payments, inside a session or outside of one. */
export function paymentStore(connection: Connection, session: ClientSession | null) {
  const payments = paymentModel(connection);

  const page = async (
    filter: QueryFilter<PaymentDocument>,
    at: PagePlace,
  ): Promise<Page<Payment>> => {
    const taken: QueryFilter<PaymentDocument> = {
      ...filter,
      state: { $in: ['ACCEPTED', 'CANCELLED'] },
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
    insert: async ({ id, amount, generation, ...record }: PaymentRecord): Promise<void> => {
      const document = {
        _id: id,
        ...record,
        amount: amount === null ? null : int64(amount),
        generation: int64(generation),
      };
      await insertRow(payments, document, session);
    },
    cancel: async (id: string, cancelledAt: Date): Promise<void> => {
      await payments
        .updateOne({ _id: id, state: 'ACCEPTED' }, { $set: { state: 'CANCELLED', cancelledAt } })
        .session(session);
    },
    ofWallet: (walletId: string, at: PagePlace) => page({ walletId }, at),
    ofStore: (storeId: string, at: PagePlace) => page({ storeId }, at),
  };
}

/** The place of a payment in a list, newest first. */
export const paymentSortKey = ({ at, id }: Payment): string => placeOf(at, id);

/** The collection of the payments. */
export const PAYMENTS = 'wallet_payments';

/** A payment number as a change stream tells it. */
export const paymentIn = (document: Readonly<Record<string, unknown>>): PaymentRecord =>
  toRecord(document as unknown as PaymentDocument); // only this store writes the collection

const toRecord = ({ _id, amount, generation, ...row }: PaymentDocument): PaymentRecord => ({
  id: _id,
  ...row,
  amount: amount === null ? null : yen(fromInt64(amount)),
  generation: fromInt64(generation),
});
