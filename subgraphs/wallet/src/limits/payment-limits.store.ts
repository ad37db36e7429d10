import {
  defineModel,
  findRow,
  findRows,
  fromInt64,
  insertRow,
  int64,
  updateRow,
} from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { LimitSetting, PaymentLimits } from './payment-limits.ts';

type Limits = Record<keyof PaymentLimits, bigint | null>;
interface LimitsDocument {
  _id: string;
  now: Limits;
  pending: Limits | null;
  pendingFrom: Date | null;
  raisedAt: Date | null;
  changes: bigint;
  /** Counts each write, so that of two at once one is done again. */
  version: bigint;
}

const schema = new Schema<LimitsDocument>(
  {
    _id: { type: String, required: true },
    now: { type: Schema.Types.Mixed, required: true },
    pending: { type: Schema.Types.Mixed, default: null },
    pendingFrom: { type: Date, default: null },
    raisedAt: { type: Date, default: null },
    changes: { type: BigInt, required: true },
    version: { type: BigInt, required: true },
  } as never,
  { versionKey: false, minimize: false },
).index({ pendingFrom: 1 }, { partialFilterExpression: { pendingFrom: { $type: 'date' } } });

export const paymentLimitsModel = (connection: Connection) =>
  defineModel(connection, 'wallet_paymentLimits', schema);

/** What members set for their payments. */
export function paymentLimitsStore(connection: Connection, session: ClientSession | null) {
  const limits = paymentLimitsModel(connection);
  return {
    find: async (walletId: string): Promise<LimitSetting | null> => {
      const row = await findRow(limits, { _id: walletId }, session);
      return row && toSetting(row);
    },
    findMany: async (ids: readonly string[]): Promise<LimitSetting[]> =>
      (await findRows(limits, { _id: { $in: [...ids] } })).map((row) => toSetting(row)),
    /** Wallets whose raise has come, the longest due first. */
    due: async (at: Date, limit: number): Promise<string[]> => {
      const filter = { pendingFrom: { $lte: at } };
      const rows = await findRows(limits, filter, { session, sort: { pendingFrom: 1 }, limit });
      return rows.map(({ _id }) => _id);
    },
    write: async (after: LimitSetting): Promise<void> => {
      const { walletId: _id, now, pending, raisedAt, changes } = after;
      const fields = {
        now: toLimits(now),
        pending: pending && toLimits(pending.limits),
        pendingFrom: pending?.from ?? null,
        raisedAt,
        changes: int64(changes),
      };
      const row = await findRow(limits, { _id }, session);
      if (!row) return insertRow(limits, { _id, ...fields, version: 1n }, session);
      const { version } = row;
      const $set = { ...fields, version: int64(fromInt64(version) + 1) };
      const otherwise = 'limits changed between their read and their update';
      return updateRow(limits, { _id, version }, { $set }, { session, otherwise });
    },
  };
}

const toLimits = ({ perPayment, perDay, per30Days }: PaymentLimits): Limits => ({
  perPayment: perPayment === null ? null : int64(perPayment),
  perDay: perDay === null ? null : int64(perDay),
  per30Days: per30Days === null ? null : int64(per30Days),
});
const fromLimits = ({ perPayment, perDay, per30Days }: Limits): PaymentLimits => ({
  perPayment: perPayment === null ? null : fromInt64(perPayment),
  perDay: perDay === null ? null : fromInt64(perDay),
  per30Days: per30Days === null ? null : fromInt64(per30Days),
});
const toSetting = ({
  _id,
  now,
  pending,
  pendingFrom,
  raisedAt,
  changes,
}: LimitsDocument): LimitSetting => ({
  walletId: _id,
  now: fromLimits(now),
  pending: pending && pendingFrom ? { limits: fromLimits(pending), from: pendingFrom } : null,
  raisedAt: raisedAt ?? null,
  changes: fromInt64(changes),
});
