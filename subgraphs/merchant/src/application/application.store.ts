import type { Page } from '@7pay/graphql';
import { defineModel, insertRow } from '@7pay/mongo';
import { type ClientSession, type Connection, type QueryFilter, Schema } from 'mongoose';
import { withId, withoutId } from '../merchant/merchant.store.ts';
import type { ApplicationState, MerchantApplication } from './application.ts';

type ApplicationDocument = Omit<MerchantApplication, 'id'> & { _id: string };

const text = { type: String, required: true };
const maybe = { type: String, default: null };
const schema = new Schema<ApplicationDocument>(
  {
    _id: text,
    request: text,
    merchantName: text,
    merchantNameKana: text,
    storeName: text,
    storeAddress: text,
    invoiceNumber: maybe,
    opensOn: text,
    state: text,
    appliedBy: text,
    appliedAt: { type: Date, required: true },
    recommendedBy: maybe,
    decidedBy: maybe,
    decidedAt: { type: Date, default: null },
    reason: maybe,
    merchantId: maybe,
    storeId: maybe,
  },
  { versionKey: false },
).index({ state: 1, appliedAt: -1, _id: -1 });

export const applicationModel = (connection: Connection) =>
  defineModel(connection, 'merchant_applications', schema);

/** The applications. */
export function applicationStore(connection: Connection, session: ClientSession | null) {
  const applications = applicationModel(connection);
  return {
    find: async (id: string): Promise<MerchantApplication | null> => {
      const row = await applications.findById(id).session(session).lean();
      return row && withId(row);
    },
    insert: async (application: MerchantApplication): Promise<void> => {
      await insertRow(applications, withoutId(application), session);
    },
    replace: async (application: MerchantApplication): Promise<void> => {
      const { _id, ...document } = withoutId(application);
      await applications.replaceOne({ _id }, document).session(session);
    },
    page: async (
      state: ApplicationState | null,
      { limit, after }: { limit: number; after: string | null },
    ): Promise<Page<MerchantApplication>> => {
      const filter: QueryFilter<ApplicationDocument> = state ? { state } : {};
      const [at, id] = after?.split('|') ?? [];
      if (at !== undefined && id !== undefined) {
        const instant = new Date(at);
        filter.$or = [{ appliedAt: { $lt: instant } }, { appliedAt: instant, _id: { $lt: id } }];
      }
      const rows = await applications
        .find(filter)
        .sort({ appliedAt: -1, _id: -1 })
        .limit(limit + 1)
        .lean();
      return { rows: rows.slice(0, limit).map((row) => withId(row)), more: rows.length > limit };
    },
  };
}

/** The place of an application in a list, newest first. */
export const applicationSortKey = ({ appliedAt, id }: MerchantApplication): string =>
  `${appliedAt.toISOString()}|${id}`;
