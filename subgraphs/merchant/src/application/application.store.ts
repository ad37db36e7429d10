import type { Page } from '@7pay/graphql';
import { defineModel, findPage, findRows, insertRow, placeOf, type PagePlace } from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import { withId, withoutId } from '../merchant/merchant.store.ts';
import {
  type ApplicationState,
  type MerchantApplication,
  OPEN_APPLICATIONS,
} from './application.ts';

/** A decided application has no slot: no index keeps its place. */
type ApplicationDocument = Omit<MerchantApplication, 'id' | 'slot'> & {
  _id: string;
  slot?: number;
};

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
    slot: Number,
  },
  { versionKey: false },
)
  .index({ state: 1, appliedAt: -1, _id: -1 })
  // Two applications that race take two places, and never one too many.
  .index(
    { appliedBy: 1, slot: 1 },
    { unique: true, partialFilterExpression: { slot: { $exists: true } } },
  );

export const applicationModel = (connection: Connection) =>
  defineModel(connection, 'merchant_applications', schema);

/** The applications. */
export function applicationStore(connection: Connection, session: ClientSession | null) {
  const applications = applicationModel(connection);
  return {
    find: async (id: string): Promise<MerchantApplication | null> => {
      const row = await applications.findById(id).session(session).lean();
      return row && toApplication(row);
    },
    /** Those of a member that wait for a decision. */
    openOf: async (appliedBy: string): Promise<MerchantApplication[]> =>
      (
        await findRows(
          applications,
          { appliedBy, slot: { $exists: true } },
          { session, sort: { slot: 1 }, limit: OPEN_APPLICATIONS },
        )
      ).map((row) => toApplication(row)),
    insert: async (application: MerchantApplication): Promise<void> => {
      await insertRow(applications, toDocument(application), session);
    },
    replace: async (application: MerchantApplication): Promise<void> => {
      const { _id, ...document } = toDocument(application);
      await applications.replaceOne({ _id }, document).session(session);
    },
    page: async (
      state: ApplicationState | null,
      place: PagePlace,
    ): Promise<Page<MerchantApplication>> => {
      const filter = state ? { state } : {};
      const { rows, more } = await findPage(applications, filter, { field: 'appliedAt', ...place });
      return { rows: rows.map((row) => toApplication(row)), more };
    },
  };
}

/** The place of an application in a list, newest first. */
export const applicationSortKey = ({ appliedAt, id }: MerchantApplication): string =>
  placeOf(appliedAt, id);

const toApplication = ({ slot, ...row }: ApplicationDocument): MerchantApplication => ({
  ...withId(row),
  slot: slot ?? null,
});

const toDocument = ({ slot, ...application }: MerchantApplication): ApplicationDocument => ({
  ...withoutId(application),
  ...(slot === null ? {} : { slot }),
});
