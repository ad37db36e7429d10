import assert from 'node:assert/strict';
import { defineModel, findRow, findRows, fromInt64, insertRow, int64 } from '@7pay/mongo';
import { isRefused, type Refused } from '@7pay/refusals';
import { businessDate } from '@7pay/time';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import {
  type Account,
  type AccountKind,
  type AccountRefusal,
  apply,
  type Lots,
} from './account.ts';
import {
  assertBalanced,
  type Currency,
  ENTRY_KINDS,
  type EntryPlan,
  type JournalEntry,
  type Leg,
} from './journal-entry.ts';

/** The ledger on one database. All writes happen in the caller's unit of work. */
export interface Ledger {
  /** Opens a refusing account with nothing in it; opening it again changes nothing. */
  openAccount(session: ClientSession, account: NewAccount): Promise<void>;
  account(session: ClientSession | null, id: string): Promise<Account | null>;
  accounts(ids: readonly string[]): Promise<Account[]>;
  entry(session: ClientSession | null, id: string): Promise<JournalEntry | null>;
  /**
   * Writes an entry: every refusing account it names is updated under the condition that nobody moved it
   * meanwhile, then the entry is inserted. A refusal of any account writes nothing.
   * @throws AssertionError if the plan does not balance, or a conditional update matched nothing
   */
  post(session: ClientSession, plan: EntryPlan): Promise<JournalEntry | Refused<AccountRefusal>>;
}

export type NewAccount = Pick<Account, 'id' | 'kind' | 'currency' | 'owner' | 'wallet' | 'cap'>;

interface AccountDocument {
  _id: string;
  w: string;
  kind: AccountKind;
  ccy: Currency;
  owner: string;
  status: Account['status'];
  posted: bigint;
  held: bigint;
  cap: bigint | null;
  seq: bigint;
  lots: Record<string, bigint>;
}
interface LegDocument {
  acct: string;
  side: 'debit' | 'credit';
  amt: bigint;
  ccy: Currency;
  lots?: Record<string, bigint>;
}
interface EntryDocument {
  _id: string;
  w: string;
  kind: EntryPlan['kind'];
  at: Date;
  biz: string;
  legs: LegDocument[];
  places: string[];
  gen: bigint;
  ref: Record<string, string>;
  v: number;
}

const long = { type: BigInt, required: true };
const text = { type: String, required: true };
const lots = { type: Map, of: BigInt };
const accountSchema = new Schema<AccountDocument>(
  {
    _id: text,
    w: text,
    kind: text,
    ccy: text,
    owner: text,
    status: text,
    posted: long,
    held: long,
    cap: { type: BigInt, default: null },
    seq: long,
    lots: { ...lots, default: {} },
  },
  { versionKey: false, minimize: false },
);
const legSchema = new Schema<LegDocument>(
  { acct: text, side: text, amt: long, ccy: text, lots },
  { _id: false },
);
const entrySchema = new Schema<EntryDocument>(
  {
    _id: text,
    w: text,
    kind: text,
    at: { type: Date, required: true },
    biz: text,
    legs: { type: [legSchema], required: true },
    places: { type: [String], required: true },
    gen: long,
    ref: { type: Schema.Types.Mixed, required: true },
    v: { type: Number, required: true },
  },
  { versionKey: false, minimize: false },
)
  .index({ places: 1 }, { unique: true })
  .index({ 'legs.acct': 1, at: 1 })
  .index({ at: 1, _id: 1 });

const ACCOUNTS = 'ledger_accounts';
const JOURNAL = 'ledger_journal';
const models = (connection: Connection) => ({
  accounts: defineModel(connection, ACCOUNTS, accountSchema),
  journal: defineModel(connection, JOURNAL, entrySchema),
});

// The database itself refuses a double where money belongs.
const accountRules = {
  $jsonSchema: {
    bsonType: 'object',
    required: ['posted', 'held', 'seq'],
    properties: {
      posted: { bsonType: 'long', minimum: 0 },
      held: { bsonType: 'long', minimum: 0 },
      seq: { bsonType: 'long', minimum: 0 },
    },
  },
};
const journalRules = {
  $jsonSchema: {
    bsonType: 'object',
    required: ['legs', 'gen'],
    properties: {
      gen: { bsonType: 'long' },
      legs: {
        bsonType: 'array',
        items: {
          bsonType: 'object',
          required: ['acct', 'side', 'amt', 'ccy'],
          properties: { amt: { bsonType: 'long', minimum: 1 } },
        },
      },
    },
  },
};

/** Creates the collections, their validators and indexes, once. Safe to run at every start. */
export async function prepareLedger(connection: Connection): Promise<void> {
  const { accounts, journal } = models(connection);
  const collections = await connection.listCollections();
  const existing = new Set(collections.map(({ name }) => name));
  const rules = [
    [accounts, ACCOUNTS, accountRules],
    [journal, JOURNAL, journalRules],
  ] as const;
  for (const [model, name, validator] of rules) {
    // A collection that is older than its rules gets them too.
    if (existing.has(name)) await connection.db?.command({ collMod: name, validator });
    else await model.createCollection({ validator });
  }
  await journal.createIndexes();
}

