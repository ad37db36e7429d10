import type { Channel } from '../contact/contact.ts';
import type { MessageCause } from './one-time-code.ts';
import type { WindowCounts } from './window-count.store.ts';

/** A message that is about to go out. */
export interface BudgetedMessage {
  readonly channel: Channel;
  readonly address: string;
  readonly cause: MessageCause;
  /** The member who has it sent to an address that is not known to be theirs. */
  readonly sender?: string;
}

/** How many messages go to whom. */
export interface MessageBudget {
  /**
   * Takes one message to this address off all its budgets; false when one is used up. A database that cannot count
   * throws: what is not counted is not sent.
   */
  spend(message: BudgetedMessage, now: Date): Promise<boolean>;
  /** A code that was sent there has come back: the numbers around it belong to people. */
  proven(message: Omit<BudgetedMessage, 'sender'>, now: Date): Promise<void>;
}

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

// Per recipient and cause: enough for a person who mistypes, too few to annoy anybody.
const PER_HOUR = 5;
const PER_DAY = 10;
// Per sender, to all addresses together: a member confirms a few contacts, and writes to no strangers.
const OF_SENDER_PER_HOUR = 10;
// Per ten thousand telephone numbers in a row and cause: whoever earns by SMS owns them, and proves none (SMS pumping).
const BLOCK_PER_HOUR = 50;
const PROVEN_IN_TEN = 2;

/**
 * Counters in the database, shared by all processes. Each cause has its own (docs/adr/0048-who-can-have-a-message-sent.md):
 * what one of them uses up is there for the others.
 */
export function openMessageBudget(counts: WindowCounts): MessageBudget {
  const blockOf = ({ address, cause }: Pick<BudgetedMessage, 'address' | 'cause'>, now: Date) =>
    counts.idOf(`block|${cause}|${address.slice(0, -4)}`, now, HOUR);

  return {
    spend: async ({ channel, address, cause, sender }, now) => {
      const take = (name: string, lengthMs: number, limit: number) =>
        counts.take(counts.idOf(name, now, lengthMs), now, { sent: { $lt: limit } });
      const recipient = `${cause}|${channel}|${address}`;
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
      // The sender first: one who is over their limit uses nothing of anybody's.
      return (
        (sender === undefined || (await take(`sender|${sender}`, HOUR, OF_SENDER_PER_HOUR))) &&
        (await take(`hour|${recipient}`, HOUR, PER_HOUR)) &&
        (await take(`day|${recipient}`, DAY, PER_DAY)) &&
        (channel === 'mail' || (await counts.take(blockOf({ address, cause }, now), now, inBlock)))
      );
    },
    proven: async ({ channel, address, cause }, now) => {
      if (channel === 'mail') return;
      await counts.proven(blockOf({ address, cause }, now));
    },
  };
}
