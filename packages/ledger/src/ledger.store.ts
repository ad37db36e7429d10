import assert from 'node:assert/strict';
import { findRow, findRows, insertRow, int64 } from '@7pay/mongo';
import { isRefused, type Refused } from '@7pay/refusals';
import { businessDate } from '@7pay/time';
import type { ClientSession, Connection } from 'mongoose';
import { type Account, type AccountRefusal, apply } from './account.ts';
import { assertBalanced, type EntryPlan, type JournalEntry } from './journal-entry.ts';
import {
  lotsToDocument,
  models,
  toAccount,
  toDocument,
  toEntry,
} from './ledger-documents.store.ts';

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
