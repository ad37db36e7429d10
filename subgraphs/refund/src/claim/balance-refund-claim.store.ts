import { yen } from '@7pay/money';
import { defineModel, findRows, fromInt64, insertRow, int64, updateRow } from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { BalanceRefundClaim } from './balance-refund-claim.ts';

type ClaimDocument = Omit<BalanceRefundClaim, 'id' | 'amount'> & { _id: string; amount: bigint };

const text = { type: String, required: true };
const schema = new Schema<ClaimDocument>(
  {
    _id: text,
    programmeId: text,
    walletId: text,
    memberId: text,
    amount: { type: BigInt, required: true },
    payoutMethod: text,
    request: text,
    state: text,
    claimedAt: { type: Date, required: true },
  },
  { versionKey: false },
)
  .index({ walletId: 1, claimedAt: -1 })
  .index({ walletId: 1, programmeId: 1 });

export const claimModel = (connection: Connection) =>
  defineModel(connection, 'refund_claims', schema);

/** The claims. */
export function claimStore(connection: Connection, session: ClientSession | null) {
  const claims = claimModel(connection);
  return {
    find: async (id: string): Promise<BalanceRefundClaim | null> =>
      toClaim(await claims.findById(id).session(session).lean()),
    findOf: async (programmeId: string, walletId: string): Promise<BalanceRefundClaim | null> =>
      toClaim(await claims.findOne({ programmeId, walletId }).session(session).lean()),
    /** The newest claim of each wallet. */
    newestOf: async (walletIds: readonly string[]): Promise<BalanceRefundClaim[]> => {
      const rows = await claims
        .find({ walletId: { $in: [...walletIds] } })
        .sort({ claimedAt: 1 })
        .lean();
      return [...new Map(rows.map((row) => [row.walletId, row])).values()].flatMap(
        (row) => toClaim(row) ?? [],
      );
    },
    /** What was claimed of each wallet and is not paid yet, yen; none where nothing is. */
    unpaidOf: async (walletIds: readonly string[]): Promise<ReadonlyMap<string, number>> => {
      const filter = { walletId: { $in: [...walletIds] }, state: 'RECEIVED' as const };
      const sums = new Map<string, number>();
      for (const { walletId, amount } of await findRows(claims, filter, { session })) {
        sums.set(walletId, (sums.get(walletId) ?? 0) + fromInt64(amount));
      }
      return sums;
    },
    pay: (id: string): Promise<void> =>
      updateRow(
        claims,
        { _id: id, state: 'RECEIVED' },
        { $set: { state: 'PAID' } },
        { session, otherwise: 'a claim is paid once' },
      ),
    insert: async ({ id, amount, ...claim }: BalanceRefundClaim): Promise<void> => {
      await insertRow(claims, { _id: id, ...claim, amount: int64(amount) }, session);
    },
  };
}

const toClaim = (row: ClaimDocument | null): BalanceRefundClaim | null => {
  if (!row) return null;
  const { _id, amount, ...claim } = row;
  return { id: _id, ...claim, amount: yen(fromInt64(amount)) };
};
