import type { Channel } from '../contact/contact.ts';
import type { WindowCounts } from './window-count.store.ts';

/** How many messages go to whom. */
export interface MessageBudget {
  /**
   * Takes one message to this address off all its budgets; false when one is used up. A database that cannot count
   * throws: what is not counted is not sent.
   */
  spend(to: { channel: Channel; address: string }, now: Date): Promise<boolean>;
  /** A code that was sent there has come back: the numbers around it belong to people. */
  proven(to: { channel: Channel; address: string }, now: Date): Promise<void>;
}

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

// Per recipient: enough for a person who mistypes, too few to annoy anybody.
const PER_HOUR = 5;
const PER_DAY = 10;
// Per ten thousand telephone numbers in a row: whoever earns by SMS owns them, and proves none (SMS pumping).
const BLOCK_PER_HOUR = 50;
const PROVEN_IN_TEN = 2;

/** Counters in the database, shared by all processes. */
export function openMessageBudget(counts: WindowCounts): MessageBudget {
  const blockOf = (address: string, now: Date) =>
    counts.idOf(`block|${address.slice(0, -4)}`, now, HOUR);

  return {
    spend: async ({ channel, address }, now) => {
      const recipient = `${channel}|${address}`;
      const hour = counts.idOf(`hour|${recipient}`, now, HOUR);
      const day = counts.idOf(`day|${recipient}`, now, DAY);
      const inBlock = {
        $or: [
          { sent: { $lt: BLOCK_PER_HOUR } },
          {
            $expr: {
              $gte: [{ $multiply: ['$proven', 10] }, { $multiply: ['$sent', PROVEN_IN_TEN] }],
            },
          },
        ],
      };
      return (
        (await counts.take(hour, now, { sent: { $lt: PER_HOUR } })) &&
        (await counts.take(day, now, { sent: { $lt: PER_DAY } })) &&
        (channel === 'mail' || (await counts.take(blockOf(address, now), now, inBlock)))
      );
    },
    proven: async ({ channel, address }, now) => {
      if (channel === 'mail') return;
      await counts.proven(blockOf(address, now));
    },
  };
}