/** Opens the ledger. Its collections are written here and nowhere else. */
export function openLedger(connection: Connection): Ledger {
  const { accounts, journal } = models(connection);

  const find = async (session: ClientSession | null, id: string) => {
    const document = await findRow(accounts, { _id: id }, session);
    return document && toAccount(document);
  };

  const update = async (session: ClientSession, before: Account, after: Account) => {
    const { matchedCount } = await accounts.updateOne(
      { _id: before.id, seq: int64(before.seq), status: before.status },
      {
        $set: {
          posted: int64(after.posted),
          seq: int64(after.seq),
          lots: lotsToDocument(after.lots),
        },
      },
      { session },
    );
    // A filter that matches nothing is no error to the database: the entry would be booked without the money.
    assert.equal(matchedCount, 1, 'an account moved between its read and its update');
  };

  return {
    openAccount: async (session, { id, kind, currency, owner, wallet, cap }) => {
      if (await accounts.exists({ _id: id }).session(session)) return;
      const document = {
        _id: id,
        w: wallet,
        kind,
        ccy: currency,
        owner,
        status: 'OPEN' as const,
        posted: int64(0),
        held: int64(0),
        seq: int64(0),
        cap: cap === null ? null : int64(cap),
        lots: {},
      };
      await insertRow(accounts, document, session);
    },
    account: find,
    accounts: async (ids) =>
      (await findRows(accounts, { _id: { $in: [...ids] } })).map((row) => toAccount(row)),
    entry: async (session, id) => {
      const document = await findRow(journal, { _id: id }, session);
      return document && toEntry(document);
    },
    post: async (session, plan) => {
      assertBalanced(plan.legs);
      const names = [...new Set(plan.legs.map((leg) => leg.account))];
      let legs = [...plan.legs];
      const moves: { before: Account; after: Account }[] = [];
      for (const name of names) {
        const before = await find(session, name); // one after another: a session runs no two at once
        if (!before) continue;
        const mine = legs.filter((leg) => leg.account === name);
        const applied = apply(before, mine, { givesBack: plan.givesBack ?? false });
        if (isRefused(applied)) return applied;
        legs = legs.map((leg) => (leg.account === name ? applied.legs[mine.indexOf(leg)]! : leg));
        moves.push({ before, after: applied.account });
      }
      for (const { before, after } of moves) await update(session, before, after);
      const { givesBack: _, ...written } = plan;
      const entry: JournalEntry = {
        ...written,
        legs,
        businessDate: businessDate(plan.at),
        places: moves.map(({ after }) => `${after.id}#${after.seq}`),
      };
      await insertRow(journal, toDocument(entry), session);
      return entry;
    },
  };
}

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

const lotsToDocument = (value: Lots): Record<string, bigint> =>
  Object.fromEntries(Object.entries(value).map(([origin, amount]) => [origin, int64(amount)]));
const lotsFromDocument = (value: Record<string, unknown>): Lots =>
  Object.fromEntries(Object.entries(value).map(([origin, amount]) => [origin, fromInt64(amount)]));

const toAccount = (row: AccountDocument): Account => ({
  id: row._id,
  wallet: row.w,
  kind: row.kind,
  currency: row.ccy,
  owner: row.owner,
  status: row.status,
  posted: fromInt64(row.posted),
  held: fromInt64(row.held),
  cap: row.cap === null ? null : fromInt64(row.cap),
  seq: fromInt64(row.seq),
  lots: lotsFromDocument(row.lots ?? {}),
});

const toDocument = (entry: JournalEntry): EntryDocument => ({
  _id: entry.id,
  w: entry.wallet,
  kind: entry.kind,
  at: entry.at,
  biz: entry.businessDate,
  legs: entry.legs.map((leg) => ({
    acct: leg.account,
    side: leg.side,
    amt: int64(leg.amount),
    ccy: leg.currency,
    ...(leg.lots ? { lots: lotsToDocument(leg.lots) } : {}),
  })),
  places: [...entry.places],
  gen: int64(entry.generation),
  ref: { ...entry.ref },
  v: 1,
});

const toEntry = (row: EntryDocument): JournalEntry => ({
  id: row._id,
  wallet: row.w,
  kind: row.kind,
  at: row.at,
  businessDate: row.biz,
  legs: row.legs.map((leg): Leg => ({
    account: leg.acct,
    side: leg.side,
    amount: fromInt64(leg.amt),
    currency: leg.ccy,
    ...(leg.lots ? { lots: lotsFromDocument(leg.lots) } : {}),
  })),
  places: row.places,
  generation: fromInt64(row.gen),
  ref: row.ref,
});
