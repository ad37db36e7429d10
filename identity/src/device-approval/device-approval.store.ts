import { defineModel } from '@7pay/mongo';
import { type Connection, Schema } from 'mongoose';
import type { DeviceApproval } from './device-approval.ts';

interface DeviceApprovalDocument extends Omit<DeviceApproval, 'id'> {
  _id: string;
  /** How often it was asked for. */
  times: number;
  decided?: 'allowed' | 'denied';
  sweptAt: Date;
}

const HOUR_MS = 3_600_000;

const schema = new Schema<DeviceApprovalDocument>(
  {
    _id: { type: String, required: true },
    memberId: { type: String, required: true },
    sessionUid: { type: String, required: true },
    clientId: { type: String, required: true },
    agent: { type: String, default: null },
    country: { type: String, default: null },
    number: { type: String, required: true },
    askedAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    times: { type: Number, required: true },
    decided: String,
    sweptAt: { type: Date, required: true },
  },
  { versionKey: false },
)
  .index({ memberId: 1, askedAt: -1 })
  .index({ sweptAt: 1 }, { expireAfterSeconds: 0 });

export const deviceApprovalModel = (connection: Connection) =>
  defineModel(connection, 'identity_deviceApprovals', schema);

export interface DeviceApprovalStore {
  /** Asks, or asks anew in place of what the same request had asked before. */
  ask(approval: DeviceApproval): Promise<void>;
  /** How often new devices of a member asked since. */
  askedSince(memberId: string, since: Date): Promise<number>;
  find(id: string): Promise<(DeviceApproval & { decided: 'allowed' | 'denied' | null }) | null>;
  /** Those of a member that wait, the newest first. */
  waiting(memberId: string, now: Date): Promise<DeviceApproval[]>;
  /** Decides one of a member that waits, once: of any number of callers one gets it. */
  decide(
    one: { id: string; memberId: string; decision: 'allowed' | 'denied' },
    now: Date,
  ): Promise<DeviceApproval | null>;
  /** Uses one up that was allowed: of any number of callers one gets it. */
  take(id: string, memberId: string, now: Date): Promise<boolean>;
}

/** New devices that wait, in the database. */
export function openDeviceApprovalStore(connection: Connection): DeviceApprovalStore {
  const approvals = deviceApprovalModel(connection);
  const toApproval = ({ _id: id, ...row }: DeviceApprovalDocument): DeviceApproval => {
    const { decided: _, sweptAt: __, times: ___, ...rest } = row;
    return { ...rest, id };
  };
  const open = (now: Date) => ({ decided: { $exists: false }, expiresAt: { $gt: now } });
  return {
    ask: async ({ id, ...rest }) => {
      const sweptAt = new Date(rest.askedAt.getTime() + HOUR_MS);
      const set = { ...rest, sweptAt };
      const change = { $set: set, $inc: { times: 1 }, $unset: { decided: 1 } };
      await approvals.updateOne({ _id: id }, change, { upsert: true });
    },
    askedSince: async (memberId, since) => {
      const rows = await approvals.find({ memberId, askedAt: { $gt: since } }, { times: 1 }).lean();
      return rows.reduce((sum, { times }) => sum + times, 0);
    },
    find: async (id) => {
      const row = await approvals.findById(id).lean();
      return row && { ...toApproval(row), decided: row.decided ?? null };
    },
    waiting: async (memberId, now) => {
      const rows = await approvals
        .find({ memberId, ...open(now) })
        .sort({ askedAt: -1 })
        .lean();
      return rows.map(toApproval);
    },
    decide: async ({ id, memberId, decision }, now) => {
      const row = await approvals
        .findOneAndUpdate({ _id: id, memberId, ...open(now) }, { $set: { decided: decision } })
        .lean();
      return row && toApproval(row);
    },
    take: async (_id, memberId, now) => {
      const filter = { _id, memberId, decided: 'allowed', expiresAt: { $gt: now } } as const;
      // It stays for the count of the hour, and is good for nothing.
      const taken = await approvals.updateOne(filter, { $set: { decided: 'denied' } });
      return taken.matchedCount === 1;
    },
  };
}
