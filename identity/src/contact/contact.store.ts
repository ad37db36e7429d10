import { defineModel } from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { Channel, Contact } from './contact.ts';

export interface ContactStore {
  /** All contacts of a member, oldest first. */
  ofMember(memberId: string): Promise<Contact[]>;
  ofMembers(memberIds: readonly string[]): Promise<Contact[]>;
  /** Those that were verified, oldest first: the only ones that anything is sent to. */
  verifiedOf(memberId: string, session?: ClientSession): Promise<Contact[]>;
  /** The members who have verified this address: several may share one. At most ten. */
  holdersOf(channel: Channel, address: string): Promise<string[]>;
  /** Notes a contact that is to be verified; one that is there stays as it is. */
  add(contact: Omit<Contact, 'verifiedAt'>): Promise<void>;
  /** The member has shown a code that was sent there; false when the contact is gone. */
  verify(
    contact: Pick<Contact, 'memberId' | 'channel' | 'address'>,
    at: Date,
    session?: ClientSession,
  ): Promise<boolean>;
  /** Takes a contact away; false when there is none. */
  remove(
    contact: Pick<Contact, 'memberId' | 'channel' | 'address'>,
    session?: ClientSession,
  ): Promise<boolean>;
}

interface ContactDocument {
  _id: string;
  memberId: string;
  channel: Channel;
  address: string;
  addedAt: Date;
  verifiedAt: Date | null;
}

/** More than anybody has; a bound on what one member can be sent. */
export const CONTACTS_MAX = 6;

const text = { type: String, required: true };
const schema = new Schema<ContactDocument>(
  {
    _id: text,
    memberId: text,
    channel: { type: String, enum: ['mail', 'sms'], required: true },
    address: text,
    addedAt: { type: Date, required: true },
    verifiedAt: { type: Date, default: null },
  },
  { versionKey: false },
)
  .index({ memberId: 1, addedAt: 1 })
  // Several members may share a telephone; who asks for one wants to know them all.
  .index({ channel: 1, address: 1 });

export const contactModel = (connection: Connection) =>
  defineModel(connection, 'identity_contacts', schema);

const idOf = ({ memberId, channel, address }: Pick<Contact, 'memberId' | 'channel' | 'address'>) =>
  `${memberId}|${channel}|${address}`;

/** The contacts in the database. */
export function openContactStore(connection: Connection): ContactStore {
  const contacts = contactModel(connection);
  const find = async (filter: object, session?: ClientSession) => {
    const found = contacts.find(filter).session(session ?? null);
    return (await found.sort({ addedAt: 1, _id: 1 }).limit(1_000).lean()).map(toContact);
  };
  return {
    ofMember: (memberId) => find({ memberId }),
    ofMembers: (memberIds) => find({ memberId: { $in: [...memberIds] } }),
    verifiedOf: (memberId, session) => find({ memberId, verifiedAt: { $ne: null } }, session),
    holdersOf: async (channel, address) => {
      const filter = { channel, address, verifiedAt: { $ne: null } };
      const rows = await contacts.find(filter).sort({ addedAt: 1, _id: 1 }).limit(10).lean();
      return rows.map(({ memberId }) => memberId);
    },
    add: async (contact) => {
      await contacts.updateOne(
        { _id: idOf(contact) },
        { $setOnInsert: { ...contact, verifiedAt: null } },
        { upsert: true },
      );
    },
    verify: async (contact, at, session) => {
      const $set = { verifiedAt: at };
      const options = session ? { session } : {};
      const verified = await contacts.updateOne({ _id: idOf(contact) }, { $set }, options);
      return verified.matchedCount === 1;
    },
    remove: async (contact, session) => {
      const removed = contacts.deleteOne({ _id: idOf(contact) });
      return (await (session ? removed.session(session) : removed)).deletedCount === 1;
    },
  };
}

const toContact = ({ _id, ...row }: ContactDocument): Contact => row;
