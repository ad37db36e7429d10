import type { Page } from '@7pay/graphql';
import {
  defineModel,
  findPage,
  findRow,
  fromInt64,
  insertRow,
  int64,
  type PagePlace,
  placeOf,
  updateRow,
} from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { TopUpCase } from './top-up-case.ts';

type TopUpCaseDocument = Omit<TopUpCase, 'id' | 'amount'> & { _id: string; amount: bigint };

const text = { type: String, required: true };
const schema = new Schema<TopUpCaseDocument>(
  {
    _id: text,
    source: text,
    reason: text,
    amount: { type: BigInt, required: true },
    topUpId: { type: String, default: null },
    memberId: { type: String, default: null },
    partyReference: { type: String, default: null },
    state: text,
    openedAt: { type: Date, required: true },
    resolvedAt: { type: Date, default: null },
    takenBy: { type: String, default: null },
    takenAt: { type: Date, default: null },
    proposal: { type: Schema.Types.Mixed, default: null },
    resolution: { type: String, default: null },
    resolvedBy: { type: String, default: null },
    note: { type: String, default: '' },
  } as never,
  { versionKey: false },
)
  .index({ state: 1, openedAt: -1, _id: -1 })
  .index({ openedAt: -1, _id: -1 });

export const topUpCaseModel = (connection: Connection) =>
  defineModel(connection, 'wallet_topUpCases', schema);

/** The cases, inside a session or outside of one. */
export function topUpCaseStore(connection: Connection, session: ClientSession | null) {
  const cases = topUpCaseModel(connection);
  return {
    find: async (id: string): Promise<TopUpCase | null> => {
      const row = await findRow(cases, { _id: id }, session);
      return row && toCase(row);
    },
    insert: async ({ id, amount, ...rest }: TopUpCase): Promise<void> =>
      insertRow(cases, { _id: id, ...rest, amount: int64(amount) }, session),
    /** Writes what became of a case, on the condition that nobody changed it meanwhile. */
    change: async (before: TopUpCase, after: TopUpCase): Promise<void> => {
      const { id: _id, amount: _amount, ...$set } = after;
      const { state, takenBy, proposal } = before;
      // Old documents have no such fields: null finds them too.
      const filter = { _id, state, takenBy, 'proposal.by': proposal?.by ?? null };
      const otherwise = 'a case changed between its read and its update';
      await updateRow(cases, filter as never, { $set }, { session, otherwise });
    },
    page: async (state: TopUpCase['state'] | null, place: PagePlace): Promise<Page<TopUpCase>> => {
      const { rows, more } = await findPage(cases, state ? { state } : {}, {
        field: 'openedAt',
        ...place,
      });
      return { rows: rows.map((row) => toCase(row)), more };
    },
  };
}

/** The place of a case in a list, newest first. */
export const topUpCaseSortKey = ({ openedAt, id }: TopUpCase): string => placeOf(openedAt, id);

const toCase = ({ _id, amount, ...rest }: TopUpCaseDocument): TopUpCase => ({
  id: _id,
  ...rest,
  takenBy: rest.takenBy ?? null,
  takenAt: rest.takenAt ?? null,
  proposal: rest.proposal ?? null,
  resolution: rest.resolution ?? null,
  resolvedBy: rest.resolvedBy ?? null,
  note: rest.note ?? '',
  amount: fromInt64(amount),
});
