import {
  defineModel,
  findRow,
  findRows,
  fromInt64,
  insertRow,
  int64,
  updateRow,
} from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { CodeLogin } from '../payment-code/code-login.ts';
import type { PaymentDevice } from './payment-device.ts';

interface DeviceDocument {
  _id: string;
  walletId: string;
  memberId: string;
  name: string;
  state: PaymentDevice['state'];
  place: bigint;
  /** Unique: two devices never take the same place of a wallet. */
  seat: string;
  serverX: string;
  serverY: string;
  sealed: string;
  registeredAt: Date;
  contactAt: Date;
  payments: bigint;
  spent: bigint;
  batch: bigint;
  epoch: bigint;
  generation: bigint;
  /** None on those of an older version. */
  logins?: readonly CodeLogin[];
  removedAt: Date | null;
}

const KEPT_SECONDS = 90 * 24 * 60 * 60; // a removed one, for support
const text = { type: String, required: true };
const instant = { type: Date, required: true };
const whole = { type: BigInt, required: true };
const schema = new Schema<DeviceDocument>(
  {
    _id: text,
    walletId: text,
    memberId: text,
    name: text,
    state: text,
    place: whole,
    seat: text,
    serverX: text,
    serverY: text,
    sealed: { type: String, default: '' },
    registeredAt: instant,
    contactAt: instant,
    payments: whole,
    spent: whole,
    batch: whole,
    epoch: whole,
    generation: whole,
    logins: { type: [Object], default: [] },
    removedAt: { type: Date, default: null },
  },
  { versionKey: false },
)
  .index({ seat: 1 }, { unique: true })
  .index({ walletId: 1 })
  .index({ removedAt: 1 }, { expireAfterSeconds: KEPT_SECONDS });

export const paymentDeviceModel = (connection: Connection) =>
  defineModel(connection, 'wallet_payment_devices', schema);

/** The devices that make payment codes. */
export function paymentDeviceStore(connection: Connection, session: ClientSession | null) {
  const devices = paymentDeviceModel(connection);
  return {
    find: async (id: string): Promise<PaymentDevice | null> => {
      const row = await findRow(devices, { _id: id }, session);
      return row && toDevice(row);
    },
    /** The active ones, by place. */
    ofWallet: async (walletId: string): Promise<PaymentDevice[]> => {
      const rows = await findRows(devices, { walletId, state: 'ACTIVE' }, { session, limit: 20 });
      return rows.map(toDevice).toSorted((a, b) => a.place - b.place);
    },
    insert: (device: PaymentDevice): Promise<void> =>
      insertRow(devices, toDocument(device), session),
    /** Writes how a device stands now. A removed one stays removed. */
    change: (device: PaymentDevice): Promise<void> => {
      const { _id, ...fields } = toDocument(device);
      return updateRow(
        devices,
        { _id, state: 'ACTIVE' },
        { $set: fields },
        { session, otherwise: 'a removed device does not change' },
      );
    },
  };
}

function toDocument({ id, serverKey, ...device }: PaymentDevice): DeviceDocument {
  return {
    _id: id,
    ...device,
    place: int64(device.place),
    seat: device.state === 'ACTIVE' ? `${device.walletId}:${device.place}` : `removed:${id}`,
    serverX: serverKey.x,
    serverY: serverKey.y,
    payments: int64(device.payments),
    spent: int64(device.spent),
    batch: int64(device.batch),
    epoch: int64(device.epoch),
    generation: int64(device.generation),
  };
}

function toDevice({ _id, seat: _seat, serverX, serverY, ...row }: DeviceDocument): PaymentDevice {
  return {
    id: _id,
    ...row,
    logins: row.logins ?? [],
    serverKey: { x: serverX, y: serverY },
    place: fromInt64(row.place),
    payments: fromInt64(row.payments),
    spent: fromInt64(row.spent),
    batch: fromInt64(row.batch),
    epoch: fromInt64(row.epoch),
    generation: fromInt64(row.generation),
  };
}
