import { defineModel, findRow, findRows, insertRow, updateRow } from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import { type Card, CARDS_AT_ONCE } from './card.ts';

/** A removed card has no slot: no index keeps its place. */
type CardDocument = Omit<Card, 'id' | 'slot'> & { _id: string; slot?: number };

const text = { type: String, required: true };
const schema = new Schema<CardDocument>(
  {
    _id: text,
    memberId: text,
    slot: Number,
    token: text,
    bin: text,
    lastFour: text,
    brand: text,
    funding: text,
    expires: text,
    registeredAt: { type: Date, required: true },
    passedAt: { type: Date, required: true },
  },
  { versionKey: false },
).index(
  // Two registrations that race take two places, and never a fourth.
  { memberId: 1, slot: 1 },
  { unique: true, partialFilterExpression: { slot: { $exists: true } } },
);

export const cardModel = (connection: Connection) =>
  defineModel(connection, 'wallet_cards', schema);

/** The cards, inside a session or outside of one. */
export function cardStore(connection: Connection, session: ClientSession | null) {
  const cards = cardModel(connection);
  return {
    find: async (id: string): Promise<Card | null> => {
      const row = await findRow(cards, { _id: id }, session);
      return row && toCard(row);
    },
    findMany: async (ids: readonly string[]): Promise<Card[]> =>
      (await findRows(cards, { _id: { $in: [...ids] } })).map((row) => toCard(row)),
    /** Those that a member can charge. */
    ofMember: async (memberId: string): Promise<Card[]> =>
      (
        await findRows(
          cards,
          { memberId, slot: { $exists: true } },
          { session, sort: { slot: 1 }, limit: CARDS_AT_ONCE },
        )
      ).map((row) => toCard(row)),
    insert: async ({ id, slot, ...card }: Card & { slot: number }): Promise<void> =>
      insertRow(cards, { _id: id, slot, ...card }, session),
    remove: (id: string): Promise<void> =>
      updateRow(
        cards,
        { _id: id, slot: { $exists: true } },
        { $unset: { slot: 1 } },
        { session, otherwise: 'a card is removed once' },
      ),
    notePassed: (id: string, passedAt: Date): Promise<void> =>
      updateRow(
        cards,
        { _id: id },
        { $set: { passedAt } },
        { session, otherwise: 'a challenge is passed with a card' },
      ),
  };
}

const toCard = ({ _id, slot, ...card }: CardDocument): Card => ({
  id: _id,
  ...card,
  slot: slot ?? null,
});
