import type { GraphClient, GraphFault, Refusal } from '@7pay/ui';
import { issueHandles, registerPaymentDevice } from '../operations.ts';
import { agreeWith, deviceCode, makeDeviceKey, stepAt } from './device-code.ts';
import type { DeviceStore, KeptDevice } from './device.store.ts';

/** How a contact with the platform ended. `UNSUITABLE`: this browser or wallet makes no codes, the platform does. */
export type Contact =
  | { readonly reached: true; readonly replaced: boolean }
  | { readonly refusal: Refusal }
  | { readonly fault: GraphFault }
  | 'UNSUITABLE';

/** The digits of a step, and how long they are still shown. */
export interface DeviceDigits {
  readonly code: string;
  readonly leftMs: number;
}

/** The codes that this browser makes by itself, also while it is offline. */
export interface DeviceCodes {
  /** Registers if need be, tells that the device is online, and takes handles if there are few. */
  contact(): Promise<Contact>;
  /** Takes a handle that was never shown; null when none is left, or nobody in this tab has confirmed whose they are. */
  takeHandle(): Promise<string | null>;
  digits(handle: string): Promise<DeviceDigits | null>;
  /** Whether codes can be shown in this tab without asking. */
  readonly isConfirmed: boolean;
  /** Somebody else may use this tab now: nothing is shown before the next contact. */
  distrust(): void;
}

const confirmedNote = '7pay.wallet.device';

/** Opens the codes of this browser. `now` is its clock, in milliseconds since 1970. */
export function openDeviceCodes(world: {
  store: DeviceStore;
  graph: GraphClient;
  notes: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  now: () => number;
}): DeviceCodes {
  const { store, graph, notes, now } = world;
  let running: Promise<Contact> | null = null;
  let broken = false;

  const register = async (): Promise<KeptDevice | Exclude<Contact, { reached: true }>> => {
    let kept = await store.read();
    if (!kept) {
      kept = { ...(await makeDeviceKey()), registered: null, handles: [], aheadMs: 0 };
      await store.write(kept); // before it is sent: a lost answer is asked for again with the same key
    }
    if (kept.registered) return kept;
    const input = { publicKeyX: kept.x, publicKeyY: kept.y, name: '' };
    const answer = await graph(registerPaymentDevice, { input });
    if ('fault' in answer) return { fault: answer.fault };
    const result = answer.data.registerPaymentDevice;
    if (!('device' in result)) {
      return result.__typename === 'TooManyPaymentDevices' ? 'UNSUITABLE' : { refusal: result };
    }
    const server = { x: result.serverKeyX, y: result.serverKeyY };
    const registered = { id: result.device.id, agreed: await agreeWith(kept.key, server) };
    await store.write({ ...kept, registered });
    return { ...kept, registered };
  };

  const refill = async (again: boolean): Promise<Contact> => {
    const kept = await register();
    if (kept === 'UNSUITABLE' || !('registered' in kept)) return kept;
    const deviceId = kept.registered?.id ?? '';
    const answer = await graph(issueHandles, { input: { deviceId, left: kept.handles.length } });
    if ('fault' in answer) return { fault: answer.fault };
    const result = answer.data.issueHandles;
    if (!('handles' in result)) {
      if (result.__typename !== 'PaymentDeviceUnknown' || !again) return { refusal: result };
      await store.forget(); // removed, or another member’s
      return refill(false);
    }
    // Read anew: a handle may have been shown while the platform was asked.
    const { handles = [] } = (await store.read()) ?? {};
    const left = result.replacesAll ? [] : handles;
    const aheadMs = Date.parse(result.now) - now();
    await store.write({ ...kept, handles: [...left, ...result.handles], aheadMs });
    notes.setItem(confirmedNote, deviceId);
    return { reached: true, replaced: result.replacesAll };
  };

  const own = async (): Promise<KeptDevice | null> => {
    const kept = await store.read().catch(() => null);
    const id = kept?.registered?.id;
    return id !== undefined && notes.getItem(confirmedNote) === id ? kept : null;
  };

  return {
    contact: () =>
      (running ??= (broken ? Promise.resolve<Contact>('UNSUITABLE') : refill(true))
        .catch((): Contact => {
          broken = true; // no IndexedDB, no ECDH, a store that fails: the platform makes the codes
          return 'UNSUITABLE';
        })
        .finally(() => (running = null))),
    takeHandle: async () => {
      const kept = await own();
      const [handle, ...handles] = kept?.handles ?? [];
      if (!kept || handle === undefined) return null;
      await store.write({ ...kept, handles });
      return handle;
    },
    digits: async (handle) => {
      const kept = await own();
      if (!kept?.registered) return null;
      const ms = now() + kept.aheadMs;
      const { step, endsAt } = stepAt(ms);
      const { id: deviceId, agreed } = kept.registered;
      return { code: await deviceCode(agreed, { deviceId, handle, step }), leftMs: endsAt - ms };
    },
    get isConfirmed() {
      return notes.getItem(confirmedNote) !== null;
    },
    distrust: () => notes.removeItem(confirmedNote),
  };
}
