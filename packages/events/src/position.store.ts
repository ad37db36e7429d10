import { defineModel, isDuplicateKey, positionOf, type ResumeToken } from '@7pay/mongo';
import { type Connection, Schema } from 'mongoose';

/** A place in the stream of a feed. */
export interface Position {
  readonly token: ResumeToken;
  /** Not later than the change behind which the place is: from there on the feed is read when the token is good for nothing. */
  readonly at: Date;
}

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
export interface Positions {
  find(): Promise<{ token: ResumeToken | null; at: Date } | null>;
  /** Moves on to a place. One that is further on stays: another process of the group has dealt with everything until there. */
  advance(position: Position): Promise<void>;
  /** The stream cannot go on behind this token. The instant stays, and so does the token of somebody who is further on. */
  forget(token: ResumeToken): Promise<void>;
  /** Everything until this instant was read from the feed itself. A token says more, and stays. */
  caughtUp(at: Date): Promise<void>;
  park(eventId: string, event: unknown, reason: string, at: Date): Promise<void>;
}

/** The positions and the parked events of one group in one feed, in the database. */
export function openPositions(
  connection: Connection,
  group: string,
  collection: string,
): Positions {
  const positions = positionModel(connection);
  const parked = defineModel(connection, 'events_parked', parkedSchema);
  const _id = `${group}|${collection}`;
  return {
    find: () => positions.findById(_id).lean(),
    advance: async ({ token, at }) => {
      const isBehind = {
        $or: [{ token: null }, { 'token._data': { $lte: positionOf(token) } }],
      };
      await unlessThere(
        positions.updateOne({ _id, ...isBehind }, { $set: { token, at } }, { upsert: true }),
      );
    },
    forget: async (token) => {
      await positions.updateOne({ _id, token }, { $set: { token: null } });
    },
    caughtUp: async (at) => {
      await unlessThere(
        positions.updateOne({ _id, token: null }, { $max: { at } }, { upsert: true }),
      );
    },
    park: async (eventId, event, reason, at) => {
      await parked.updateOne(
        { _id: `${group}|${eventId}` },
        { $set: { group, event, reason, at } },
        { upsert: true },
      );
    },
  };
}

// What the filter does not match would be inserted a second time: another process has come further.
async function unlessThere(writing: PromiseLike<unknown>): Promise<void> {
  try {
    await writing;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
}
