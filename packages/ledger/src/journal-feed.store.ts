import type { Connection } from 'mongoose';
import type { Account } from './account.ts';
import { ENTRY_KINDS, type EntryPlan, type JournalEntry } from './journal-entry.ts';
import {
  type EntryDocument,
  JOURNAL,
  models,
  toAccount,
  toEntry,
} from './ledger-documents.store.ts';

const eventName = (kind: EntryPlan['kind']): string =>
  `ledger.${kind.toLowerCase().replaceAll('_', '-')}.v1`;

/** The journal as a feed of events: the entry is the event, `ledger.payment.v1` for a PAYMENT, and so on. */
export const journalFeed = {
  collection: JOURNAL,
  carries: (name: string): boolean => name.startsWith('ledger.'),
  match: (names: readonly string[]) => ({
    'fullDocument.kind': { $in: ENTRY_KINDS.filter((kind) => names.includes(eventName(kind))) },
  }),
  toEvent: (document: Readonly<Record<string, unknown>>) => {
    const entry = toEntry(document as unknown as EntryDocument);
    return { id: entry.id, name: eventName(entry.kind), at: entry.at.toISOString(), body: entry };
  },
  since: (connection: Connection, at: Date) =>
    models(connection)
      .journal.find({ at: { $gte: at } })
      .sort({ at: 1, _id: 1 })
      .lean()
      .cursor() as AsyncIterable<Readonly<Record<string, unknown>>>,
};

/** The journal in order of time, for audits. */
export const readJournal = (connection: Connection): AsyncIterable<JournalEntry> => {
  const cursor = models(connection).journal.find().sort({ at: 1, _id: 1 }).lean().cursor();
  return {
    async *[Symbol.asyncIterator]() {
      for await (const document of cursor) yield toEntry(document);
    },
  };
};

/** Every refusing account, for audits. */
export const readAccounts = async (connection: Connection): Promise<Account[]> =>
  (await models(connection).accounts.find().lean()).map((row) => toAccount(row));
