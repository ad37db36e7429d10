import { type JournalEntry, type Leg, readEntries, readJournal } from '@7pay/ledger';
import { findRows } from '@7pay/mongo';
import type { BusinessDate } from '@7pay/time';
import type { Connection } from 'mongoose';
import { topUpModel } from '../top-up/top-up.store.ts';
import type { OwnRecords } from './import-result-file.ts';
import type { OwnRecord } from './reconciliation.ts';
import type { Party } from './result-file.ts';

// What each party owes us: the first part of the account that a top-up debits.
const ACCOUNTS: Readonly<Record<Party, readonly string[]>> = {
  REGISTER: ['register-cash'],
  ATM: ['atm-cash'],
  CARD: ['acquirer-receivable'],
  NANACO: ['points-exchange'],
  BANK: ['bank'],
};
// What a top-up is booked under: when money is taken that was asked for or was not, and when its cases are resolved, of which it has
// one about where the money lies and one about whether it was taken.
const ENTRIES = ['settle', 'unasked', 'resolve', 'resolve:2'] as const;
const BATCH = 500;

/** What our books say of the top-ups that a party tells of: the journal decides, not the state of a row. */
export const ownTopUps =
  (connection: Connection): OwnRecords =>
  async (party, { ids, dates }) => {
    const isTheirs = ({ account }: Leg) => ACCOUNTS[party].includes(account.split(':')[0] ?? '');
    const records = new Map<string, OwnRecord>();
    const note = (entry: JournalEntry) => {
      const id = entry.ref['topUpId'];
      const legs = entry.legs.filter(isTheirs);
      if (id === undefined || legs.length === 0) return;
      const before = records.get(id);
      const sum = (side: Leg['side']) =>
        legs.filter((leg) => leg.side === side).reduce((total, { amount }) => total + amount, 0);
      // What a case takes back from the party was returned to it before, and not taken once more.
      const isMove = entry.id.startsWith(`${id}:resolve`);
      records.set(id, {
        id,
        taken: (before?.taken ?? 0) + (isMove ? 0 : sum('debit')),
        returned: (before?.returned ?? 0) + sum('credit') - (isMove ? sum('debit') : 0),
        returnedOn: sum('credit') > 0 ? entry.businessDate : (before?.returnedOn ?? null),
        businessDate: before?.businessDate ?? entry.businessDate,
        decided: true,
      });
    };
    const seen = new Set<string>();
    const once = (entry: JournalEntry) => {
      if (!seen.has(entry.id)) note(entry);
      seen.add(entry.id);
    };
    for (let from = 0; from < ids.length; from += BATCH) {
      const some = ids.slice(from, from + BATCH);
      const names = some.flatMap((id) => ENTRIES.map((entry) => `${id}:${entry}`));
      for (const entry of await readEntries(connection, names)) once(entry);
      const rows = await findRows(topUpModel(connection), { _id: { $in: some } });
      for (const { _id, state, requestedAt } of rows) {
        if (records.has(_id)) continue;
        const businessDate = dates[0] ?? (requestedAt.toISOString().slice(0, 10) as BusinessDate);
        const decided = state !== 'PENDING';
        records.set(_id, {
          id: _id,
          taken: 0,
          returned: 0,
          returnedOn: null,
          businessDate,
          decided,
        });
      }
    }
    for (const date of dates) {
      const begin = new Date(`${date}T00:00:00+09:00`);
      const end = new Date(begin.getTime() + 24 * 3_600_000);
      for await (const entry of readJournal(connection, { from: begin, until: end })) once(entry);
    }
    return [...records.values()];
  };
