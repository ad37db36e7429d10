import type { Page } from '@7pay/graphql';
import { defineModel, insertRow } from '@7pay/mongo';
import { type ClientSession, type Connection, type QueryFilter, Schema } from 'mongoose';
import type { Merchant, Store } from './merchant.ts';

type Stored<Row extends { id: string }> = Omit<Row, 'id'> & { _id: string };

const text = { type: String, required: true };
const merchantSchema = new Schema<Stored<Merchant>>(
  {
    _id: text,
    name: text,
    nameKana: text,
    state: text,
    opensOn: text,
    invoiceNumber: { type: String, default: null },
    bankAccount: { type: Schema.Types.Mixed, default: null },
  },
  { versionKey: false },
);
const storeSchema = new Schema<Stored<Store>>(
  {
    _id: text,
    merchantId: text,
    code: text,
    name: text,
    address: text,
    state: text,
    opensOn: text,
  },
  { versionKey: false },
)
  .index({ code: 1 }, { unique: true })
  .index({ merchantId: 1, code: 1 });

export const merchantModel = (connection: Connection) =>
  defineModel(connection, 'merchant_merchants', merchantSchema);
export const storeModel = (connection: Connection) =>
  defineModel(connection, 'merchant_stores', storeSchema);

/** The merchants and their stores. */
export function merchantStore(connection: Connection, session: ClientSession | null) {
  const merchants = merchantModel(connection);
  const stores = storeModel(connection);
  return {
    findMerchants: async (ids: readonly string[]): Promise<Merchant[]> =>
      (await merchants.find({ _id: { $in: [...ids] } }).lean()).map((row) => withId(row)),
    findStore: async (id: string): Promise<Store | null> => {
      const row = await stores.findById(id).session(session).lean();
      return row && withId(row);
    },
    findStores: async (ids: readonly string[]): Promise<Store[]> =>
      (await stores.find({ _id: { $in: [...ids] } }).lean()).map((row) => withId(row)),
    /** Stores by code; those of one merchant, or all that sell by a business date. */
    pageStores: async (
      of: { merchantId: string } | { sellingOn: string },
      { limit, after }: { limit: number; after: string | null },
    ): Promise<Page<Store>> => {
      const filter: QueryFilter<Stored<Store>> =
        'merchantId' in of
          ? { merchantId: of.merchantId }
          : { state: 'SELLING', opensOn: { $lte: of.sellingOn } };
      if (after) filter.code = { $gt: after };
      const rows = await stores
        .find(filter)
        .sort({ code: 1 })
        .limit(limit + 1)
        .lean();
      return { rows: rows.slice(0, limit).map((row) => withId(row)), more: rows.length > limit };
    },
    insert: async (merchant: Merchant, store: Store): Promise<void> => {
      await insertRow(merchants, withoutId(merchant), session);
      await insertRow(stores, withoutId(store), session);
    },
  };
}

/** A row with its `_id` under the name that the nouns use, and back. */
export const withId = <Row extends { _id: string }>({
  _id,
  ...row
}: Row): Omit<Row, '_id'> & { id: string } => ({
  id: _id,
  ...row,
});
export const withoutId = <Row extends { id: string }>({
  id,
  ...row
}: Row): Omit<Row, 'id'> & { _id: string } => ({
  _id: id,
  ...row,
});
