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
import { type BusinessDate, businessDate } from '@7pay/time';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { Award } from './award.ts';

interface AwardDocument {
  _id: string;
  memberId: string;
  points: bigint;
  expiresOn: string | null;
  state: Award['state'];
  amount: bigint;
  businessDate: string;
  refunded: bigint;
  refunds: bigint;
  takenBack: bigint;
  owed: bigint;
  settled: bigint;
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
    amount: { type: BigInt, required: true },
    businessDate: text,
    refunded: { type: BigInt, required: true },
    refunds: { type: BigInt, required: true },
    takenBack: { type: BigInt, required: true },
    owed: { type: BigInt, required: true },
    settled: { type: BigInt, required: true },
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
      await insertRow(awards, toDocument(award), session);
    },
    change: async (award: Award): Promise<void> => {
      const { _id, ...fields } = toDocument(award);
      await awards.updateOne({ _id }, { $set: fields }).session(session);
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

const toDocument = ({
  paymentId,
  memberId,
  expiresOn,
  state,
  businessDate,
  at,
  ...counts
}: Award) => ({
  _id: paymentId,
  memberId,
  points: int64(counts.points),
  expiresOn,
  state,
  amount: int64(counts.amount),
  businessDate,
  refunded: int64(counts.refunded),
  refunds: int64(counts.refunds),
  takenBack: int64(counts.takenBack),
  owed: int64(counts.owed),
  settled: int64(counts.settled),
  at,
});

const toAward = (row: AwardDocument): Award => ({
  id: row._id,
  paymentId: row._id,
  memberId: row.memberId,
  points: points(fromInt64(row.points)),
  expiresOn: (row.expiresOn ?? null) as BusinessDate | null,
  state: row.state,
  amount: fromInt64(row.amount ?? 0n),
  businessDate: (row.businessDate ?? businessDate(row.at)) as BusinessDate,
  refunded: fromInt64(row.refunded ?? 0n),
  refunds: fromInt64(row.refunds ?? 0n),
  takenBack: fromInt64(row.takenBack ?? 0n),
  owed: fromInt64(row.owed ?? 0n),
  settled: fromInt64(row.settled ?? 0n),
  at: row.at,
});
