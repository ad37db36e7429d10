import { randomBytes } from 'node:crypto';
import { defineModel } from '@7pay/mongo';
import type { Clock } from '@7pay/time';
import { type Connection, Schema } from 'mongoose';
import { seal, unseal } from '../keys/seal.ts';
import type { Acr } from '../login/acr.ts';
import { type Approval, WAITING_MAX } from './approval.ts';

interface ApprovalDocument {
  _id: string;
  accountId: string;
  clientId: string;
  request: string;
  scopes: string[];
  bindingMessage: string | null;
  acr: Acr;
  askedAt: Date;
  decided?: 'allowed' | 'denied';
  expiresAt: Date;
}

const schema = new Schema<ApprovalDocument>(
  {
    _id: { type: String, required: true },
    accountId: { type: String, required: true },
    clientId: { type: String, required: true },
    request: { type: String, required: true },
    scopes: { type: [String], required: true },
    bindingMessage: { type: String, default: null },
    acr: { type: String, required: true },
    askedAt: { type: Date, required: true },
    decided: String,
    expiresAt: { type: Date, required: true },
  },
  { versionKey: false },
);
schema.index({ accountId: 1, askedAt: -1 });
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export const approvalModel = (connection: Connection) =>
  defineModel(connection, 'identity_approval', schema);

export interface ApprovalStore {
  add(approval: Omit<Approval, 'id'>): Promise<void>;
  /** The newest that wait for a member. */
  waiting(accountId: string): Promise<Approval[]>;
  /** One that waits for this member. */
  find(id: string, accountId: string): Promise<Approval | undefined>;
  /** Decides one of a member, once: of any number of callers one gets it. */
  decide(
    id: string,
    accountId: string,
    decision: 'allowed' | 'denied',
  ): Promise<Approval | undefined>;
}

/** What waits for members to approve, in the database. */
export function openApprovalStore(
  connection: Connection,
  { clock, secrets }: { clock: Clock; secrets: readonly string[] },
): ApprovalStore {
  const approvals = approvalModel(connection);
  const toApproval = (row: ApprovalDocument): Approval => {
    const { _id: id, request, decided: _decided, ...rest } = row;
    return { ...rest, id, requestId: unseal(request, secrets, 'approval') };
  };
  const open = () => ({ decided: { $exists: false }, expiresAt: { $gt: clock.now() } });

  return {
    add: async ({ requestId, scopes, ...rest }) => {
      const _id = randomBytes(18).toString('base64url');
      const request = seal(requestId, secrets[0] ?? '', 'approval');
      await approvals.create([{ ...rest, _id, request, scopes: [...scopes] }]);
    },
    waiting: async (accountId) => {
      const rows = await approvals
        .find({ accountId, ...open() })
        .sort({ askedAt: -1 })
        .limit(WAITING_MAX)
        .lean();
      return rows.map(toApproval);
    },
    find: async (id, accountId) => {
      const row = await approvals.findOne({ _id: id, accountId, ...open() }).lean();
      return row ? toApproval(row) : undefined;
    },
    decide: async (id, accountId, decision) => {
      const row = await approvals
        .findOneAndUpdate({ _id: id, accountId, ...open() }, { $set: { decided: decision } })
        .lean();
      return row ? toApproval(row) : undefined;
    },
  };
}
