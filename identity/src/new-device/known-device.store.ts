import { defineModel } from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import { allAheadOr } from '../storage/read-ahead.ts';
import { DEVICE_SECONDS } from './known-device.ts';

/** The devices of members, by the keys that {@link deviceKeys} makes. */
export interface KnownDeviceStore {
  /** Which of these keys are known. */
  known(keys: readonly string[]): Promise<Set<string>>;
  /** Whether anything is known of the member, and how often they were told since. */
  historyOf(memberId: string, since: Date): Promise<{ isEmpty: boolean; told: number }>;
  /** @throws a duplicate key when one of them is known */
  add(
    devices: { memberId: string; keys: readonly string[]; at: Date; told: boolean },
    session: ClientSession,
  ): Promise<void>;
}

interface DeviceDocument {
  _id: string;
  memberId: string;
  at: Date;
  told: boolean;
  expiresAt: Date;
}

const schema = new Schema<DeviceDocument>(
  {
    _id: { type: String, required: true },
    memberId: { type: String, required: true },
    at: { type: Date, required: true },
    told: { type: Boolean, required: true },
    expiresAt: { type: Date, required: true },
  },
  { versionKey: false },
)
  .index({ memberId: 1, told: 1, at: 1 })
  .index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export const knownDeviceModel = (connection: Connection) =>
  defineModel(connection, 'identity_knownDevices', schema);

/** The devices in the database. */
export function openKnownDeviceStore(connection: Connection): KnownDeviceStore {
  const devices = knownDeviceModel(connection);
  return {
    known: async (keys) => {
      const read = () => devices.find({ _id: { $in: [...keys] } }, { _id: 1 }).lean();
      const rows = await allAheadOr<{ _id: string }>(devices, keys, read);
      return new Set(rows.map(({ _id }) => _id));
    },
    historyOf: async (memberId, since) => {
      const [any, told] = await Promise.all([
        devices.exists({ memberId }),
        devices.countDocuments({ memberId, told: true, at: { $gt: since } }),
      ]);
      return { isEmpty: any === null, told };
    },
    add: async ({ memberId, keys, at, told }, session) => {
      const expiresAt = new Date(at.getTime() + DEVICE_SECONDS * 1_000);
      // One of them stands for the message: they count messages.
      const rows = keys.map((_id, index) => ({
        _id,
        memberId,
        at,
        told: told && index === 0,
        expiresAt,
      }));
      await devices.insertMany(rows, { session });
    },
  };
}
