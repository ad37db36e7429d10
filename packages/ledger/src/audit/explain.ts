import { findRows } from '@7pay/mongo';
import type { Connection } from 'mongoose';
import { journalModel, toEntry } from '../entry/journal-entry.store.ts';
import { readJournal } from '../entry/journal-feed.store.ts';
import type { JournalEntry } from '../entry/journal-entry.ts';
import { sealStore } from '../seal/seal.store.ts';
import { type Flow, trace } from './trace.ts';

/** An entry with everything that led to it and came of it. */
export interface Explained {
  readonly entry: JournalEntry;
  /** The number of the seal that closed it; null while none has. */
  readonly seal: number | null;
  /** Entries that took it back, ended it, or that it took back or ended. */
  readonly related: readonly JournalEntry[];
  /** For each wallet or points account that it took from: which entries had brought the value. */
  readonly cameFrom: readonly Flow[];
  /** For each wallet or points account that it brought value to: where that went. */
  readonly wentTo: readonly Flow[];
  /** What of the value it brought is still there. */
  readonly stillThere: readonly Omit<Flow, 'to'>[];
}

const MOST = 100;

/**
 * Explains an entry, or everything that was booked under a business id (`pay_…`, `top_…`, `brc_…`), both ways: back
 * to where the value came from, forward to where it went. Reads the journal of the wallet.
 */
export async function explain(connection: Connection, id: string): Promise<readonly Explained[]> {
  const journal = journalModel(connection);
  // Entries are named after what they book, `pay_1:accept`: those of one business id lie together in the index.
  const named = { $or: [{ _id: id }, { _id: { $gte: `${id}:`, $lt: `${id};` } }] };
  const rows = await findRows(journal, named as never, { sort: { at: 1, _id: 1 }, limit: MOST });
  return Promise.all(rows.map((row) => explained(connection, toEntry(row))));
}

async function explained(connection: Connection, entry: JournalEntry): Promise<Explained> {
  const journal = journalModel(connection);
  const others = [entry.resolves, entry.reverses?.entry].filter((id) => id !== undefined);
  const related = await findRows(
    journal,
    {
      w: entry.wallet,
      $or: [{ _id: { $in: others } }, { resolves: entry.id }, { 'reverses.entry': entry.id }],
    } as never,
    { sort: { at: 1, _id: 1 }, limit: MOST },
  );
  const entries: JournalEntry[] = [];
  for await (const each of readJournal(connection, { wallet: entry.wallet })) entries.push(each);
  const accounts = entry.legs.filter(({ lots }) => lots).map(({ account }) => account);
  const traces = [...new Set(accounts)].map((account) => trace(entries, account));
  const flows = traces.flatMap((each) => each.flows);
  return {
    entry,
    seal: (await sealStore(connection, null).of(entry.id))?.n ?? null,
    related: related.map((row) => toEntry(row)),
    cameFrom: flows.filter(({ to }) => to === entry.id),
    wentTo: flows.filter(({ from }) => from === entry.id),
    stillThere: traces
      .flatMap(({ remaining }) => remaining)
      .filter(({ from }) => from === entry.id),
  };
}
