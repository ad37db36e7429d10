import { defineModel } from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';

/** Remembers which events a consumer has dealt with, in the transaction of the effect: exactly one effect each. */
export interface Inbox {
  /** Notes the event; false when it was noted before, and then the effect must be left out. */
  note(session: ClientSession, eventId: string): Promise<boolean>;
}

interface InboxDocument {
  _id: string;
  at: Date;
}

const schema = new Schema<InboxDocument>(
  { _id: { type: String, required: true }, at: { type: Date, required: true } },
  { versionKey: false },
);

export const inboxModel = (connection: Connection) =>
  defineModel(connection, 'events_inbox', schema);

/** The inbox of one consumer group. */
export function openInbox(connection: Connection, group: string, clock: { now(): Date }): Inbox {
  const inbox = inboxModel(connection);
  return {
    note: async (session, eventId) => {
      const _id = `${group}|${eventId}`;
      if (await inbox.exists({ _id }).session(session)) return false;
      await inbox.create([{ _id, at: clock.now() }], { session });
      return true;
    },
  };
}
