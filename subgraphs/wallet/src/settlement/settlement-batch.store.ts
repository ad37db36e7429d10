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
  updateRow,
} from '@7pay/mongo';
import type { BusinessDate } from '@7pay/time';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { MerchantStanding, SettlementBatch, SettlementItem } from './settlement.ts';

interface BatchDocument {
  _id: string;
  merchantId: string;
  biz: string;
  /** The first instant of its business date: lists are sorted by it. */
  from: Date;
  state: SettlementBatch['state'];
  /** By basis points. */
  rates: Record<string, { pay?: bigint; back?: bigint }>;
  count: bigint;
  number: bigint;
  carriedIn: bigint;
  fee: bigint;
  settled: bigint;
  carriedOut: bigint;
  closedAt: Date | null;
}
interface StandingDocument {
  _id: string;
  closedThrough: string | null;
  carried: bigint;
  closed: bigint;
  collected: bigint;
}

const text = { type: String, required: true };
const long = { type: BigInt, required: true };
const batchSchema = new Schema<BatchDocument>(
  {
    _id: text,
    merchantId: text,
    biz: text,
    from: { type: Date, required: true },
    state: text,
    rates: { type: Schema.Types.Mixed, required: true },
    count: long,
    number: long,
    carriedIn: long,
    fee: long,
    settled: long,
    carriedOut: long,
    closedAt: { type: Date, default: null },
  },
  { versionKey: false, minimize: false },
)
  .index({ state: 1, biz: 1, _id: 1 })
  .index({ merchantId: 1, from: -1, _id: -1 })
  .index({ from: -1, _id: -1 });
const standingSchema = new Schema<StandingDocument>(
  {
    _id: text,
    closedThrough: { type: String, default: null },
    carried: long,
    closed: long,
    collected: long,
  },
  { versionKey: false },
);

export const settlementBatchModel = (connection: Connection) =>
  defineModel(connection, 'wallet_settlementBatches', batchSchema);
export const merchantStandingModel = (connection: Connection) =>
  defineModel(connection, 'wallet_settlementMerchants', standingSchema);

const ZERO = int64(0);

