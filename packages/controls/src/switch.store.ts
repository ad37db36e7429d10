import { defineModel, fromInt64, int64 } from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import { cutOffModel } from './cut-off.store.ts';
import { endedLoginModel } from './ended-login.store.ts';
import { allKeys } from './register.ts';

/** One switch as stored. Only switches that were ever moved have a row; the others are open. */
export interface SwitchRow {
  readonly key: string;
  readonly state: 'OPEN' | 'CLOSED';
  readonly since: Date;
  readonly reason: { readonly ja: string; readonly en: string } | null;
  readonly actor: string;
  readonly generation: number;
  /** A first person's wish to reopen; a second person makes it so. */
  readonly reopening: { readonly by: string; readonly at: Date } | null;
}

/** What a flip writes. The store adds the generation. */
export type SwitchChange = Omit<SwitchRow, 'generation'>;

export interface SwitchStore {
  find(session: ClientSession | null, key: string): Promise<SwitchRow | null>;
  /**
   * Every row that moved after this generation; all of them after 0. None is left out, however many there are: a
   * switch that a snapshot lacks would count as open.
   */
  movedSince(generation: number): Promise<SwitchRow[]>;
  /** For showing: the rows of the register, and of the families {@link LISTED_MAX}, closed ones and the latest first. */
  listed(): Promise<SwitchRow[]>;
  generation(): Promise<number>;
  /** Writes a flip and raises the generation, which every process follows. Returns the row as it now stands. */
  write(session: ClientSession, change: SwitchChange): Promise<SwitchRow>;
  /** Notes a wish to reopen. Nothing changes for the services, so the generation stays. */
  propose(session: ClientSession, key: string, reopening: { by: string; at: Date }): Promise<void>;
}

interface SwitchDocument {
  _id: string;
  state: 'OPEN' | 'CLOSED';
  since: Date;
  reason: { ja: string; en: string } | null;
  actor: string;
  generation: bigint;
  reopening: { by: string; at: Date } | null;
}
interface GenerationDocument {
  _id: string;
  generation: bigint;
}

const switchSchema = new Schema<SwitchDocument>(
  {
    _id: { type: String, required: true },
    state: { type: String, enum: ['OPEN', 'CLOSED'], required: true },
    since: { type: Date, required: true },
    reason: { type: Schema.Types.Mixed, default: null },
    actor: { type: String, required: true },
    generation: { type: BigInt, required: true },
    reopening: { type: Schema.Types.Mixed, default: null },
  },
  { versionKey: false },
);
const generationSchema = new Schema<GenerationDocument>(
  { _id: { type: String, required: true }, generation: { type: BigInt, required: true } },
  { versionKey: false },
);

/** The collection that changes with every flip; followed by all processes. */
export const GENERATION_COLLECTION = 'controls_generation';
const THE_ONE = 'controls';

/** Raises the generation, which every process follows, in the transaction of what changed. */
export async function raiseGeneration(
  connection: Connection,
  session: ClientSession,
): Promise<number> {
  const raised = await models(connection)
    .generations.findOneAndUpdate(
      { _id: THE_ONE },
      { $inc: { generation: int64(1) } },
      { returnDocument: 'after' },
    )
    .session(session)
    .lean();
  if (!raised) throw new Error('the controls were never prepared');
  return fromInt64(raised.generation);
}

/** The collection of the switches themselves; the operations subgraph tells what changes in it. */
export const SWITCH_COLLECTION = 'controls_switches';

const models = (connection: Connection) => ({
  switches: defineModel(connection, SWITCH_COLLECTION, switchSchema),
  generations: defineModel(connection, GENERATION_COLLECTION, generationSchema),
});

/** Creates the collections and the first generation, once. Safe to run at every start. */
export async function prepareControls(connection: Connection): Promise<void> {
  const { switches, generations } = models(connection);
  await switches.createCollection();
  await generations.createCollection();
  await cutOffModel(connection).createCollection();
  await endedLoginModel(connection).createCollection();
  await endedLoginModel(connection).createIndexes();
  await generations.updateOne(
    { _id: THE_ONE },
    { $setOnInsert: { generation: int64(1) } },
    { upsert: true },
  );
}

/** How many members of families a list for people holds. */
export const LISTED_MAX = 1_000;

/** The switches in the database. Only the operations subgraph writes them. */
export function openSwitchStore(connection: Connection): SwitchStore {
  const { switches, generations } = models(connection);
  return {
    find: async (session, key) => {
      const row = await switches.findById(key).session(session).lean();
      return row && toRow(row);
    },
    movedSince: async (generation) => {
      const moved = switches.find({ generation: { $gt: int64(generation) } });
      return (await moved.lean()).map(toRow);
    },
    listed: async () => {
      const own = switches.find({ _id: { $in: [...allKeys] } });
      const ofFamilies = switches
        .find({ _id: { $nin: [...allKeys] } })
        .sort({ state: 1, generation: -1 })
        .limit(LISTED_MAX);
      return [...(await own.lean()), ...(await ofFamilies.lean())].map(toRow);
    },
    generation: async () => {
      const row = await generations.findById(THE_ONE).lean();
      return row ? fromInt64(row.generation) : 0;
    },
    write: async (session, { key, ...change }) => {
      const generation = await raiseGeneration(connection, session);
      const document = { ...change, generation: int64(generation) };
      await switches.replaceOne({ _id: key }, document, { upsert: true }).session(session);
      return { key, ...change, generation };
    },
    propose: async (session, key, reopening) => {
      await switches.updateOne({ _id: key }, { $set: { reopening } }).session(session);
    },
  };
}

/** A switch as a change stream tells it. */
export const switchIn = (document: Readonly<Record<string, unknown>>): SwitchRow =>
  toRow(document as unknown as SwitchDocument); // the validator of the collection has judged it

const toRow = (document: SwitchDocument): SwitchRow => ({
  key: document._id,
  state: document.state,
  since: document.since,
  reason: document.reason,
  actor: document.actor,
  generation: fromInt64(document.generation),
  reopening: document.reopening,
});
