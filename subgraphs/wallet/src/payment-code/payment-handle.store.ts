import { defineModel, findRow, fromInt64, insertRow, int64, updateRow } from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { CodeLogin } from './code-login.ts';
import type { PaymentHandle } from './payment-handle.ts';

interface HandleDocument {
  _id: string;
  deviceId: string;
  walletId: string;
  memberId: string;
  batch: bigint;
  epoch: bigint;
  generation: bigint;
  login?: CodeLogin | null;
  issuedAt: Date;
  expiresAt: Date;
  usedBy: string | null;
}

const KEPT_SECONDS = 24 * 60 * 60; // long enough that a late register hears EXPIRED or USED, not UNKNOWN
const text = { type: String, required: true };
const instant = { type: Date, required: true };
const whole = { type: BigInt, required: true };
const schema = new Schema<HandleDocument>(
  {
    _id: text,
    deviceId: text,
    walletId: text,
    memberId: text,
    batch: whole,
    epoch: whole,
    generation: whole,
    login: { type: Object, default: null },
    issuedAt: instant,
    expiresAt: instant,
    usedBy: { type: String, default: null },
  },
  { versionKey: false },
).index({ expiresAt: 1 }, { expireAfterSeconds: KEPT_SECONDS });

export const paymentHandleModel = (connection: Connection) =>
  defineModel(connection, 'wallet_handles', schema);

/** The handles that devices make codes of. */
export function paymentHandleStore(connection: Connection, session: ClientSession | null) {
  const handles = paymentHandleModel(connection);
  return {
    insert: ({ key, ...handle }: PaymentHandle): Promise<void> =>
      insertRow(
        handles,
        {
          _id: key,
          ...handle,
          batch: int64(handle.batch),
          epoch: int64(handle.epoch),
          generation: int64(handle.generation),
        },
        session,
      ),
    find: async (key: string): Promise<PaymentHandle | null> => {
      const row = await findRow(handles, { _id: key }, session);
      if (!row) return null;
      const { _id, ...handle } = row;
      return {
        key: _id,
        ...handle,
        login: row.login ?? null,
        batch: fromInt64(row.batch),
        epoch: fromInt64(row.epoch),
        generation: fromInt64(row.generation),
      };
    },
    /** Burns a handle. Two that present it at once conflict on the document: one of them wins. */
    use: (key: string, usedBy: string): Promise<void> =>
      updateRow(
        handles,
        { _id: key, usedBy: null },
        { $set: { usedBy } },
        { session, otherwise: 'a handle is used once' },
      ),
  };
}
