import type { Outbox } from '@7pay/events';
import type { IdSource } from '@7pay/ids';
import { isDuplicateKey, type UnitOfWork } from '@7pay/mongo';
import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import type { MemberStore } from '../account/member.store.ts';
import type { LoginRecord } from '../gate/login-record.ts';
import type { LoginRecordStore } from '../gate/login-record.store.ts';
import { deviceKeys, isFirstLogin, TOLD_PER_DAY_MAX } from './known-device.ts';
import type { KnownKeys } from './known-keys.ts';
import type { KnownDeviceStore } from './known-device.store.ts';

const DAY_MS = 86_400_000;

/**
 * Remembers the device of a login that holds; one that the member never used is written together with the event that tells of it,
 * once. It stands before the session is given out: a login of which nobody could be told is none.
 */
export type NoteDevice = (login: LoginRecord) => Promise<void>;

export const noteDevice =
  (deps: {
    devices: KnownDeviceStore;
    known: KnownKeys;
    logins: Pick<LoginRecordStore, 'hasUsed'>;
    members: Pick<MemberStore, 'find'>;
    unitOfWork: UnitOfWork;
    outbox: Outbox;
    clock: Clock;
    ids: IdSource;
    log: Log;
  }): NoteDevice =>
  async (login) => {
    const { devices, outbox, clock, ids, log } = deps;
    const all = deviceKeys(login);
    const known = await deps.known(login);
    const keys = all.filter((key) => !known.has(key));
    if (keys.length === 0) return;
    const { memberId } = login;
    const at = clock.now();
    const told = known.size === 0 && (await isNews(login, deps, at));
    try {
      await deps.unitOfWork(async (session) => {
        await devices.add({ memberId, keys, at, told }, session);
        if (!told) return;
        const { clientId, country, network, agent, atSeconds } = login;
        await outbox.append(session, {
          id: ids.next('evt'),
          name: 'identity.device.new.v1',
          at: at.toISOString(),
          body: {
            memberId,
            clientId,
            loggedInAt: new Date(atSeconds * 1_000).toISOString(),
            ...(country !== null && { country }),
            ...(network !== null && { network }),
            ...(agent !== null && { agent }),
          },
        });
      });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      return; // another tab of this device was here first, and told it
    }
    if (told) log.info('device.new', { memberId });
  };

async function isNews(
  login: LoginRecord,
  { devices, logins, members, log }: Parameters<typeof noteDevice>[0],
  at: Date,
): Promise<boolean> {
  const { memberId, atSeconds } = login;
  const { isEmpty, told } = await devices.historyOf(memberId, new Date(at.getTime() - DAY_MS));
  if (told >= TOLD_PER_DAY_MAX) {
    log.warn('device.new_not_told', { memberId, told });
    return false;
  }
  if (!isEmpty) return true;
  // Devices from before they were remembered are in the records of the logins.
  if (await logins.hasUsed(login)) return false;
  const member = await members.find(memberId);
  return member !== null && !isFirstLogin(atSeconds, member.registeredAt);
}
