import type { WindowLimits } from '@7pay/ledger';
import { declareRefusals, type Refused, refuse } from '@7pay/refusals';
import { businessDate } from '@7pay/time';

/** A while in which money stays low, as the member's password was recovered. */
export interface Cooling {
  readonly memberId: string;
  /** When the password was set. */
  readonly since: Date;
  readonly until: Date;
}

export type CoolingRefusal = 'RECOVERY_COOLING';

declareRefusals('cooling', {
  RECOVERY_COOLING: {
    ja: 'パスワードを再設定したばかりのため、安全のためしばらくのあいだ、カードの登録とチャージ、24時間に{limit}円を超えるお支払いはできません。いつまでかは「安全」の画面でご確認ください。',
    en: 'As the password was just reset, for your safety no card can be registered or charged for a while, and no more than {limit} yen paid in 24 hours. “Safety” says until when.',
  },
});

/** What a wallet pays at most while it cools, yen in 24 hours; the newest row that has begun applies. */
export const COOLING_LIMITS = [
  {
    from: '2019-07-01',
    hours24: 3_000,
    owner: 'risk',
    source: 'docs/adr/0034-a-forgotten-password.md',
  },
] as const;

/** The limit in force at an instant, yen. */
export const coolingLimit = (at: Date): number =>
  COOLING_LIMITS.filter(({ from }) => from <= businessDate(at)).at(-1)?.hours24 ?? 0;

/** The limits of payments while a wallet cools; none where it does not. */
export const limitsWhile = (cooling: Cooling | null, at: Date): WindowLimits =>
  cooling ? { hours24: coolingLimit(at) } : {};

/** Refuses what adds a card's money while a wallet cools. */
export const whileCooling = (
  cooling: Cooling | null,
  at: Date,
): Refused<'RECOVERY_COOLING'> | null =>
  cooling &&
  refuse('RECOVERY_COOLING', {
    since: cooling.since.toISOString(),
    until: cooling.until.toISOString(),
    limit: coolingLimit(at),
  });

/**
 * What a member hears where a terminal hears of a limit alone: why. No limit of a member's own is counted in 24 hours,
 * so it can be no other.
 */
export const orCooling = <Code extends string>(
  refused: Refused<Code>,
  cooling: Cooling | null,
  at: Date,
): Refused<Code | 'RECOVERY_COOLING'> =>
  (refused.refused === 'LIMIT_EXCEEDED' &&
    refused.facts['period'] === 'hours24' &&
    whileCooling(cooling, at)) ||
  refused;
