import { inSession } from '@7pay/mongo';
import type { ClientSession, Connection } from 'mongoose';
import { inCommitOrder } from './commit-order.ts';
import {
  type EntryDocument,
  JOURNAL,
  journalModel,
  OF_WALLET,
  toEntry,
} from './journal-entry.store.ts';
import { ENTRY_KINDS, type EntryPlan, type JournalEntry } from './journal-entry.ts';

const eventName = (kind: EntryPlan['kind']): string =>
  `ledger.${kind.toLowerCase().replaceAll('_', '-')}.v1`;

type Stored = Readonly<Record<string, unknown>>;

/** An entry, and the document that it was read from. */
interface Read {
  readonly entry: JournalEntry;
  readonly stored: Stored;
}

/** The journal as a feed of events: the entry is the event, `ledger.payment.v1` for a PAYMENT, and so on. */
export const journalFeed = {
  collection: JOURNAL,
  carries: (name: string): boolean => name.startsWith('ledger.'),
  match: (names: readonly string[]) => ({
    'fullDocument.kind': { $in: ENTRY_KINDS.filter((kind) => names.includes(eventName(kind))) },
  }),
  toEvent: (document: Stored) => {
    const entry = toEntry(document as unknown as EntryDocument);
    return { id: entry.id, name: eventName(entry.kind), at: entry.at.toISOString(), body: entry };
  },
  /** Each account's entries by their number, also those of one instant: consumers count on hearing a refund before the next. */
  async *since(connection: Connection, at: Date): AsyncGenerator<Stored> {
    const rows = journalModel(connection)
      .find({ at: { $gte: at } })
      .sort({ at: 1, _id: 1 })
      .lean();
    for await (const { stored } of inOrder(rows.cursor())) yield stored;
  },
};

/** What of the journal is read: a wallet, an instant on, and in which session; one of its own unless told. */
export interface JournalReading {
  readonly wallet?: string;
  readonly from?: Date;
  /** Not this instant itself. */
  readonly until?: Date;
  /** A snapshot that other reads share. */
  readonly session?: ClientSession;
}

/**
 * The journal in order of time, each account's entries by their number, as it was at one moment: without that an
 * entry could be seen and the one before it, committed while the reader had passed its place already, could not.
 */
export async function* readJournal(
  connection: Connection,
  { wallet, from, until, session }: JournalReading = {},
): AsyncGenerator<JournalEntry> {
  const own = session ? null : await connection.startSession({ snapshot: true });
  const filter = {
    ...(wallet === undefined ? {} : { w: wallet }),
    ...(from || until
      ? { at: { ...(from ? { $gte: from } : {}), ...(until ? { $lt: until } : {}) } }
      : {}),
  };
  try {
    const rows = journalModel(connection).collection.find(filter as never, {
      ...inSession(session ?? own),
      ...(wallet === undefined ? {} : { hint: OF_WALLET }), // few are sorted, and not all are read
    });
    for await (const { entry } of inOrder(rows.sort({ at: 1, _id: 1 }))) yield entry;
  } finally {
    await own?.endSession();
  }
}

async function* inOrder(cursor: AsyncIterable<unknown>): AsyncGenerator<Read> {
  // Only what has one and the same instant can be out of order.
  let sameInstant: Read[] = [];
  for await (const document of cursor) {
    const stored = document as Stored;
    const entry = toEntry(document as EntryDocument);
    if (sameInstant[0] && sameInstant[0].entry.at < entry.at) {
      yield* ordered(sameInstant);
      sameInstant = [];
    }
    sameInstant.push({ entry, stored });
  }
  yield* ordered(sameInstant);
}

function ordered(sameInstant: readonly Read[]): readonly Read[] {
  const readAs = new Map(sameInstant.map((read) => [read.entry, read]));
  return inCommitOrder([...readAs.keys()]).map((entry) => readAs.get(entry)!);
}
