import { defineModel, findRow } from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';

/** What the wallet knows of a store, from the merchant subgraph's events. */
interface StoreDocument {
  _id: string;
  merchantId: string;
  /** First business date on which it may sell. */
  opensOn: string;
  selling: boolean;
}

const text = { type: String, required: true };
const schema = new Schema<StoreDocument>(
  { _id: text, merchantId: text, opensOn: text, selling: { type: Boolean, required: true } },
  { versionKey: false },
);

export const sellingStoreModel = (connection: Connection) =>
  defineModel(connection, 'wallet_stores', schema);

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
    /** Notes a store; noting it again changes nothing. */
    note: async (store: { id: string; merchantId: string; opensOn: string; selling: boolean }) => {
      const { id, ...fields } = store;
      await stores.updateOne(
        { _id: id },
        { $set: fields },
        { upsert: true, ...(session ? { session } : {}) },
      );
    },
  };
}
