import { declareRefusals, type Refused, refuse } from '@7pay/refusals';

/** Scans of one terminal that were no code of ours, within a minute. */
export interface BadScans {
  readonly terminalId: string;
  /** When the first of them came. */
  readonly since: Date;
  readonly count: number;
  readonly lockedUntil: Date | null;
}

declareRefusals('bad-scans', {
  TERMINAL_LOCKED: {
    ja: '読み取れないコードが続いたため、このレジの読み取りを止めています。{retryAfterSeconds}秒後にもう一度お試しください。',
    en: 'This register has scanned too many unknown codes. Please try again in {retryAfterSeconds} seconds.',
  },
});

/** So many within a minute lock the scans of a terminal for a minute. */
export const BAD_SCANS_MAX = 10;
const WINDOW_MS = 60_000;

/** Whether a terminal may present codes now. */
export function scanLock(scans: BadScans | null, at: Date): Refused<'TERMINAL_LOCKED'> | null {
  if (!scans?.lockedUntil || at >= scans.lockedUntil) return null;
  const retryAfterSeconds = Math.ceil((scans.lockedUntil.getTime() - at.getTime()) / 1_000);
  return refuse('TERMINAL_LOCKED', { retryAfterSeconds });
}

/** Counts one more. */
export function countBadScan(scans: BadScans | null, terminalId: string, at: Date): BadScans {
  const isOver = !scans || scans.lockedUntil || at.getTime() - scans.since.getTime() >= WINDOW_MS;
  const [since, count] = isOver ? [at, 1] : [scans.since, scans.count + 1];
  const lockedUntil = count >= BAD_SCANS_MAX ? new Date(at.getTime() + WINDOW_MS) : null;
  return { terminalId, since, count, lockedUntil };
}
