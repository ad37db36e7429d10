import type { Connection, PipelineStage } from 'mongoose';
import { auditModel } from './audit.store.ts';

/** By what tries to log in are counted. */
export type StatisticsBy =
  | 'HOUR'
  | 'DAY'
  | 'NETWORK'
  | 'COUNTRY'
  | 'CLIENT'
  | 'PROVIDER'
  | 'METHOD';

/** What was tried, and what came of it, in one hour, from one network … */
export interface LoginCounts {
  /** The hour or day (UTC), the class of networks …; empty where it is not known. */
  readonly key: string;
  readonly made: number;
  readonly refused: number;
  readonly unknownIds: number;
  readonly wrongPasswords: number;
  /** Of members whose password was not looked at: too many tries. */
  readonly locked: number;
  /** Right passwords that opened nothing but their replacement. */
  readonly toBeReplaced: number;
  /** Before anything was looked at: their network was spent, or there was no room. */
  readonly turnedAway: number;
  /** By a switch or a cut-off. */
  readonly stopped: number;
  /** Different classes of networks. */
  readonly networks: number;
  /** Logins from a class of networks that the member had not used before. */
  readonly fromNewNetworks: number;
}

/** The longest stretch that is counted at once. */
export const STRETCH_DAYS_MAX = 31;
/** The most rows; of networks, those with the most refusals. */
export const ROWS_MAX = 1_000;

const KEYS: Readonly<Record<StatisticsBy, unknown>> = {
  HOUR: { $dateToString: { date: '$at', format: '%Y-%m-%dT%H:00:00Z' } },
  DAY: { $dateToString: { date: '$at', format: '%Y-%m-%dT00:00:00Z' } },
  NETWORK: '$facts.network',
  COUNTRY: '$facts.country',
  CLIENT: '$facts.clientId',
  PROVIDER: '$facts.provider',
  METHOD: '$facts.method',
};
const COUNTED = {
  made: { $eq: ['$kind', 'LOGIN_MADE'] },
  refused: { $eq: ['$kind', 'LOGIN_REFUSED'] },
  unknownIds: { $eq: ['$facts.reason', 'UNKNOWN_ID'] },
  wrongPasswords: { $eq: ['$facts.reason', 'WRONG_PASSWORD'] },
  locked: { $eq: ['$facts.reason', 'LOCKED'] },
  toBeReplaced: { $eq: ['$facts.reason', 'PASSWORD_TO_BE_REPLACED'] },
  turnedAway: { $in: ['$facts.reason', ['NETWORK_SPENT', 'NO_ROOM']] },
  stopped: { $in: ['$facts.reason', ['LOGIN_STOPPED', 'FUNCTION_CLOSED']] },
  fromNewNetworks: { $eq: ['$facts.newNetwork', true] },
} as const;
type Counted = keyof typeof COUNTED;
const NAMES = Object.keys(COUNTED) as Counted[];
const each = (of: (name: Counted) => unknown) =>
  Object.fromEntries(NAMES.map((name) => [name, { $sum: of(name) }]));

/** The logins and refusals of a stretch: which conditions find them, through the index of kinds. */
export const stretch = ({ from, to }: { from: Date; to: Date }) => ({
  kind: { $in: ['LOGIN_MADE', 'LOGIN_REFUSED'] },
  at: { $gte: from, $lt: to },
});

/** Counts what was tried, from the record alone; by the database, in one pass over its index of kinds. */
export async function loginStatistics(
  connection: Connection,
  asked: { from: Date; to: Date; by: StatisticsBy },
): Promise<LoginCounts[]> {
  const inTime = asked.by === 'HOUR' || asked.by === 'DAY';
  const pipeline = [
    { $match: stretch(asked) },
    {
      $group: {
        _id: { key: KEYS[asked.by], network: '$facts.network' },
        // One event may count many tries.
        ...each((name) => ({ $cond: [COUNTED[name], { $ifNull: ['$facts.tries', 1] }, 0] })),
      },
    },
    { $group: { _id: '$_id.key', networks: { $sum: 1 }, ...each((name) => `$${name}`) } },
    { $sort: inTime ? { _id: 1 } : { refused: -1, made: -1, _id: 1 } },
    { $limit: ROWS_MAX },
  ] as PipelineStage[];
  const rows = await auditModel(connection).aggregate<
    Omit<LoginCounts, 'key'> & { _id: string | null }
  >(pipeline);
  return rows.map(({ _id, ...counts }) => ({ ...counts, key: _id ?? '' }));
}