/** The batches, and how each merchant stands between them. */
export function settlementBatchStore(connection: Connection, session: ClientSession | null) {
  const batches = settlementBatchModel(connection);
  const standings = merchantStandingModel(connection);
  const options = session ? { session } : {};
  return {
    find: async (id: string): Promise<SettlementBatch | null> => {
      const row = await findRow(batches, { _id: id }, session);
      return row && toBatch(row);
    },
    findMany: async (ids: readonly string[]): Promise<SettlementBatch[]> =>
      (await findRows(batches, { _id: { $in: [...ids] } }, { session })).map(toBatch),
    /** Open batches of dates before one, the earliest first. */
    due: async (before: BusinessDate, limit: number): Promise<SettlementBatch[]> => {
      const filter = { state: 'OPEN' as const, biz: { $lt: before } };
      const rows = await findRows(batches, filter, { session, sort: { biz: 1, _id: 1 }, limit });
      return rows.map(toBatch);
    },
    /** Newest first; of one merchant, or of all. */
    page: async (merchantId: string | null, place: PagePlace): Promise<Page<SettlementBatch>> => {
      const filter = merchantId === null ? {} : { merchantId };
      const { rows, more } = await findPage(batches, filter, { field: 'from', ...place });
      return { rows: rows.map(toBatch), more };
    },
    ofMerchant: async (merchantId: string): Promise<SettlementBatch[]> =>
      (await findRows(batches, { merchantId }, { session, sort: { biz: 1 } })).map(toBatch),
    /**
     * Adds items to their open batches. A batch that was closed meanwhile takes nothing: its id is taken, which runs the
     * unit of work again.
     */
    add: async (
      items: readonly SettlementItem[],
      dateOf: (item: SettlementItem) => BusinessDate,
    ) => {
      const writes = [...Map.groupBy(items, (item) => item.batchId)].map(([batchId, own]) => ({
        updateOne: {
          filter: { _id: batchId as never, state: 'OPEN' },
          update: { $setOnInsert: fresh(own[0]!, dateOf(own[0]!)), $inc: sumsToAdd(own) },
          upsert: true,
        },
      }));
      if (writes.length > 0) await batches.collection.bulkWrite(writes as never, options);
    },
    close: async (batch: SettlementBatch): Promise<void> => {
      await updateRow(
        batches,
        { _id: batch.id, state: 'OPEN' },
        {
          $set: {
            state: 'CLOSED',
            number: int64(batch.number),
            carriedIn: int64(batch.carriedIn),
            fee: int64(batch.fee),
            settled: int64(batch.settled),
            carriedOut: int64(batch.carriedOut),
            closedAt: batch.closedAt,
          },
        },
        { session, otherwise: 'a batch is closed once' },
      );
    },
    standingsOf: async (merchantIds: readonly string[]): Promise<MerchantStanding[]> =>
      (await findRows(standings, { _id: { $in: [...merchantIds] } }, { session })).map(toStanding),
    /** Counts what was collected, by merchant: who closes a batch of the merchant at the same moment meets it here. */
    countCollected: async (counts: ReadonlyMap<string, number>): Promise<void> => {
      const writes = [...counts].map(([merchantId, count]) => ({
        updateOne: {
          filter: { _id: merchantId as never },
          update: {
            $setOnInsert: { closedThrough: null, carried: ZERO, closed: ZERO },
            $inc: { collected: int64(count) },
          },
          upsert: true,
        },
      }));
      if (writes.length > 0) await standings.collection.bulkWrite(writes, options);
    },
    stand: async ({ merchantId, closedThrough, carried, closed }: MerchantStanding) =>
      updateRow(
        standings,
        { _id: merchantId, closed: int64(closed - 1) },
        { $set: { closedThrough, carried: int64(carried), closed: int64(closed) } },
        { session, otherwise: 'the batches of a merchant are closed one after another' },
      ),
  };
}

/** A batch into which nothing has come yet. */
const fresh = ({ merchantId }: SettlementItem, biz: BusinessDate) => ({
  merchantId,
  biz,
  from: new Date(`${biz}T00:00:00+09:00`),
  number: ZERO,
  carriedIn: ZERO,
  fee: ZERO,
  settled: ZERO,
  carriedOut: ZERO,
  closedAt: null,
});

function sumsToAdd(items: readonly SettlementItem[]): Record<string, bigint> {
  const sums: Record<string, bigint> = { count: int64(items.length) };
  for (const { basisPoints, side, amount } of items) {
    const path = `rates.${basisPoints}.${side === 'PAYMENT' ? 'pay' : 'back'}`;
    sums[path] = (sums[path] ?? ZERO) + int64(amount);
  }
  return sums;
}

export const settlementBatchSortKey = ({ businessDate, id }: SettlementBatch): string =>
  placeOf(new Date(`${businessDate}T00:00:00+09:00`), id);

const toBatch = (row: BatchDocument): SettlementBatch => ({
  id: row._id,
  merchantId: row.merchantId,
  businessDate: row.biz as BusinessDate,
  state: row.state,
  rates: Object.entries(row.rates)
    .map(([basisPoints, { pay = ZERO, back = ZERO }]) => ({
      basisPoints: Number(basisPoints),
      payments: fromInt64(pay),
      refunds: fromInt64(back),
    }))
    .sort((a, b) => a.basisPoints - b.basisPoints),
  count: fromInt64(row.count),
  number: fromInt64(row.number),
  carriedIn: fromInt64(row.carriedIn),
  fee: fromInt64(row.fee),
  settled: fromInt64(row.settled),
  carriedOut: fromInt64(row.carriedOut),
  closedAt: row.closedAt,
});

const toStanding = (row: StandingDocument): MerchantStanding => ({
  merchantId: row._id,
  closedThrough: row.closedThrough as BusinessDate | null,
  carried: fromInt64(row.carried),
  closed: fromInt64(row.closed),
});
