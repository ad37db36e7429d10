import type { Page } from '@7pay/graphql';
import { defineModel, findPage, insertRow, placeOf, type PagePlace } from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';
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
    bankAccount: { type: Schema.Types.Mixed, default: null },
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
      place: PagePlace,
    ): Promise<Page<MerchantApplication>> => {
      const filter = state ? { state } : {};
      const { rows, more } = await findPage(applications, filter, { field: 'appliedAt', ...place });
      return { rows: rows.map((row) => withId(row)), more };
    },
  };
}

/** The place of an application in a list, newest first. */
export const applicationSortKey = ({ appliedAt, id }: MerchantApplication): string =>
  placeOf(appliedAt, id);
