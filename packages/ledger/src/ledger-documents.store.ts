import { defineModel, fromInt64, int64 } from '@7pay/mongo';
import { type Connection, Schema } from 'mongoose';
import type { Account, AccountKind, Lots } from './account.ts';
import type { Currency, EntryPlan, JournalEntry, Leg } from './journal-entry.ts';

/** How accounts and entries lie in the database: short names, money as int64, and rules that refuse a double. */

export interface AccountDocument {
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
export interface EntryDocument {
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

export const ACCOUNTS = 'ledger_accounts';
export const JOURNAL = 'ledger_journal';
/** The collections of the ledger. */
export const models = (connection: Connection) => ({
  accounts: defineModel(connection, ACCOUNTS, accountSchema),
  journal: defineModel(connection, JOURNAL, entrySchema),
});

// The database itself refuses a double where money belongs.
export const accountRules = {
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
export const journalRules = {
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

export const lotsToDocument = (value: Lots): Record<string, bigint> =>
  Object.fromEntries(Object.entries(value).map(([origin, amount]) => [origin, int64(amount)]));
const lotsFromDocument = (value: Record<string, unknown>): Lots =>
  Object.fromEntries(Object.entries(value).map(([origin, amount]) => [origin, fromInt64(amount)]));

export const toAccount = (row: AccountDocument): Account => ({
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

export const toDocument = (entry: JournalEntry): EntryDocument => ({
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

export const toEntry = (row: EntryDocument): JournalEntry => ({
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
