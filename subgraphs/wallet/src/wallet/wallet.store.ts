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
import { type Freezes, NO_FREEZES } from '../freeze/freeze.ts';
import type { Wallet, WalletState } from './wallet.ts';

interface WalletDocument {
  _id: string;
  memberId: string;
  state: WalletState;
  openedAt: Date;
  termsVersion: string;
  codeEpoch: bigint;
  freezes: Freezes | null;
  changes: bigint;
}

const text = { type: String, required: true };
const schema = new Schema<WalletDocument>(
  {
    _id: text,
    memberId: text,
    state: text,
    openedAt: { type: Date, required: true },
    termsVersion: text,
    codeEpoch: { type: BigInt, default: int64(0) },
    freezes: { type: Schema.Types.Mixed, default: null },
    changes: { type: BigInt, default: int64(0) },
  },
  { versionKey: false },
).index({ memberId: 1 }, { unique: true });

export const walletModel = (connection: Connection) =>
  defineModel(connection, 'wallet_wallets', schema);

/** The wallets, inside a session or outside of one. */
export function walletStore(connection: Connection, session: ClientSession | null) {
  const wallets = walletModel(connection);
  return {
    find: async (id: string): Promise<Wallet | null> =>
      toWallet(await findRow(wallets, { _id: id }, session)),
    findByMember: async (memberId: string): Promise<Wallet | null> =>
      toWallet(await findRow(wallets, { memberId }, session)),
    findMany: async (ids: readonly string[]): Promise<Wallet[]> =>
      (await findRows(wallets, { _id: { $in: [...ids] } })).flatMap((row) => toWallet(row) ?? []),
    insert: async ({ id, codeEpoch, changes, ...wallet }: Wallet): Promise<void> => {
      const counts = { codeEpoch: int64(codeEpoch), changes: int64(changes) };
      await insertRow(wallets, { _id: id, ...wallet, ...counts }, session);
    },
    /** Ends every code and handle that was issued for the wallet so far. */
    endCodes: ({ id, codeEpoch }: Wallet): Promise<void> =>
      updateRow(
        wallets,
        { _id: id },
        { $set: { codeEpoch: int64(codeEpoch + 1) } },
        { session, otherwise: 'a wallet that was read is there' },
      ),
    /** Writes a new state, on the condition that nobody changed it meanwhile. One that is frozen ends its codes. */
    change: (before: Wallet, { state, freezes, changes }: Wallet): Promise<void> =>
      updateRow(
        wallets,
        { _id: before.id, state: before.state },
        {
          $set: {
            state,
            freezes,
            changes: int64(changes),
            codeEpoch: int64(before.codeEpoch + (state === 'FROZEN' ? 1 : 0)),
          },
        },
        { session, otherwise: 'a wallet changed between its read and its update' },
      ),
  };
}

const toWallet = (row: WalletDocument | null): Wallet | null => {
  if (!row) return null;
  const { _id, codeEpoch, freezes, changes, ...wallet } = row;
  return {
    id: _id,
    ...wallet,
    codeEpoch: fromInt64(codeEpoch ?? 0n),
    freezes: freezes ?? NO_FREEZES,
    changes: fromInt64(changes ?? 0n),
  };
};
