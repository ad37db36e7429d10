import { yen } from '@7pay/money';
import { defineModel, findRow, findRows, fromInt64, insertRow, int64 } from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { PaymentRefund } from './payment-refund.ts';

interface PaymentRefundDocument {
  _id: string;
  paymentId: string;
  refundId: string;
  request: string;
  n: bigint;
  amount: bigint;
  reason: string;
  at: Date;
}

const text = { type: String, required: true };
const long = { type: BigInt, required: true };
const schema = new Schema<PaymentRefundDocument>(
  {
    _id: text,
    paymentId: text,
    refundId: text,
    request: text,
    n: long,
    amount: long,
    reason: { type: String, default: '' },
    at: { type: Date, required: true },
  },
  { versionKey: false },
).index({ paymentId: 1, n: 1 }, { unique: true });

export const paymentRefundModel = (connection: Connection) =>
  defineModel(connection, 'wallet_paymentRefunds', schema);

/** The refunds of payments. */
export function paymentRefundStore(connection: Connection, session: ClientSession | null) {
  const refunds = paymentRefundModel(connection);
  return {
    find: async (id: string): Promise<PaymentRefund | null> => {
      const row = await findRow(refunds, { _id: id }, session);
      return row && toRefund(row);
    },
    ofPayments: async (paymentIds: readonly string[]): Promise<PaymentRefund[]> => {
      const filter = { paymentId: { $in: [...paymentIds] } };
      const rows = await findRows(refunds, filter, { session, sort: { n: 1 } });
      return rows.map((row) => toRefund(row));
    },
    insert: async ({ id, n, amount, ...refund }: PaymentRefund): Promise<void> => {
      const document = { _id: id, ...refund, n: int64(n), amount: int64(amount) };
      await insertRow(refunds, document, session);
    },
  };
}

const toRefund = ({ _id, n, amount, ...refund }: PaymentRefundDocument): PaymentRefund => ({
  id: _id,
  ...refund,
  n: fromInt64(n),
  amount: yen(fromInt64(amount)),
});
