import type { Duty } from '@7pay/graphql';
import { defineModel, findPage, findRow, findRows, insertRow, type PagePlace } from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { DutyChange } from './duty-change.ts';

/** The changes of duties in the database. */
export interface DutyChangeStore {
  find(id: string, session: ClientSession): Promise<DutyChange | null>;
  /** Proposals of one person that nobody decided, made since. */
  openOf(by: string, since: Date, session: ClientSession): Promise<DutyChange[]>;
  /**
   * Adds it, or writes what became of it. One that is made takes the next place among those that were: two at once never
   * have one place, and the second runs again and reads what the first made.
   */
  keep(change: DutyChange, session: ClientSession): Promise<void>;
  /** The newest first. */
  page(place: PagePlace): Promise<{ rows: DutyChange[]; more: boolean }>;
}

interface DutyChangeDocument extends Omit<DutyChange, 'id' | 'before' | 'after'> {
  _id: string;
  before: Duty[];
  after: Duty[];
  /** 1, 2, 3 … of those that were made. */
  place?: number;
}

const text = { type: String, required: true } as const;
const schema = new Schema<DutyChangeDocument>(
  {
    _id: text,
    memberId: text,
    before: { type: [String], required: true },
    after: { type: [String], required: true },
    by: text,
    note: text,
    at: { type: Date, required: true },
    state: { type: String, enum: ['PROPOSED', 'MADE', 'WITHDRAWN'], required: true },
    decidedBy: { type: String, default: null },
    decidedAt: { type: Date, default: null },
    place: Number,
  },
  { versionKey: false },
)
  .index({ place: 1 }, { unique: true, sparse: true })
  .index({ by: 1, at: -1 })
  .index({ at: -1, _id: -1 });

export const dutyChangeModel = (connection: Connection) =>
  defineModel(connection, 'identity_dutyChanges', schema);

export function openDutyChangeStore(connection: Connection): DutyChangeStore {
  const changes = dutyChangeModel(connection);
  const nextPlace = async (session: ClientSession): Promise<number> => {
    const filter = { place: { $gte: 1 } };
    const [last] = await findRows(changes, filter, { session, sort: { place: -1 }, limit: 1 });
    return (last?.place ?? 0) + 1;
  };
  return {
    find: async (_id, session) => {
      const row = await findRow(changes, { _id }, session);
      return row && toChange(row);
    },
    openOf: async (by, since, session) => {
      const filter = { by, at: { $gte: since } };
      const rows = await findRows(changes, filter, { session, limit: READ_MAX });
      return rows.filter(({ state }) => state === 'PROPOSED').map(toChange);
    },
    keep: async ({ id, before, after, ...change }, session) => {
      const place = change.state === 'MADE' ? { place: await nextPlace(session) } : {};
      const document = { ...change, before: [...before], after: [...after], ...place };
      if ((await findRow(changes, { _id: id }, session)) === null) {
        await insertRow(changes, { _id: id, ...document }, session);
      } else await changes.updateOne({ _id: id }, { $set: document }, { session });
    },
    page: async (place) => {
      const { rows, more } = await findPage(changes, {}, { ...place, field: 'at' });
      return { rows: rows.map(toChange), more };
    },
  };
}

// Those of one person in half an hour, decided or not; a person makes a few.
const READ_MAX = 1_000;

const toChange = ({ _id, place: _place, ...change }: DutyChangeDocument): DutyChange => ({
  id: _id,
  ...change,
});
