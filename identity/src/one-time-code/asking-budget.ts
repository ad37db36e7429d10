import type { WindowCounts } from './window-count.store.ts';

/** How often may be asked for something whose answer depends on nobody's account. */
export interface AskingLimits {
  /** By class of networks. */
  readonly perNetworkHour: number;
  readonly overAllMinute: number;
}

const MINUTE = 60_000;

/**
 * Takes one off, before anybody is looked up; false when the network, or everybody, has used it up. A database that cannot count
 * throws: what is not counted is not begun.
 */
export type AskingBudget = (network: string | null, now: Date) => Promise<boolean>;

/** @param what is asked for: each has a budget of its own */
export const askingBudget =
  (
    counts: WindowCounts,
    what: string,
    { perNetworkHour, overAllMinute }: AskingLimits,
  ): AskingBudget =>
  async (network, now) => {
    const take = (name: string, lengthMs: number, limit: number) =>
      counts.take(counts.idOf(`${what}|${name}`, now, lengthMs), now, { sent: { $lt: limit } });
    // The network first: one that is over its limit uses nothing of everybody's.
    return (
      (await take(`network|${network ?? '-'}`, 60 * MINUTE, perNetworkHour)) &&
      (await take('all', MINUTE, overAllMinute))
    );
  };
