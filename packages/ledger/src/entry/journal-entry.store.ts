import { defineModel, fromInt64, int64 } from '@7pay/mongo';
import type { BusinessDate } from '@7pay/time';
import { type Connection, Schema } from 'mongoose';
import { amountsFromDocument, amountsToDocument } from '../account/account.store.ts';
import type { Lots } from '../account/lots.ts';
import { CANONICAL_VERSION } from './canonical.ts';
import type { Currency, EntryPlan, JournalEntry, Leg, Stand } from './journal-entry.ts';

interface LegDocument {
  acct: string;
  side: 'debit' | 'credit';
  amt: bigint;
  ccy: Currency;
  lots?: Record<string, bigint>;
}
interface StandDocument {
  posted: bigint;
  held: bigint;
  prev: string;
}

/** How an entry lies in the database: short names, money as int64. */
export interface EntryDocument {
  _id: string;
  w: string;
  kind: EntryPlan['kind'];
  at: Date;
  biz: string;
  legs: LegDocument[];
  /** `account#n`: this is the n-th entry of each refusing account it names. Dense, checked by a unique index. */
  places: string[];
  /** Balances after the entry, and the hash before: place by place. */
  stands: StandDocument[];
  until?: Date;
  resolves?: string;
  reverses?: { entry: string; n: bigint };
  sets?: {
    acct: string;
    status?: string;
    cap?: bigint | null;
    limits?: { ch: string; most: Record<string, bigint> }[];
  };
  gen: bigint;
  ref: Record<string, string>;
  hash: string;
  v: number;
}

/** The index that finds a wallet's entries. Each index is paid for by each payment: there are no more than needed. */
export const OF_WALLET = { w: 1, places: 1 } as const;

const text = { type: String, required: true };
const schema = new Schema<EntryDocument>(
  {
    _id: text,
    w: text,
    kind: text,
    at: { type: Date, required: true },
    biz: text,
    legs: { type: [Schema.Types.Mixed], required: true } as never,
    places: { type: [String], required: true },
    stands: { type: [Schema.Types.Mixed], required: true } as never,
    until: Date,
    resolves: String,
    reverses: Schema.Types.Mixed,
    sets: Schema.Types.Mixed,
    gen: { type: BigInt, required: true },
    ref: { type: Schema.Types.Mixed, required: true },
    hash: text,
    v: { type: Number, required: true },
  },
  { versionKey: false, minimize: false },
)
  // Unique with the wallet in front, as a shard can promise it (docs/scale.md).
  .index(OF_WALLET, { unique: true })
  .index({ at: 1, _id: 1 })
  // One end of a hold, and each taking back counted, for all time.
  .index(
    { w: 1, resolves: 1 },
    { unique: true, partialFilterExpression: { resolves: { $exists: true } } },
  )
  .index(
    { w: 1, 'reverses.entry': 1, 'reverses.n': 1 },
    { unique: true, partialFilterExpression: { 'reverses.entry': { $exists: true } } },
  );

export const JOURNAL = 'ledger_journal';
export const journalModel = (connection: Connection) => defineModel(connection, JOURNAL, schema);

// The database itself refuses a double where money belongs.
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
    ...(leg.lots ? { lots: amountsToDocument(leg.lots) } : {}),
  })),
  places: placesOf(entry),
  stands: entry.stands.map(({ posted, held, prev }) => ({
    posted: int64(posted),
    held: int64(held),
    prev,
  })),
  ...(entry.holdsUntil ? { until: entry.holdsUntil } : {}),
  ...(entry.resolves === undefined ? {} : { resolves: entry.resolves }),
  ...(entry.reverses
    ? { reverses: { entry: entry.reverses.entry, n: int64(entry.reverses.n) } }
    : {}),
  ...(entry.sets ? { sets: toSetsDocument(entry.sets) } : {}),
  gen: int64(entry.generation),
  ref: { ...entry.ref },
  hash: entry.hash,
  v: CANONICAL_VERSION,
});

// An entry between accounts that cannot refuse has no place; to a unique index all of those would be the same one.
const placesOf = ({ id, stands }: JournalEntry): string[] =>
  stands.length > 0 ? stands.map(({ account, seq }) => `${account}#${seq}`) : [`${id}#0`];

const toSetsDocument = ({ account, status, cap, limits }: NonNullable<JournalEntry['sets']>) => ({
  acct: account,
  ...(limits
    ? {
        limits: Object.entries(limits).map(([ch, most]) => ({
          ch,
          most: amountsToDocument({ ...most }),
        })),
      }
    : {}),
  ...(status ? { status } : {}),
  ...(cap === undefined ? {} : { cap: cap === null ? null : int64(cap) }),
});

export const toEntry = (row: EntryDocument): JournalEntry => ({
  id: row._id,
  wallet: row.w,
  kind: row.kind,
  at: row.at,
  businessDate: row.biz as BusinessDate,
  legs: row.legs.map((leg): Leg => ({
    account: leg.acct,
    side: leg.side,
    amount: fromInt64(leg.amt),
    currency: leg.ccy,
    ...(leg.lots ? { lots: amountsFromDocument(leg.lots) as Lots } : {}),
  })),
  ...(row.until ? { holdsUntil: row.until } : {}),
  ...(row.resolves === undefined ? {} : { resolves: row.resolves }),
  ...(row.reverses
    ? { reverses: { entry: row.reverses.entry, n: fromInt64(row.reverses.n) } }
    : {}),
  ...(row.sets ? { sets: toSets(row.sets) } : {}),
  generation: fromInt64(row.gen),
  ref: row.ref,
  stands: (row.stands?.length === 0 ? [] : row.places).map((place, index): Stand => {
    const { account, seq } = placeOf(place);
    const { posted, held, prev } = row.stands?.[index] ?? { posted: -1, held: -1, prev: '' };
    return { account, seq, posted: fromInt64(posted), held: fromInt64(held), prev };
  }),
  hash: row.hash ?? '',
});

const toSets = ({ acct, status, cap, limits }: NonNullable<EntryDocument['sets']>) =>
  ({
    account: acct,
    ...(limits
      ? {
          limits: Object.fromEntries(limits.map(({ ch, most }) => [ch, amountsFromDocument(most)])),
        }
      : {}),
    ...(status ? { status } : {}),
    ...(cap === undefined ? {} : { cap: cap === null ? null : fromInt64(cap) }),
  }) as NonNullable<JournalEntry['sets']>;

function placeOf(place: string): { account: string; seq: number } {
  const at = place.lastIndexOf('#');
  return { account: place.slice(0, at), seq: Number(place.slice(at + 1)) };
}
