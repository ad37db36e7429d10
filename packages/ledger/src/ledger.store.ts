import { findRow, findRows, fromInt64, insertRow, int64, updateRow } from '@7pay/mongo';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import type { ClientSession, Connection } from 'mongoose';
import {
  accountModel,
  changedFields,
  toAccount,
  toAccountDocument,
} from './account/account.store.ts';
import {
  type Account,
  type AccountRefusal,
  type BalanceRefusal,
  GENESIS,
  type ResolvingRefusal,
} from './account/account.ts';
import type { LotKey } from './account/lots.ts';
import { openAccountEntries } from './entry/account-entries.store.ts';
import { journalModel, toDocument, toEntry } from './entry/journal-entry.store.ts';
import type { EntryPlan, FirstPlan, JournalEntry, PlainPlan } from './entry/journal-entry.ts';
import { accountsOf, decide } from './post-entry.ts';

/** The ledger on one database. All writes happen in the caller's unit of work. */
export interface Ledger {
  /** Opens a refusing account with nothing in it; opening it again changes nothing. */
  openAccount(session: ClientSession, account: NewAccount): Promise<void>;
  account(session: ClientSession | null, id: string): Promise<Account | null>;
  accounts(ids: readonly string[]): Promise<Account[]>;
  /** Accounts as the caller's unit of work sees them, in the order of the ids; unknown ones are left out. */
  accountsIn(session: ClientSession, ids: readonly string[]): Promise<Account[]>;
  /**
   * How a refusing account stood at an instant: its balance after the last entry that was booked by then. Final when
   * the instant lies longer back than a transaction lives and clocks differ. Null before its first entry.
   */
  balanceAsOf(id: string, at: Date): Promise<{ posted: number; seq: number; entry: string } | null>;
  /** Wallets that are not closed, behind an account, in order of their ids; at most so many. */
  openWallets(after: string, limit: number): Promise<Account[]>;
  /** The accounts that hold something of a lot, at most so many. */
  holdersOf(lot: LotKey, limit: number): Promise<string[]>;
  entry(session: ClientSession | null, id: string): Promise<JournalEntry | null>;
  /** The entry that ended a hold; null while it is open, or expired and not swept. */
  resolutionOf(session: ClientSession | null, hold: EntryKey): Promise<JournalEntry | null>;
  /** What took an entry back so far, in order. */
  reversalsOf(session: ClientSession | null, entry: EntryKey): Promise<JournalEntry[]>;
  /**
   * Writes an entry: every refusing account it names is updated under the condition that nobody moved it
   * meanwhile, then the entry is inserted. A refusal of any account writes nothing. The id is taken for all time:
   * whoever may come twice reads {@link entry} first, in the same unit of work.
   * @throws AssertionError if the plan does not balance, or a conditional update matched nothing
   */
  post: PostEntry;
}

/** An entry, and the wallet it is booked under: there lies whatever ends it or takes it back. */
export type EntryKey = Pick<JournalEntry, 'id' | 'wallet'>;

interface PostEntry {
  (session: ClientSession, plan: PlainPlan): Promise<JournalEntry | Refused<BalanceRefusal>>;
  (
    session: ClientSession,
    plan: FirstPlan,
  ): Promise<JournalEntry | Refused<Exclude<AccountRefusal, ResolvingRefusal>>>;
  (session: ClientSession, plan: EntryPlan): Promise<JournalEntry | Refused<AccountRefusal>>;
}

export type NewAccount = Pick<Account, 'id' | 'kind' | 'currency' | 'owner' | 'wallet' | 'cap'>;

/** Opens the ledger. Its collections are written here and nowhere else. */
export function openLedger(connection: Connection): Ledger {
  const accounts = accountModel(connection);
  const journal = journalModel(connection);
  const entries = openAccountEntries(connection);

  const entry = async (session: ClientSession | null, id: string) => {
    const document = await findRow(journal, { _id: id }, session);
    return document && toEntry(document);
  };
  const resolutionOf = async (session: ClientSession | null, { id, wallet }: EntryKey) => {
    const document = await findRow(journal, { w: wallet, resolves: id }, session);
    return document && toEntry(document);
  };
  const named = async (session: ClientSession, ids: readonly string[]) => {
    const rows = await findRows(accounts, { _id: { $in: [...ids] } }, { session });
    const found = new Map(rows.map((row) => [row._id, toAccount(row)]));
    return ids.flatMap((id) => found.get(id) ?? []);
  };
  // A filter that matches nothing is no error to the database: the entry would be booked without the money.
  const update = (session: ClientSession, before: Account, after: Account) =>
    updateRow(
      accounts,
      { _id: before.id, w: before.wallet, seq: int64(before.seq), status: before.status },
      { $set: changedFields(after) },
      { session, otherwise: 'an account moved between its read and its update' },
    );

  return {
    openAccount: async (session, account) => {
      if (await findRow(accounts, { _id: account.id }, session)) return;
      const empty = {
        status: 'OPEN' as const,
        posted: 0,
        held: 0,
        holds: [],
        seq: 0,
        at: null,
        head: GENESIS,
        lots: {},
        windows: {},
        limits: {},
      };
      await insertRow(accounts, toAccountDocument({ ...account, ...empty }), session);
    },
    account: async (session, id) => {
      const row = await findRow(accounts, { _id: id }, session);
      return row && toAccount(row);
    },
    accounts: async (ids) =>
      (await findRows(accounts, { _id: { $in: [...ids] } })).map((row) => toAccount(row)),
    accountsIn: named,
    balanceAsOf: async (id, at) => {
      const row = await findRow(accounts, { _id: id });
      if (!row) return null;
      const key = { id, wallet: row.w };
      const behind = new Date(at.getTime() + 1);
      const seq = (await entries.firstSince(key, behind, fromInt64(row.seq))) - 1;
      const [last] = seq < 1 ? [] : await entries.numbered(key, seq, seq);
      return last ? { posted: last.stand.posted, seq, entry: last.entry.id } : null;
    },
    openWallets: async (after, limit) => {
      const filter = { kind: 'USER_WALLET' as const, status: { $ne: 'CLOSED' as const } };
      const rows = await findRows(
        accounts,
        { ...filter, _id: { $gt: after } },
        { sort: { _id: 1 }, limit },
      );
      return rows.map((row) => toAccount(row));
    },
    holdersOf: async (lot, limit) =>
      (await findRows(accounts, { ends: lot }, { limit })).map(({ _id }) => _id),
    entry,
    resolutionOf,
    reversalsOf: async (session, { id, wallet }) => {
      const rows = await findRows(
        journal,
        { w: wallet, 'reverses.entry': id },
        { session, sort: { 'reverses.n': 1 } },
      );
      return rows.map((row) => toEntry(row));
    },
    post: (async (session: ClientSession, plan: EntryPlan) => {
      let pending: JournalEntry | null = null;
      if (plan.resolves !== undefined) {
        pending = await entry(session, plan.resolves); // one after another: a session runs no two at once
        const hold = { id: plan.resolves, wallet: plan.wallet };
        if (await resolutionOf(session, hold)) return refuse('HOLD_NOT_OPEN');
      }
      const before = await named(session, accountsOf(plan, pending));
      const decided = decide(plan, before, pending);
      if (isRefused(decided)) return decided;
      for (const each of decided.moved) await update(session, each.before, each.after);
      await insertRow(journal, toDocument(decided.entry), session);
      return decided.entry;
    }) as PostEntry,
  };
}
