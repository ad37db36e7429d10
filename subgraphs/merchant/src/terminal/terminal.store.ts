import { defineModel, insertRow } from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import { withId, withoutId } from '../merchant/merchant.store.ts';
import type { PairingCode, Terminal } from './terminal.ts';

type TerminalDocument = Omit<Terminal, 'id'> & { _id: string };
type CodeDocument = Omit<PairingCode, 'digest'> & { _id: string };

const text = { type: String, required: true };
const terminalSchema = new Schema<TerminalDocument>(
  {
    _id: text,
    storeId: text,
    merchantId: text,
    label: text,
    pairedAt: { type: Date, required: true },
    keyDigest: text,
    issuedBy: { type: String, default: null },
  },
  { versionKey: false },
).index({ storeId: 1 });
const codeSchema = new Schema<CodeDocument>(
  {
    _id: text,
    storeId: text,
    merchantId: text,
    label: text,
    expiresAt: { type: Date, required: true },
    usedBy: { type: String, default: null },
    issuedBy: { type: String, default: null },
  },
  { versionKey: false },
).index({ expiresAt: 1 }, { expireAfterSeconds: 24 * 60 * 60 });

export const terminalModel = (connection: Connection) =>
  defineModel(connection, 'merchant_terminals', terminalSchema);
export const pairingCodeModel = (connection: Connection) =>
  defineModel(connection, 'merchant_pairingCodes', codeSchema);

/** The terminals and the codes that pair them. */
export function terminalStore(connection: Connection, session: ClientSession | null) {
  const terminals = terminalModel(connection);
  const codes = pairingCodeModel(connection);
  return {
    find: async (id: string): Promise<Terminal | null> => {
      const row = await terminals.findById(id).session(session).lean();
      return row && withId(row);
    },
    insert: async (terminal: Terminal): Promise<void> => {
      await insertRow(terminals, withoutId(terminal), session);
    },
    insertCode: async ({ digest, ...code }: PairingCode): Promise<void> => {
      await insertRow(codes, { _id: digest, ...code }, session);
    },
    findCode: async (digest: string): Promise<PairingCode | null> => {
      const row = await codes.findById(digest).session(session).lean();
      if (!row) return null;
      const { _id, ...code } = row;
      return { digest: _id, ...code };
    },
    useCode: async (digest: string, usedBy: string): Promise<void> => {
      await codes.updateOne({ _id: digest }, { $set: { usedBy } }).session(session);
    },
  };
}
