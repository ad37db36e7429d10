import type { Page } from '@7pay/graphql';
import { points } from '@7pay/money';
import {
  defineModel,
  findPage,
  findRow,
  findRows,
  fromInt64,
  insertRow,
  int64,
  placeOf,
  type PagePlace,
} from '@7pay/mongo';
import type { BusinessDate } from '@7pay/time';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { Award } from './award.ts';

interface AwardDocument {
  _id: string;
  memberId: string;
  points: bigint;
  expiresOn: string | null;
  state: Award['state'];
  at: Date;
}

const text = { type: String, required: true };
const schema = new Schema<AwardDocument>(
  {
    _id: text,
    memberId: text,
    points: { type: BigInt, required: true },
    expiresOn: { type: String, default: null },
    state: text,
    at: { type: Date, required: true },
  },
  { versionKey: false },
).index({ memberId: 1, at: -1, _id: -1 });

export const awardModel = (connection: Connection) =>
  defineModel(connection, 'points_awards', schema);

/** The awards, one per payment. */
export function awardStore(connection: Connection, session: ClientSession | null) {
  const awards = awardModel(connection);
  return {
    find: async (paymentId: string): Promise<Award | null> => {
      const row = await findRow(awards, { _id: paymentId }, session);
      return row && toAward(row);
    },
    findMany: async (paymentIds: readonly string[]): Promise<Award[]> =>
      (await findRows(awards, { _id: { $in: [...paymentIds] } })).map((row) => toAward(row)),
    insert: async (award: Award): Promise<void> => {
      const { paymentId, memberId, points: earned, expiresOn, state, at } = award;
      const document = { _id: paymentId, memberId, points: int64(earned), expiresOn, state, at };
      await insertRow(awards, document, session);
    },
    reverse: async (paymentId: string): Promise<void> => {
      await awards.updateOne({ _id: paymentId }, { $set: { state: 'REVERSED' } }).session(session);
    },
    ofMember: async (memberId: string, place: PagePlace): Promise<Page<Award>> => {
      const filter = { memberId, state: { $in: ['AWARDED' as const, 'REVERSED' as const] } };
      const { rows, more } = await findPage(awards, filter, { field: 'at', ...place });
      return { rows: rows.map((row) => toAward(row)), more };
    },
  };
}

/** The place of an award in a list, newest first. */
export const awardSortKey = ({ at, paymentId }: Award): string => placeOf(at, paymentId);

const toAward = (row: AwardDocument): Award => ({
  id: row._id,
  paymentId: row._id,
  memberId: row.memberId,
  points: points(fromInt64(row.points)),
  expiresOn: (row.expiresOn ?? null) as BusinessDate | null,
  state: row.state,
  at: row.at,
});
