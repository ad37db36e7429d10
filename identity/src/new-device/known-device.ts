import { digest } from '@7pay/ids';
import type { LoginRecord } from '../gate/login-record.ts';
import { INTERACTION_SECONDS } from '../lifetimes.ts';

/** As long as browsers keep the cookie that tells them apart. */
export const DEVICE_SECONDS = 400 * 86_400;

/** More messages of this kind a day tell nobody anything new. */
export const TOLD_PER_DAY_MAX = 10;

/**
 * By what a device of a member is known: its own cookie, and its family of browsers in its class of networks. One of
 * them is enough, so that neither a cleared cookie nor a train ride makes a new one.
 */
export function deviceKeys({
  memberId,
  device,
  network,
  agent,
}: Pick<LoginRecord, 'memberId' | 'device' | 'network' | 'agent'>): string[] {
  const place = placeKey({ memberId, network, agent });
  return [
    ...(device === null ? [] : [`${memberId}|cookie|${device}`]),
    ...(place === null ? [] : [place]),
  ];
}

/** The family of browsers in a class of networks, as a member is known by it; null where one of them is not known. */
export const placeKey = ({
  memberId,
  network,
  agent,
}: Pick<LoginRecord, 'memberId' | 'network' | 'agent'>): string | null =>
  network === null || !agent
    ? null
    : `${memberId}|place|${digest(JSON.stringify([network, agent]))}`;

/** Whether a login with no device on record is the one that follows a registration: there is nobody to warn. */
export const isFirstLogin = (atSeconds: number, registeredAt: Date): boolean =>
  atSeconds - registeredAt.getTime() / 1_000 <= INTERACTION_SECONDS;
