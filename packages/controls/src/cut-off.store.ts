import { defineModel, fromInt64, int64 } from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import { cohortSchema } from './cohort.ts';
import { CUT_OFF_EFFECTS, type CutOff, type CutOffEffect } from './cut-off.ts';

export interface CutOffStore {
  find(session: ClientSession | null, id: string): Promise<CutOff | null>;
  /** All of them, oldest first: CUT_OFFS_MAX, and those that were proposed in the same moment. None is left out. */
  all(session?: ClientSession): Promise<CutOff[]>;
  /** Writes one as it now stands. Where it changes something for the services, raise the generation with it. */
  put(session: ClientSession, cutOff: CutOff): Promise<void>;
  /** Forgets those that change nothing any more. */
  remove(session: ClientSession, ids: readonly string[]): Promise<void>;
}

interface CutOffDocument extends Omit<CutOff, 'id' | 'generation' | 'effects' | 'scopes'> {
  _id: string;
  generation: bigint;
  effects: CutOffEffect[];
  scopes: string[];
}

const text = { type: String, required: true } as const;
const schema = new Schema<CutOffDocument>(
  {
    _id: text,
    state: { type: String, enum: ['PROPOSED', 'ACTIVE', 'CANCELLED'], required: true },
    cohort: { type: Schema.Types.Mixed, required: true },
    effects: { type: [String], enum: [...CUT_OFF_EFFECTS], required: true },
    scopes: { type: [String], required: true },
    reason: { type: Schema.Types.Mixed, required: true },
    cutAt: { type: Date, required: true },
    generation: { type: BigInt, required: true },
    expiresAt: { type: Date, default: null },
    proposedBy: text,
    proposedAt: { type: Date, required: true },
    approvedBy: { type: String, default: null },
    takingBack: { type: Schema.Types.Mixed, default: null },
  },
  { versionKey: false, minimize: false },
);

export const cutOffModel = (connection: Connection) =>
  defineModel(connection, 'controls_cutOffs', schema);

/** The cut-offs in the database. Only the operations subgraph writes them. */
export function openCutOffStore(connection: Connection): CutOffStore {
  const cutOffs = cutOffModel(connection);
  return {
    find: async (session, id) => {
      const row = await cutOffs.findById(id).session(session).lean();
      return row && toCutOff(row);
    },
    all: async (session) => {
      const found = cutOffs.find().sort({ proposedAt: 1, _id: 1 });
      return (await found.session(session ?? null).lean()).map(toCutOff);
    },
    put: async (session, { id, generation, effects, scopes, ...rest }) => {
      const document = {
        ...rest,
        effects: [...effects],
        scopes: [...scopes],
        generation: int64(generation),
      };
      await cutOffs.replaceOne({ _id: id }, document, { upsert: true }).session(session);
    },
    remove: async (session, ids) => {
      await cutOffs.deleteMany({ _id: { $in: [...ids] } }).session(session);
    },
  };
}

const toCutOff = ({ _id, cohort, generation, ...rest }: CutOffDocument): CutOff => ({
  id: _id,
  ...rest,
  cohort: cohortSchema.parse(cohort),
  generation: fromInt64(generation),
});
