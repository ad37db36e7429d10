import { findRows, type ResumeToken, unitOfWork } from '@7pay/mongo';
import type { Clock } from '@7pay/time';
import type { ClientSession, Connection } from 'mongoose';
import { journalModel, toEntry } from '../entry/journal-entry.store.ts';
import { readJournal } from '../entry/journal-feed.store.ts';
import type { JournalEntry } from '../entry/journal-entry.ts';
import { rollUp } from './rollup.ts';
import { rollupStore } from './rollup.store.ts';
import { makeSeal, type SealKey } from './seal.ts';
import { sealStore } from './seal.store.ts';

/** The most entries under one seal. */
export const ENTRIES_A_SEAL = 1_000;
// Longer than a transaction lives: what was booked before a seal and committed after it is still found.
const OVERLAP_MS = 10 * 60_000;

/** Closes entries, in the order given, and rolls them up: the seal, the sums and the position are one write. */
export type SealEntries = (
  entries: readonly JournalEntry[],
  token: ResumeToken | null,
) => Promise<void>;

/**
 * Seals entries. Whoever seals at the same time meets in the number of the seal: one of them writes, and the other
 * then finds these entries sealed and leaves them out.
 */
export function sealEntries(connection: Connection, key: SealKey, clock: Clock): SealEntries {
  const inUnit = unitOfWork(connection, { deadlineMs: 10_000 });
  return (entries, token) =>
    inUnit(async (session) => {
      const seals = sealStore(connection, session);
      const sealed = await seals.sealedOf(entries.map(({ id }) => id));
      const open = entries.filter(({ id }) => !sealed.has(id));
      if (open.length === 0) return;
      const ids = open.map(({ id }) => id);
      const hashes = open.map(({ hash }) => hash);
      const seal = makeSeal(await seals.latest(), { ids, hashes, at: clock.now() }, key);
      await seals.insert({ ...seal, token });
      await rollupStore(connection, session).add(rollUp(open));
    });
}

/**
 * Seals what no seal has closed yet, by reading the journal: at the first start, and when the history of the change
 * stream is gone. Reads back from the latest sealed entry; everything when there is none.
 */
export async function sealRemaining(connection: Connection, seal: SealEntries): Promise<number> {
  const seals = sealStore(connection, null);
  const latest = await seals.latest();
  const [last] = latest ? await entriesOf(connection, latest.entries.slice(-1)) : [];
  const from = last ? { from: new Date(last.at.getTime() - OVERLAP_MS) } : {};
  let batch: JournalEntry[] = [];
  let count = 0;
  const flush = async () => {
    const sealed = await seals.sealedOf(batch.map(({ id }) => id));
    const open = batch.filter(({ id }) => !sealed.has(id));
    if (open.length > 0) await seal(open, null);
    count += open.length;
    batch = [];
  };
  for await (const entry of readJournal(connection, from)) {
    batch.push(entry);
    if (batch.length >= ENTRIES_A_SEAL) await flush();
  }
  if (batch.length > 0) await flush();
  return count;
}

/** The entries of these ids, in the same order; those that are gone are left out. */
export async function entriesOf(
  connection: Connection,
  ids: readonly string[],
  session: ClientSession | null = null,
): Promise<readonly JournalEntry[]> {
  const rows = await findRows(journalModel(connection), { _id: { $in: [...ids] } }, { session });
  const found = new Map(rows.map((row) => [row._id, toEntry(row)]));
  return ids.flatMap((id) => found.get(id) ?? []);
}
