import type { LoginRecord } from '../gate/login-record.ts';
import { deviceKeys } from './known-device.ts';
import type { KnownDeviceStore } from './known-device.store.ts';

/** Which keys of its device are known of a login's member. Asked once for each login, by whoever needs it first. */
export type KnownKeys = (login: LoginRecord) => Promise<ReadonlySet<string>>;

export function knownKeys(devices: Pick<KnownDeviceStore, 'known'>): KnownKeys {
  const asked = new WeakMap<LoginRecord, Promise<ReadonlySet<string>>>();
  return (login) => {
    const known = asked.get(login) ?? devices.known(deviceKeys(login));
    asked.set(login, known);
    return known;
  };
}
