import type { Page } from '@7pay/graphql';
import { yen } from '@7pay/money';
import {
  defineModel,
  findPage,
  findRow,
  findRows,
  fromInt64,
  insertRow,
  updateRow,
  int64,
  placeOf,
  type PagePlace,
} from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import { type Waiting, WAITING_AT_ONCE } from './top-up-limits.ts';
import type { ChallengeResult, TopUp, TopUpSource, TopUpState } from './top-up.ts';

/** Which of the pending top-ups are asked for. */
export interface PendingQuestion {
  readonly sources: readonly TopUpSource[];
  readonly before: Date;
  readonly limit: number;
  readonly after: TopUp | null;
}

/** A top-up as stored: what only some sources have is absent in the others. */
interface TopUpDocument {
  _id: string;
  source: TopUpSource;
  walletId: string;
  memberId: string;
  merchantId?: string;
  storeId?: string;
  terminalId?: string;
  atmId?: string;
  atmTransactionId?: string;
  cardId?: string;
  challenge?: ChallengeResult;
  calledOff?: boolean;
  pointsAccountId?: string;
  request: string;
  amount: bigint;
  state: TopUpState;
  requestedAt: Date;
  settledAt: Date | null;
  generation: bigint;
}

const text = { type: String, required: true };
const schema = new Schema<TopUpDocument>(
  {
    _id: text,
    source: text,
    walletId: text,
    memberId: text,
    merchantId: String,
    storeId: String,
    terminalId: String,
    atmId: String,
    atmTransactionId: String,
    cardId: String,
    challenge: String,
    calledOff: Boolean,
    pointsAccountId: String,
    request: text,
    amount: { type: BigInt, required: true },
    state: text,
    requestedAt: { type: Date, required: true },
    settledAt: { type: Date, default: null },
    generation: { type: BigInt, required: true },
  },
  { versionKey: false },
)
  .index({ walletId: 1, requestedAt: -1, _id: -1 })
  .index({ cardId: 1, state: 1 }, { partialFilterExpression: { cardId: { $exists: true } } })
  .index({ walletId: 1 }, { partialFilterExpression: { state: 'PENDING' } })
  .index({ requestedAt: 1 }, { partialFilterExpression: { state: 'PENDING' } });

export const topUpModel = (connection: Connection) => defineModel(connection, TOP_UPS, schema);

/** A transaction of the ATM network that something was written about. */
interface AtmTransactionDocument {
  _id: string;
  at: Date;
}
const atmTransactionSchema = new Schema<AtmTransactionDocument>(
  { _id: text, at: { type: Date, required: true } },
  { versionKey: false },
);
export const atmTransactionModel = (connection: Connection) =>
  defineModel(connection, 'wallet_atmTransactions', atmTransactionSchema);

/** The top-ups, inside a session or outside of one. */
export function topUpStore(connection: Connection, session: ClientSession | null) {
  const topUps = topUpModel(connection);
  const atmTransactions = atmTransactionModel(connection);
  return {
    find: async (id: string): Promise<TopUp | null> => {
      const row = await findRow(topUps, { _id: id }, session);
      return row && toTopUp(row);
    },
    insert: async ({ id, amount, generation, ...topUp }: TopUp): Promise<void> => {
      const document = { _id: id, ...topUp, amount: int64(amount), generation: int64(generation) };
      await insertRow(topUps, document, session);
    },
    /**
     * Notes that a transaction of the ATM network is known from now on, by whoever hears of it first: that it was agreed to, or that
     * cash was taken for it. Of two at once the second meets this note, and looks again.
     * @throws a duplicate key, with which a unit of work runs again
     */
    noteAtm: (id: string, at: Date): Promise<void> =>
      insertRow(atmTransactions, { _id: id, at }, session),
    finish: (id: string, state: TopUpState, settledAt: Date): Promise<void> =>
      updateRow(
        topUps,
        { _id: id, state: 'PENDING' },
        { $set: { state, settledAt } },
        { session, otherwise: 'a top-up is finished once' },
      ),
    /** Money came for it after it had been declined. */
    moveToSuspense: (id: string, settledAt: Date): Promise<void> =>
      updateRow(
        topUps,
        { _id: id, state: 'DECLINED' },
        { $set: { state: 'SUSPENSE', settledAt } },
        { session, otherwise: 'only what was declined moves to suspense' },
      ),
    /** Where a top-up ends that had a case: an operator has decided. */
    moveOn: ({ id, state }: TopUp, to: TopUpState, settledAt: Date): Promise<void> =>
      updateRow(
        topUps,
        { _id: id, state },
        { $set: { state: to, settledAt } },
        { session, otherwise: 'a top-up moved between its read and its update' },
      ),
    /** Decides for good that a charge is not booked. */
    callOff: (id: string): Promise<void> =>
      updateRow(
        topUps,
        { _id: id, state: 'PENDING' },
        { $set: { calledOff: true } },
        { session, otherwise: 'only what is pending is called off' },
      ),
    noteChallenge: (id: string, challenge: ChallengeResult): Promise<void> =>
      updateRow(
        topUps,
        { _id: id },
        { $set: { challenge } },
        { session, otherwise: 'a challenge belongs to a top-up' },
      ),
    /** What of a wallet is not decided yet. */
    waitingOf: async (walletId: string): Promise<Waiting[]> =>
      (
        await findRows(topUps, { walletId, state: 'PENDING' }, { session, limit: WAITING_AT_ONCE })
      ).map(({ source, amount }) => ({ source, amount: fromInt64(amount) })),
    /** Whether a card has ever filled a wallet. */
    hasSettled: async (cardId: string): Promise<boolean> =>
      (await findRow(topUps, { cardId, state: 'SETTLED' }, session)) !== null,
    /** Those of some sources that wait for a party outside, oldest first, requested before the instant; behind a row. */
    pending: async ({ sources, before, limit, after }: PendingQuestion): Promise<TopUp[]> => {
      const behind = after
        ? {
            $or: [
              { requestedAt: { $gt: after.requestedAt } },
              { requestedAt: after.requestedAt, _id: { $gt: after.id } },
            ],
          }
        : {};
      const rows = await findRows(
        topUps,
        {
          state: 'PENDING',
          source: { $in: [...sources] },
          requestedAt: { $lt: before },
          ...behind,
        },
        { session, sort: { requestedAt: 1, _id: 1 }, limit },
      );
      return rows.map((row) => toTopUp(row));
    },
    ofWallet: async (walletId: string, place: PagePlace): Promise<Page<TopUp>> => {
      const { rows, more } = await findPage(
        topUps,
        { walletId },
        { field: 'requestedAt', ...place },
      );
      return { rows: rows.map((row) => toTopUp(row)), more };
    },
  };
}

/** The place of a top-up in a list, newest first. */
export const topUpSortKey = ({ requestedAt, id }: TopUp): string => placeOf(requestedAt, id);

/** The collection of the top-ups. */
export const TOP_UPS = 'wallet_topUps';

/** A top-up as a change stream tells it. */
export const topUpIn = (document: Readonly<Record<string, unknown>>): TopUp =>
  toTopUp(document as unknown as TopUpDocument); // only this store writes the collection

// What each source has is written with it, and by this store alone.
const toTopUp = ({ _id, amount, generation, ...row }: TopUpDocument): TopUp =>
  ({
    id: _id,
    ...row,
    amount: yen(fromInt64(amount)),
    generation: fromInt64(generation),
  }) as TopUp;
