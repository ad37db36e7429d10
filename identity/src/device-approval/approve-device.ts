import { randomInt, timingSafeEqual } from 'node:crypto';
import { digest } from '@7pay/ids';
import { type Refused, refuse } from '@7pay/refusals';
import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import type { MemberStore } from '../account/member.store.ts';
import type { Login } from '../login/login.ts';
import type { WindowCounts } from '../one-time-code/window-count.store.ts';
import { isConfirmed } from '../second-factor/second-factor.ts';
import type { SessionStore } from '../storage/session.store.ts';
import {
  ASKED_PER_HOUR_MAX,
  type DeviceApproval,
  type DeviceApprovalRefusal,
  type NewDevice,
  NUMBER_DIGITS,
  WAIT_SECONDS,
  WAITING_MAX,
} from './device-approval.ts';
import type { DeviceApprovalStore } from './device-approval.store.ts';

const HOUR_MS = 3_600_000;
const SESSIONS_LOOKED_AT = 100;

/** The login of a new device that is to be confirmed, and the request of the app that asks for it. */
export interface Asking {
  readonly uid: string;
  readonly login: Pick<Login, 'memberId' | 'amr'> & { readonly sessionUid: string };
}

/** A new device is confirmed by a device on which the member proved more. */
export interface ApproveDevice {
  /** Whether the member is logged in elsewhere by more than a way in. */
  isPossible(asking: Asking): Promise<boolean>;
  /** The number that this page shows while it waits; null when it did not ask. */
  numberOf(asking: Asking): Promise<string | null>;
  ask(asking: Asking, device: NewDevice): Promise<true | Refused<DeviceApprovalRefusal>>;
  /** The confirmed login, once, when the other device has said yes. */
  check(asking: Asking): Promise<Login | Refused<DeviceApprovalRefusal>>;
  /** What waits for a member, but for what was asked by the session that looks. */
  waiting(memberId: string, sessionUid: string): Promise<DeviceApproval[]>;
  /**
   * The answer of the old device. The right number allows; a wrong one is a no: whoever cannot see the new device is not meant
   * to approve it, and two digits are tried once. No ends the login that asked. Null when nothing waits there.
   */
  answer(
    by: { memberId: string; sessionUid: string },
    said: { id: string; number: string | null },
  ): Promise<'ALLOWED' | 'DENIED' | null>;
}

export function approveDevice(deps: {
  approvals: DeviceApprovalStore;
  sessions: Pick<SessionStore, 'keptOf'>;
  members: Pick<MemberStore, 'find'>;
  counts: Pick<WindowCounts, 'idOf' | 'take' | 'giveBack'>;
  endSession: (uid: string) => Promise<boolean>;
  clock: Clock;
  log: Log;
}): ApproveDevice {
  const { approvals, sessions, members, counts, endSession, clock, log } = deps;
  const idOf = ({ uid, login }: Asking) => digest(`device-approval|${uid}|${login.memberId}`);

  const isPossible = async ({ login: { memberId, sessionUid } }: Asking) => {
    const endedAt = (await members.find(memberId))?.loginsEndedAt;
    const going = await sessions.keptOf(memberId, { limit: SESSIONS_LOOKED_AT, endedAt });
    return going.some(({ uid, amr }) => uid !== sessionUid && isConfirmed(amr));
  };
  /** What this page has asked and nobody has answered. */
  const standing = async (asking: Asking) => {
    const found = await approvals.find(idOf(asking));
    return found && found.decided === null && found.expiresAt > clock.now() ? found : null;
  };
  const waiting = async (memberId: string, sessionUid: string) =>
    (await approvals.waiting(memberId, clock.now())).filter(
      (each) => each.sessionUid !== sessionUid,
    );

  // What is read below is true for who asks one after another; these are for all who ask at once.
  const placeOf = (memberId: string, askedAt: Date) =>
    counts.idOf(`device-approval|wait|${memberId}`, askedAt, WAIT_SECONDS * 1_000);
  const takePlace = async (asking: Asking, now: Date): Promise<boolean> => {
    const { memberId } = asking.login;
    const isNew = (await standing(asking)) === null;
    const place = placeOf(memberId, now);
    if (isNew && !(await counts.take(place, now, { sent: { $lt: WAITING_MAX } }))) return false;
    const hour = counts.idOf(`device-approval|hour|${memberId}`, now, HOUR_MS);
    if (await counts.take(hour, now, { sent: { $lt: ASKED_PER_HOUR_MAX } })) return true;
    if (isNew) await counts.giveBack(place);
    return false;
  };

  return {
    isPossible,
    waiting,
    numberOf: async (asking) => (await standing(asking))?.number ?? null,
    ask: async (asking, device) => {
      const { memberId, sessionUid } = asking.login;
      if (!(await isPossible(asking))) return refuse('DEVICE_APPROVAL_IMPOSSIBLE');
      const askedAt = clock.now();
      const id = idOf(asking);
      const [hour, others] = await Promise.all([
        approvals.askedSince(memberId, new Date(askedAt.getTime() - HOUR_MS)),
        approvals.waiting(memberId, askedAt),
      ]);
      const beside = others.filter((each) => each.id !== id).length;
      const isOver = hour >= ASKED_PER_HOUR_MAX || beside >= WAITING_MAX;
      if (isOver || !(await takePlace(asking, askedAt))) {
        log.warn('device_approval.limit_reached', { memberId });
        return refuse('DEVICE_APPROVAL_LIMIT');
      }
      const number = String(randomInt(10 ** NUMBER_DIGITS)).padStart(NUMBER_DIGITS, '0');
      const expiresAt = new Date(askedAt.getTime() + WAIT_SECONDS * 1_000);
      const { clientId, agent, country } = device;
      const told = { clientId, agent, country };
      await approvals.ask({ id, memberId, sessionUid, number, askedAt, expiresAt, ...told });
      log.info('device_approval.asked', { memberId, clientId });
      return true;
    },
    check: async (asking) => {
      const { memberId, amr } = asking.login;
      const at = clock.now();
      if (await approvals.take(idOf(asking), memberId, at)) {
        return { memberId, acr: 'urn:7id:acr:2', amr: [...new Set([...amr, 'device'])], at };
      }
      return refuse((await standing(asking)) ? 'DEVICE_APPROVAL_WAITS' : 'DEVICE_APPROVAL_OVER');
    },
    answer: async ({ memberId, sessionUid }, { id, number }) => {
      const asked = (await waiting(memberId, sessionUid)).find((each) => each.id === id);
      if (!asked) return null;
      const decision = number !== null && isSame(number, asked.number) ? 'allowed' : 'denied';
      const decided = await approvals.decide({ id, memberId, decision }, clock.now());
      if (!decided) return null;
      await counts.giveBack(placeOf(memberId, decided.askedAt));
      log.info('device_approval.answered', { memberId, verdict: decision });
      if (decision === 'allowed') return 'ALLOWED';
      await endSession(decided.sessionUid);
      return 'DENIED';
    },
  };
}

function isSame(typed: string, shown: string): boolean {
  const [a, b] = [Buffer.from(typed), Buffer.from(shown)];
  return a.length === b.length && timingSafeEqual(a, b);
}
