import type { Page } from '@7pay/graphql';
import {
  defineModel,
  findPage,
  findRow,
  findRows,
  insertRow,
  type PagePlace,
  placeOf,
  updateRow,
} from '@7pay/mongo';
import { type ClientSession, type Connection, type QueryFilter, Schema } from 'mongoose';
import type { WalletCase } from './wallet-case.ts';

type CaseDocument = Omit<WalletCase, 'id'> & { _id: string };

const text = { type: String, required: true };
const maybe = { type: String, default: null };
const schema = new Schema<CaseDocument>(
  {
    _id: text,
    walletId: text,
    memberId: text,
    subject: text,
    note: { type: String, default: '' },
    state: text,
    openedAt: { type: Date, required: true },
    outcome: maybe,
    closingNote: maybe,
    closedBy: maybe,
    closedAt: { type: Date, default: null },
    takenBy: maybe,
    takenAt: { type: Date, default: null },
  } as never,
  { versionKey: false },
)
  .index({ subject: 1 }, { unique: true })
  .index({ walletId: 1, openedAt: -1, _id: -1 })
  .index({ state: 1, openedAt: -1, _id: -1 })
  .index({ openedAt: -1, _id: -1 });

export const walletCaseModel = (connection: Connection) =>
  defineModel(connection, 'wallet_cases', schema);

/** The cases of movements that members do not recognise. */
export function walletCaseStore(connection: Connection, session: ClientSession | null) {
  const cases = walletCaseModel(connection);
  const page = async (
    filter: QueryFilter<CaseDocument>,
    at: PagePlace,
  ): Promise<Page<WalletCase>> => {
    const { rows, more } = await findPage(cases, filter, { field: 'openedAt', ...at });
    return { rows: rows.map((row) => toCase(row)), more };
  };
  return {
    find: async (id: string): Promise<WalletCase | null> => {
      const row = await findRow(cases, { _id: id }, session);
      return row && toCase(row);
    },
    ofSubjects: async (subjects: readonly string[]): Promise<WalletCase[]> =>
      (await findRows(cases, { subject: { $in: [...subjects] } })).map((row) => toCase(row)),
    insert: ({ id, ...row }: WalletCase): Promise<void> =>
      insertRow(cases, { _id: id, ...row }, session),
    close: (after: WalletCase): Promise<void> => {
      const { id: _id, ...$set } = after;
      const otherwise = 'a case is closed once';
      return updateRow(cases, { _id, state: 'OPEN' }, { $set }, { session, otherwise });
    },
    /** Somebody looks into it; two at once: one of them is done again. */
    take: ({ id: _id, takenBy }: WalletCase, by: string, takenAt: Date): Promise<void> =>
      updateRow(
        cases,
        { _id, state: 'OPEN', takenBy },
        { $set: { takenBy: by, takenAt } },
        { session, otherwise: 'a case changed between its read and its update' },
      ),
    ofWallet: (walletId: string, at: PagePlace) => page({ walletId }, at),
    inState: (state: WalletCase['state'] | null, at: PagePlace) => page(state ? { state } : {}, at),
  };
}

/** The place of a case in a list, newest first. */
export const caseSortKey = ({ openedAt, id }: WalletCase): string => placeOf(openedAt, id);

const toCase = ({ _id, ...row }: CaseDocument): WalletCase => ({
  id: _id,
  ...row,
  takenBy: row.takenBy ?? null,
  takenAt: row.takenAt ?? null,
});
