import { defineModel, type ResumeToken } from '@7pay/mongo';
import { type Connection, Schema } from 'mongoose';

interface PositionDocument {
  _id: string;
  token: ResumeToken | null;
  at: Date;
}
interface ParkedDocument {
  _id: string;
  group: string;
  event: unknown;
  reason: string;
  at: Date;
}

const positionSchema = new Schema<PositionDocument>(
  {
    _id: { type: String, required: true },
    token: { type: Schema.Types.Mixed, default: null },
    at: { type: Date, required: true },
  },
  { versionKey: false, minimize: false },
);
const parkedSchema = new Schema<ParkedDocument>(
  {
    _id: { type: String, required: true },
    group: { type: String, required: true },
    event: { type: Schema.Types.Mixed, required: true },
    reason: { type: String, required: true },
    at: { type: Date, required: true },
  },
  { versionKey: false, minimize: false },
);

export const positionModel = (connection: Connection) =>
  defineModel(connection, 'events_positions', positionSchema);

/** How far a group has read a feed, and the events it could not deal with. */
export function openPositions(connection: Connection, group: string, collection: string) {
  const positions = positionModel(connection);
  const parked = defineModel(connection, 'events_parked', parkedSchema);
  const _id = `${group}|${collection}`;
  return {
    find: () => positions.findById(_id).lean(),
    save: async (token: ResumeToken | null, at: Date) => {
      await positions.updateOne({ _id }, { $set: { token, at } }, { upsert: true });
    },
    park: async (eventId: string, event: unknown, reason: string, at: Date) => {
      await parked.updateOne(
        { _id: `${group}|${eventId}` },
        { $set: { group, event, reason, at } },
        { upsert: true },
      );
    },
  };
}
