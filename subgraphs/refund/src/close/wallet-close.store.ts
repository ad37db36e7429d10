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
import type { WalletClose } from './wallet-close.ts';

type CloseDocument = Omit<WalletClose, 'id' | 'balance'> & { _id: string; balance: bigint };

const text = { type: String, required: true };
const schema = new Schema<CloseDocument>(
  {
    _id: text,
    programmeId: text,
    memberId: text,
    balance: { type: BigInt, required: true },
    wasFrozen: { type: Boolean, required: true },
    closedAt: { type: Date, required: true },
    claimId: { type: String, default: null },
    excludedAt: { type: Date, default: null },
  },
  { versionKey: false },
).index({ programmeId: 1, excludedAt: 1, _id: 1 });

export const walletCloseModel = (connection: Connection) =>
  defineModel(connection, 'refund_walletCloses', schema);

/** The wallets that were closed. */
export function walletCloseStore(connection: Connection, session: ClientSession | null) {
  const closes = walletCloseModel(connection);
  return {
    find: async (walletId: string): Promise<WalletClose | null> => {
      const row = await findRow(closes, { _id: walletId }, session);
      return row && toClose(row);
    },
    findMany: async (walletIds: readonly string[]): Promise<WalletClose[]> =>
      (await findRows(closes, { _id: { $in: [...walletIds] } }, { session })).map(toClose),
    insert: ({ id, balance, ...close }: WalletClose): Promise<void> =>
      insertRow(closes, { _id: id, ...close, balance: int64(balance) }, session),
    /** Notes the newest claim; of two at once one is done again, so that each yen is claimed once. */
    claim: (before: WalletClose, claimId: string): Promise<void> =>
      updateRow(
        closes,
        { _id: before.id, claimId: before.claimId, excludedAt: null },
        { $set: { claimId } },
        { session, otherwise: 'a closed wallet was claimed or excluded meanwhile' },
      ),
    exclude: (walletId: string, excludedAt: Date): Promise<void> =>
      updateRow(
        closes,
        { _id: walletId, excludedAt: null },
        { $set: { excludedAt } },
        { session, otherwise: 'a closed wallet is excluded once' },
      ),
    /** The wallets that still take claims, behind a wallet, in order. */
    claimable: async (
      programmeId: string,
      after: string,
      limit: number,
    ): Promise<WalletClose[]> => {
      const filter = { programmeId, excludedAt: null, _id: { $gt: after } };
      return (await findRows(closes, filter, { session, sort: { _id: 1 }, limit })).map(toClose);
    },
    all: async (programmeId: string): Promise<WalletClose[]> =>
      (await findRows(closes, { programmeId }, { session })).map(toClose),
  };
}

const toClose = ({ _id, balance, ...close }: CloseDocument): WalletClose => ({
  id: _id,
  ...close,
  balance: fromInt64(balance),
});
