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
import type { CodeLogin } from './code-login.ts';
import type { PaymentCode } from './payment-code.ts';

interface CodeDocument {
  _id: string;
  walletId: string;
  memberId: string;
  epoch: bigint;
  generation: bigint;
  login?: CodeLogin | null;
  issuedAt: Date;
  expiresAt: Date;
  acceptedUntil: Date;
  usedBy: string | null;
}

const KEPT_SECONDS = 24 * 60 * 60; // long enough that a late register hears EXPIRED or USED, not UNKNOWN
const text = { type: String, required: true };
const instant = { type: Date, required: true };
const schema = new Schema<CodeDocument>(
  {
    _id: text,
    walletId: text,
    memberId: text,
    epoch: { type: BigInt, required: true },
    generation: { type: BigInt, required: true },
    login: { type: Object, default: null },
    issuedAt: instant,
    expiresAt: instant,
    acceptedUntil: instant,
    usedBy: { type: String, default: null },
  },
  { versionKey: false },
)
  .index({ acceptedUntil: 1 }, { expireAfterSeconds: KEPT_SECONDS })
  .index({ walletId: 1, acceptedUntil: 1 });

export const codeModel = (connection: Connection) =>
  defineModel(connection, 'wallet_codes', schema);

/** The payment codes, by digest. */
export function codeStore(connection: Connection, session: ClientSession | null) {
  const codes = codeModel(connection);
  return {
    insert: async ({ digest, ...code }: PaymentCode): Promise<void> => {
      const { epoch, generation, ...others } = code;
      const numbers = { epoch: int64(epoch), generation: int64(generation) };
      await insertRow(codes, { _id: digest, ...others, ...numbers }, session);
    },
    find: async (digest: string): Promise<PaymentCode | null> => {
      const row = await findRow(codes, { _id: digest }, session);
      if (!row) return null;
      const { _id, epoch, generation, login = null, ...code } = row;
      // Those of an older version had none of them; they live for 90 seconds.
      const numbers = { epoch: fromInt64(epoch ?? 0n), generation: fromInt64(generation ?? 0n) };
      return { digest: _id, ...code, login, ...numbers };
    },
    /** Uses the code up. Two that try at once conflict on the document: one of them wins. */
    use: (digest: string, usedBy: string): Promise<void> =>
      updateRow(
        codes,
        { _id: digest, usedBy: null },
        { $set: { usedBy } },
        { session, otherwise: 'a code is used once' },
      ),
    /** Uses up every code of a wallet that could still be presented: none of them works any more. */
    useUp: async (walletId: string, usedBy: string, at: Date): Promise<void> => {
      const live = { walletId, acceptedUntil: { $gt: at }, usedBy: null };
      for (const { _id } of await findRows(codes, live, { session })) {
        const otherwise = 'a code is used once';
        await updateRow(codes, { _id, usedBy: null }, { $set: { usedBy } }, { session, otherwise });
      }
    },
  };
}
