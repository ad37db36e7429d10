import type { CutOff } from '@7pay/controls';
import { defineModel, insertRow, int64 } from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';

/** The steps of a cut-off. */
export type CutOffAction =
  | 'PROPOSE_CUT_OFF'
  | 'CUT_OFF'
  | 'WITHDRAW_CUT_OFF'
  | 'PROPOSE_CANCEL'
  | 'PROPOSE_EXPIRE'
  | 'CANCEL'
  | 'EXPIRE';

/** What an operator did to a switch or a cut-off (`key` is its id). Written with it or not at all; never changed. */
export interface AuditRecord {
  readonly key: string;
  readonly action: 'CLOSE' | 'PROPOSE_REOPENING' | 'OPEN' | CutOffAction;
  readonly actor: string;
  readonly at: Date;
  readonly reason: { readonly ja: string; readonly en: string } | null;
  readonly generation: number | null;
  /** Of a cut-off that was proposed or put in force: whom it means and what it does. The cut-off itself is forgotten once it is spent. */
  readonly cutOff?: Pick<CutOff, 'cohort' | 'effects' | 'scopes' | 'expiresAt'>;
}

type AuditDocument = Omit<AuditRecord, 'generation'> & { generation: bigint | null };

const text = { type: String, required: true };
const schema = new Schema<AuditDocument>(
  {
    key: text,
    action: text,
    actor: text,
    at: { type: Date, required: true },
    reason: { type: Schema.Types.Mixed, default: null },
    generation: { type: BigInt, default: null },
    cutOff: Schema.Types.Mixed,
  },
  { versionKey: false, minimize: false },
).index({ key: 1, at: -1 });

export const auditModel = (connection: Connection) =>
  defineModel(connection, 'operations_audit', schema);

/** The record of what operators did. */
export function auditStore(connection: Connection, session: ClientSession | null) {
  const audit = auditModel(connection);
  return {
    append: async ({ generation, ...record }: AuditRecord): Promise<void> => {
      const document = { ...record, generation: generation === null ? null : int64(generation) };
      await insertRow(audit, document, session);
    },
  };
}
