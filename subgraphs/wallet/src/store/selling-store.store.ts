import { defineModel, findRow, findRows } from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';

/** What the wallet knows of a store, from the merchant subgraph's events. */
interface StoreDocument {
  _id: string;
  merchantId: string;
  /** First business date on which it may sell. */
  opensOn: string;
  selling: boolean;
  name: string | null;
}

const text = { type: String, required: true };
const schema = new Schema<StoreDocument>(
  {
    _id: text,
    merchantId: text,
    opensOn: text,
    selling: { type: Boolean, required: true },
    name: { type: String, default: null },
  },
  { versionKey: false },
);

export const sellingStoreModel = (connection: Connection) =>
  defineModel(connection, 'wallet_stores', schema);

/** A store as the merchant's events tell it; its name is not told by old ones. */
export interface StoreTold {
  readonly id: string;
  readonly merchantId: string;
  readonly opensOn: string;
  readonly selling: boolean;
  readonly name: string | null;
}

/** The names of stores, as far as they are known. */
export function storeNamesStore(connection: Connection) {
  const stores = sellingStoreModel(connection);
  return async (ids: readonly string[]): Promise<ReadonlyMap<string, string>> => {
    const rows = await findRows(stores, { _id: { $in: [...new Set(ids)] } });
    return new Map(rows.flatMap(({ _id, name }) => (name ? [[_id, name] as const] : [])));
  };
}

/** The stores that may sell. */
export function sellingStoreStore(
  connection: Connection,
  session: ClientSession | null,
  today: () => string,
) {
  const stores = sellingStoreModel(connection);
  return {
    isSelling: async (id: string): Promise<boolean> => {
      const row = await findRow(stores, { _id: id }, session);
      return row !== null && row.selling && row.opensOn <= today();
    },
    /** Whose store it is; null for one that we do not know. */
    merchantOf: async (id: string): Promise<string | null> =>
      (await findRow(stores, { _id: id }, session))?.merchantId ?? null,
    /** What it is called, as far as it is known. */
    nameOf: async (id: string): Promise<string | null> =>
      (await findRow(stores, { _id: id }, session))?.name ?? null,
    /** Notes a store; noting it again changes nothing. */
    note: async (store: StoreTold) => {
      const { id, ...fields } = store;
      await stores.updateOne(
        { _id: id },
        { $set: fields },
        { upsert: true, ...(session ? { session } : {}) },
      );
    },
  };
}
