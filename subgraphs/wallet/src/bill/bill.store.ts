import { yen } from '@7pay/money';
import { defineModel, findRow, fromInt64, insertRow, int64 } from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { Bill, MemberRequest } from './bill.ts';

interface BillDocument {
  _id: string;
  merchantPaymentId: string;
  merchantId: string;
  storeId: string;
  terminalId: string;
  amount: bigint;
  issuedAt: Date;
  expiresAt: Date;
}
interface RequestDocument {
  _id: string;
  request: string;
  paymentId: string;
  at: Date;
}

const KEPT_SECONDS = 24 * 60 * 60; // long enough that a late member hears EXPIRED, not UNKNOWN
const text = { type: String, required: true };
const instant = { type: Date, required: true };
const billSchema = new Schema<BillDocument>(
  {
    _id: text,
    merchantPaymentId: text,
    merchantId: text,
    storeId: text,
    terminalId: text,
    amount: { type: BigInt, required: true },
    issuedAt: instant,
    expiresAt: instant,
  },
  { versionKey: false },
).index({ expiresAt: 1 }, { expireAfterSeconds: KEPT_SECONDS });
const requestSchema = new Schema<RequestDocument>(
  { _id: text, request: text, paymentId: text, at: instant },
  { versionKey: false }, // kept for ever, as what was paid under it is
);

export const billModel = (connection: Connection) =>
  defineModel(connection, 'wallet_bills', billSchema);
export const memberRequestModel = (connection: Connection) =>
  defineModel(connection, 'wallet_member_requests', requestSchema);

/** The bills of terminals, and the numbers under which members paid. */
export function billStore(connection: Connection, session: ClientSession | null) {
  const bills = billModel(connection);
  const requests = memberRequestModel(connection);
  return {
    find: async (id: string): Promise<Bill | null> => {
      const row = await findRow(bills, { _id: id }, session);
      if (!row) return null;
      const { _id, amount, ...bill } = row;
      return { id: _id, amount: yen(fromInt64(amount)), ...bill };
    },
    insert: ({ id, amount, ...bill }: Bill): Promise<void> =>
      insertRow(bills, { _id: id, ...bill, amount: int64(amount) }, session),
    request: async (id: string): Promise<MemberRequest | null> => {
      const row = await findRow(requests, { _id: id }, session);
      if (!row) return null;
      const { _id, ...request } = row;
      return { id: _id, ...request };
    },
    noteRequest: ({ id, ...request }: MemberRequest): Promise<void> =>
      insertRow(requests, { _id: id, ...request }, session),
  };
}
