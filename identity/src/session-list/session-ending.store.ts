import { defineModel, insertRow } from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';

/** That an operator ended the sessions of a member. Written with it or not at all; never changed. */
export interface SessionEnding {
  readonly memberId: string;
  readonly actor: string;
  readonly reason: string;
  readonly at: Date;
}

const text = { type: String, required: true };
const schema = new Schema<SessionEnding>(
  { memberId: text, actor: text, reason: text, at: { type: Date, required: true } },
  { versionKey: false },
).index({ memberId: 1, at: -1 });

export const sessionEndingModel = (connection: Connection) =>
  defineModel(connection, 'identity_sessionEndings', schema);

export interface SessionEndingStore {
  append(ending: SessionEnding, session: ClientSession): Promise<void>;
}

/** The record of whose sessions operators ended. */
export function openSessionEndingStore(connection: Connection): SessionEndingStore {
  const endings = sessionEndingModel(connection);
  return { append: async (ending, session) => void (await insertRow(endings, ending, session)) };
}
