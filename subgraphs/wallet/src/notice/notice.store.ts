import type { Page } from '@7pay/graphql';
import {
  defineModel,
  findPage,
  findRow,
  fromInt64,
  insertRow,
  int64,
  type PagePlace,
  placeOf,
} from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { Notice } from './notice.ts';

type NoticeDocument = Omit<Notice, 'id' | 'amount' | 'balanceAfter'> & {
  _id: string;
  amount: bigint;
  balanceAfter: bigint;
};

const text = { type: String, required: true };
const maybe = { type: String, default: null };
const schema = new Schema<NoticeDocument>(
  {
    _id: text,
    walletId: text,
    memberId: text,
    kind: text,
    amount: { type: BigInt, required: true },
    balanceAfter: { type: BigInt, required: true },
    subject: maybe,
    storeId: maybe,
    storeName: maybe,
    at: { type: Date, required: true },
    readAt: { type: Date, default: null },
  } as never,
  { versionKey: false },
)
  .index({ memberId: 1, at: -1, _id: -1 })
  .index({ memberId: 1, readAt: 1 });

/** The collection of the notices. */
export const NOTICES = 'wallet_notices';

export const noticeModel = (connection: Connection) => defineModel(connection, NOTICES, schema);

/** Above this nobody counts. */
export const UNREAD_MOST = 100;

/** The notices of members. */
export function noticeStore(connection: Connection, session: ClientSession | null) {
  const notices = noticeModel(connection);
  return {
    /** Writes a notice, and tells whether it is new; told again, it is there. */
    note: async ({ id: _id, amount, balanceAfter, ...row }: Notice): Promise<boolean> => {
      if (await findRow(notices, { _id }, session)) return false;
      const document = {
        _id,
        ...row,
        amount: int64(amount),
        balanceAfter: int64(balanceAfter),
      };
      await insertRow(notices, document, session);
      return true;
    },
    ofMember: async (memberId: string, at: PagePlace): Promise<Page<Notice>> => {
      const { rows, more } = await findPage(notices, { memberId }, { field: 'at', ...at });
      return { rows: rows.map((row) => toNotice(row)), more };
    },
    /** How many are unread, at most {@link UNREAD_MOST}. */
    unread: (memberId: string): Promise<number> =>
      notices.countDocuments({ memberId, readAt: null }).limit(UNREAD_MOST).exec(),
    /** Marks all of a member as read that are not younger than an instant. */
    markRead: async (memberId: string, until: Date, readAt: Date): Promise<void> => {
      const filter = { memberId, readAt: null, at: { $lte: until } };
      await notices.updateMany(filter as never, { $set: { readAt } });
    },
  };
}

/** The place of a notice in a list, newest first. */
export const noticeSortKey = ({ at, id }: Notice): string => placeOf(at, id);

/** A notice as a change stream tells it. */
export const noticeIn = (document: Readonly<Record<string, unknown>>): Notice =>
  toNotice(document as unknown as NoticeDocument); // only this store writes the collection

const toNotice = ({ _id, amount, balanceAfter, ...row }: NoticeDocument): Notice => ({
  id: _id,
  ...row,
  amount: fromInt64(amount),
  balanceAfter: fromInt64(balanceAfter),
});
