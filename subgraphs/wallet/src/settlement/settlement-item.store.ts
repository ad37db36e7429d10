import type { Page } from '@7pay/graphql';
import {
  defineModel,
  findPage,
  findRow,
  findRows,
  fromInt64,
  int64,
  type PagePlace,
  placeOf,
} from '@7pay/mongo';
import type { BusinessDate } from '@7pay/time';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { SettlementItem } from './settlement.ts';

interface ItemDocument {
  _id: string;
  merchantId: string;
  batchId: string;
  biz: string;
  side: SettlementItem['side'];
  amt: bigint;
  bps: number;
  paymentId: string;
  storeId: string;
  at: Date;
}
interface PositionDocument {
  _id: string;
  n: bigint;
}

const text = { type: String, required: true };
const itemSchema = new Schema<ItemDocument>(
  {
    _id: text,
    merchantId: text,
    batchId: text,
    biz: text,
    side: text,
    amt: { type: BigInt, required: true },
    bps: { type: Number, required: true },
    paymentId: { type: String, default: '' },
    storeId: { type: String, default: '' },
    at: { type: Date, required: true },
  },
  { versionKey: false },
)
  .index({ batchId: 1, at: -1, _id: -1 })
  .index({ merchantId: 1 });
const positionSchema = new Schema<PositionDocument>(
  { _id: text, n: { type: BigInt, required: true } },
  { versionKey: false },
);

export const settlementItemModel = (connection: Connection) =>
  defineModel(connection, 'wallet_settlementItems', itemSchema);
export const settlementPositionModel = (connection: Connection) =>
  defineModel(connection, 'wallet_settlementPositions', positionSchema);

const SEALS = 'seals';

/** The entries that were put into batches, and how far the seals of the journal were read for them. */
export function settlementItemStore(connection: Connection, session: ClientSession | null) {
  const items = settlementItemModel(connection);
  const positions = settlementPositionModel(connection);
  const options = session ? { session } : {};
  return {
    insert: async (found: readonly SettlementItem[]): Promise<void> => {
      if (found.length === 0) return;
      await items.collection.insertMany(found.map(toDocument) as never[], options);
    },
    page: async (batchId: string, place: PagePlace): Promise<Page<SettlementItem>> => {
      const { rows, more } = await findPage(items, { batchId }, { field: 'at', ...place });
      return { rows: rows.map(toItem), more };
    },
    ofMerchant: async (merchantId: string): Promise<SettlementItem[]> =>
      (await findRows(items, { merchantId }, { session })).map(toItem),
    merchants: async (): Promise<string[]> => items.distinct('merchantId').session(session),
    /** The last seal that was read; 0 before the first. */
    position: async (): Promise<number> => {
      const row = await findRow(positions, { _id: SEALS }, session);
      return row ? fromInt64(row.n) : 0;
    },
    /** Notes that seals were read. Of two who read the same, one is refused and begins anew. */
    advance: async (from: number, to: number): Promise<void> => {
      if (from === 0) {
        await positions.collection.insertOne({ _id: SEALS as never, n: int64(to) }, options);
        return;
      }
      const at = { _id: SEALS as never, n: int64(from) as never };
      const { matchedCount } = await positions.collection.updateOne(
        at,
        { $set: { n: int64(to) } },
        options,
      );
      if (matchedCount !== 1)
        throw new SealReadMeanwhile(`seals behind ${from} were read by another`);
    },
  };
}

/** Somebody else has read the seal. Nothing was written. */
export class SealReadMeanwhile extends Error {
  override readonly name = 'SealReadMeanwhile';
}

export const settlementItemSortKey = ({ at, id }: SettlementItem): string => placeOf(at, id);

const toDocument = (item: SettlementItem): ItemDocument => ({
  _id: item.id,
  merchantId: item.merchantId,
  batchId: item.batchId,
  biz: item.businessDate,
  side: item.side,
  amt: int64(item.amount),
  bps: item.basisPoints,
  paymentId: item.paymentId,
  storeId: item.storeId,
  at: item.at,
});

const toItem = ({ _id, biz, amt, bps, ...item }: ItemDocument): SettlementItem => ({
  id: _id,
  ...item,
  businessDate: biz as BusinessDate,
  amount: fromInt64(amt),
  basisPoints: bps,
});
