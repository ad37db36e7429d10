import type { Page } from '@7pay/graphql';
import {
  defineModel,
  findPage,
  findRow,
  fromInt64,
  insertRow,
  int64,
  type PagePlace,
  placeOf,
  updateRow,
} from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import { matchedLineStore } from './matched-line.store.ts';
import type { Classified, LineClass } from './reconciliation.ts';
import type { LineKind, Party } from './result-file.ts';

/** A result file that was compared with our books. */
export interface Reconciliation {
  /** Follows from the party and the bytes: the same file is compared once. */
  readonly id: string;
  readonly party: Party;
  readonly name: string;
  readonly importedAt: Date;
  /** How many of each class. */
  readonly counts: Readonly<Partial<Record<LineClass, number>>>;
}

/** What somebody has to look at. */
export interface ReconciliationException extends Omit<Classified, 'class'> {
  readonly id: string;
  readonly reconciliationId: string;
  readonly party: Party;
  readonly class: LineClass;
  readonly at: Date;
  readonly state: 'OPEN' | 'RESOLVED';
  readonly resolvedBy: string | null;
  readonly resolvedAt: Date | null;
  readonly note: string;
}

interface FileDocument {
  _id: string;
  party: Party;
  name: string;
  importedAt: Date;
  counts: Record<string, bigint>;
}
interface ExceptionDocument {
  _id: string;
  reconciliationId: string;
  party: Party;
  class: LineClass;
  number: bigint | null;
  ourId: string | null;
  theirId: string | null;
  kind: LineKind | null;
  theirs: bigint | null;
  ours: bigint | null;
  reason: string | null;
  at: Date;
  state: 'OPEN' | 'RESOLVED';
  resolvedBy: string | null;
  resolvedAt: Date | null;
  note: string;
}

const text = { type: String, required: true };
const maybe = { type: String, default: null };
const whole = { type: BigInt, default: null };
const fileSchema = new Schema<FileDocument>(
  {
    _id: text,
    party: text,
    name: text,
    importedAt: { type: Date, required: true },
    counts: { type: Schema.Types.Mixed, required: true },
  },
  { versionKey: false, minimize: false },
);
const exceptionSchema = new Schema<ExceptionDocument>(
  {
    _id: text,
    reconciliationId: text,
    party: text,
    class: text,
    number: whole,
    ourId: maybe,
    theirId: maybe,
    kind: maybe,
    theirs: whole,
    ours: whole,
    reason: maybe,
    at: { type: Date, required: true },
    state: text,
    resolvedBy: maybe,
    resolvedAt: { type: Date, default: null },
    note: { type: String, default: '' },
  },
  { versionKey: false, minimize: false },
).index({ state: 1, at: -1, _id: -1 });

export const reconciliationModel = (connection: Connection) =>
  defineModel(connection, 'wallet_reconciliations', fileSchema);
export const reconciliationExceptionModel = (connection: Connection) =>
  defineModel(connection, 'wallet_reconciliationExceptions', exceptionSchema);

/** The files that were compared, and what did not match. */
export function reconciliationStore(connection: Connection, session: ClientSession | null) {
  const files = reconciliationModel(connection);
  const exceptions = reconciliationExceptionModel(connection);
  return {
    ...matchedLineStore(connection, session),
    find: async (id: string): Promise<Reconciliation | null> => {
      const row = await findRow(files, { _id: id }, session);
      return row && toFile(row);
    },
    insert: async ({ id, counts, ...file }: Reconciliation): Promise<void> => {
      const whole = Object.entries(counts).map(([name, count]) => [name, int64(count)]);
      await insertRow(files, { _id: id, ...file, counts: Object.fromEntries(whole) }, session);
    },
    /** Writes exceptions under ids that follow from the file: written again they are the same. */
    note: async (found: readonly ReconciliationException[]): Promise<void> => {
      if (found.length === 0) return;
      await exceptions.collection.bulkWrite(
        found.map((each) => {
          const { _id, ...fields } = toDocument(each);
          const filter = { _id: _id as never };
          return { updateOne: { filter, update: { $setOnInsert: fields }, upsert: true } };
        }),
        { ordered: false },
      );
    },
    findException: async (id: string): Promise<ReconciliationException | null> => {
      const row = await findRow(exceptions, { _id: id }, session);
      return row && toException(row);
    },
    resolve: (id: string, by: { resolvedBy: string; resolvedAt: Date; note: string }) =>
      updateRow(
        exceptions,
        { _id: id, state: 'OPEN' },
        { $set: { state: 'RESOLVED', ...by } },
        { session, otherwise: 'an exception is resolved once' },
      ),
    /** The queue: newest first. */
    queue: async (
      state: ReconciliationException['state'],
      place: PagePlace,
    ): Promise<Page<ReconciliationException>> => {
      const { rows, more } = await findPage(exceptions, { state }, { field: 'at', ...place });
      return { rows: rows.map(toException), more };
    },
  };
}

/** The place of an exception in the queue. */
export const exceptionSortKey = ({ at, id }: ReconciliationException): string => placeOf(at, id);

const toFile = ({ _id, counts, ...file }: FileDocument): Reconciliation => ({
  id: _id,
  ...file,
  counts: Object.fromEntries(
    Object.entries(counts).map(([name, count]) => [name, fromInt64(count)]),
  ),
});

const wholeOf = (value: number | null): bigint | null => (value === null ? null : int64(value));
const numberOf = (value: bigint | null): number | null =>
  value === null ? null : fromInt64(value);

const toDocument = ({
  id,
  number,
  theirs,
  ours,
  ...rest
}: ReconciliationException): ExceptionDocument => ({
  _id: id,
  ...rest,
  number: wholeOf(number),
  theirs: wholeOf(theirs),
  ours: wholeOf(ours),
});

const toException = ({
  _id,
  number,
  theirs,
  ours,
  ...rest
}: ExceptionDocument): ReconciliationException => ({
  id: _id,
  ...rest,
  number: numberOf(number),
  theirs: numberOf(theirs),
  ours: numberOf(ours),
});
