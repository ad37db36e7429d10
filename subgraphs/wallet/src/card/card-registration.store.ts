import { defineModel, findRow, findRows, insertRow, updateRow } from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import { type CardRegistration, TRIES_A_DAY } from './card.ts';

type CardRegistrationDocument = Omit<CardRegistration, 'id'> & { _id: string };

const text = { type: String, required: true };
const schema = new Schema<CardRegistrationDocument>(
  {
    _id: text,
    memberId: text,
    businessDate: text,
    n: { type: Number, required: true },
    state: text,
    cardId: { type: String, default: null },
    requestedAt: { type: Date, required: true },
  },
  { versionKey: false },
)
  // Two tries that race are two tries.
  .index({ memberId: 1, businessDate: 1, n: 1 }, { unique: true });

export const cardRegistrationModel = (connection: Connection) =>
  defineModel(connection, 'wallet_cardRegistrations', schema);

/** The tries to register cards, inside a session or outside of one. */
export function cardRegistrationStore(connection: Connection, session: ClientSession | null) {
  const registrations = cardRegistrationModel(connection);
  return {
    find: async (id: string): Promise<CardRegistration | null> => {
      const row = await findRow(registrations, { _id: id }, session);
      return row && toRegistration(row);
    },
    /** How many tries of a day there were; no more than are allowed. */
    countOf: async (memberId: string, businessDate: string): Promise<number> => {
      const filter = { memberId, businessDate: businessDate as CardRegistration['businessDate'] };
      return (await findRows(registrations, filter, { session, limit: TRIES_A_DAY })).length;
    },
    insert: async ({ id, ...registration }: CardRegistration): Promise<void> =>
      insertRow(registrations, { _id: id, ...registration }, session),
    finish: (id: string, end: Pick<CardRegistration, 'state' | 'cardId'>): Promise<void> =>
      updateRow(
        registrations,
        { _id: id, state: 'OPEN' },
        { $set: end },
        { session, otherwise: 'a registration ends once' },
      ),
  };
}

const toRegistration = ({ _id, ...rest }: CardRegistrationDocument): CardRegistration => ({
  id: _id,
  ...rest,
});
