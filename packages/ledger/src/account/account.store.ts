import { defineModel, fromInt64, int64 } from '@7pay/mongo';
import { isBusinessDate } from '@7pay/time';
import { type Connection, Schema } from 'mongoose';
import type { Currency } from '../entry/journal-entry.ts';
import { type Account, type AccountKind, GENESIS, type Hold } from './account.ts';
import type { Lots } from './lots.ts';
import type { Windows } from './window.ts';

/** How an account lies in the database: money as int64, and rules that refuse a double. */
export interface AccountDocument {
  _id: string;
  w: string;
  kind: AccountKind;
  ccy: Currency;
  owner: string;
  status: Account['status'];
  posted: bigint;
  held: bigint;
  holds: { id: string; amt: bigint; until: Date }[];
  cap: bigint | null;
  seq: bigint;
  at: Date | null;
  head: string;
  lots: Record<string, bigint>;
  /** The last dates of its lots, as far as they have one: so that what expires is found by an index. */
  ends: string[];
  windows: { ch: string; hours: Record<string, bigint>; days: Record<string, bigint> }[];
  limits: { ch: string; most: Record<string, bigint> }[];
}

const long = { type: BigInt, required: true };
const text = { type: String, required: true };
const schema = new Schema<AccountDocument>(
  {
    _id: text,
    w: text,
    kind: text,
    ccy: text,
    owner: text,
    status: text,
    posted: long,
    held: long,
    holds: { type: [Schema.Types.Mixed], default: [] } as never,
    cap: { type: BigInt, default: null },
    seq: long,
    at: { type: Date, default: null },
    head: { type: String, default: GENESIS },
    lots: { type: Schema.Types.Mixed, default: {} },
    ends: { type: [String], default: [] },
    windows: { type: [Schema.Types.Mixed], default: [] } as never,
    limits: { type: [Schema.Types.Mixed], default: [] } as never,
  },
  { versionKey: false, minimize: false },
)
  .index({ owner: 1 })
  .index({ ends: 1 })
  // Who sweeps finds what has expired without reading every wallet.
  .index({ 'holds.until': 1 }, { partialFilterExpression: { 'holds.until': { $exists: true } } });

export const ACCOUNTS = 'ledger_accounts';
export const accountModel = (connection: Connection) => defineModel(connection, ACCOUNTS, schema);

// The database itself refuses a double where money belongs.
export const accountRules = {
  $jsonSchema: {
    bsonType: 'object',
    required: ['posted', 'held', 'seq'],
    properties: {
      posted: { bsonType: 'long', minimum: 0 },
      held: { bsonType: 'long', minimum: 0 },
      seq: { bsonType: 'long', minimum: 0 },
      holds: {
        bsonType: 'array',
        items: {
          bsonType: 'object',
          required: ['id', 'amt', 'until'],
          properties: { amt: { bsonType: 'long', minimum: 1 }, until: { bsonType: 'date' } },
        },
      },
    },
  },
};

/** Amounts by key, as int64. */
export const amountsToDocument = (
  amounts: Readonly<Partial<Record<string, number>>>,
): Record<string, bigint> =>
  Object.fromEntries(Object.entries(amounts).map(([key, amount]) => [key, int64(amount ?? 0)]));

/** Amounts by key, as the database gave them. */
export const amountsFromDocument = (
  amounts: Readonly<Record<string, unknown>>,
): Record<string, number> =>
  Object.fromEntries(Object.entries(amounts).map(([key, amount]) => [key, fromInt64(amount)]));

export const toAccount = (row: AccountDocument): Account => ({
  id: row._id,
  wallet: row.w,
  kind: row.kind,
  currency: row.ccy,
  owner: row.owner,
  status: row.status,
  posted: fromInt64(row.posted),
  held: fromInt64(row.held),
  holds: (row.holds ?? []).map(({ id, amt, until }): Hold => ({
    id,
    amount: fromInt64(amt),
    expiresAt: until,
  })),
  cap: row.cap === null ? null : fromInt64(row.cap),
  seq: fromInt64(row.seq),
  at: row.at ?? null,
  head: row.head ?? GENESIS,
  lots: amountsFromDocument(row.lots ?? {}) as Lots,
  windows: toWindows(row.windows ?? []),
  limits: Object.fromEntries(
    (row.limits ?? []).map(({ ch, most }) => [ch, amountsFromDocument(most)]),
  ),
});

const toWindows = (rows: AccountDocument['windows']): Windows =>
  Object.fromEntries(
    rows.map(({ ch, hours, days }) => [
      ch,
      { hours: amountsFromDocument(hours), days: amountsFromDocument(days) },
    ]),
  );

/** What of an account an entry changes. */
export const changedFields = (account: Account) => ({
  status: account.status,
  cap: account.cap === null ? null : int64(account.cap),
  posted: int64(account.posted),
  held: int64(account.held),
  holds: account.holds.map(({ id, amount, expiresAt }) => ({
    id,
    amt: int64(amount),
    until: expiresAt,
  })),
  seq: int64(account.seq),
  at: account.at,
  head: account.head,
  lots: amountsToDocument(account.lots),
  ends: Object.keys(account.lots).filter((lot) => isBusinessDate(lot)),
  windows: Object.entries(account.windows).map(([ch, { hours, days }]) => ({
    ch,
    hours: amountsToDocument(hours),
    days: amountsToDocument(days),
  })),
  limits: Object.entries(account.limits).map(([ch, most]) => ({
    ch,
    most: amountsToDocument({ ...most }),
  })),
});

export const toAccountDocument = (account: Account): AccountDocument => ({
  _id: account.id,
  w: account.wallet,
  kind: account.kind,
  ccy: account.currency,
  owner: account.owner,
  ...changedFields(account),
});
