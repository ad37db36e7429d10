import type { WindowCounts } from '../one-time-code/window-count.store.ts';

/**
 * Wrong codes of screens that may be typed in an hour: by a class of networks (which may be a mobile carrier) and by a member
 * who is logged in. A code has 20^8 values (34.6 bits) and is good for ten minutes: of a thousand that wait at once, a network
 * that types all it may hits one in 400,000 hours. A wrong code belongs to no screen, so there is nothing to count by screen.
 */
export const USER_CODE_LIMITS = { perNetworkHour: 60, perMemberHour: 10 } as const;

/** Who types a code. */
export interface CodeTyper {
  readonly network: string | null;
  /** Null for who is not logged in here. */
  readonly memberId: string | null;
}

/** How many wrong codes may be typed. */
export interface UserCodeBudget {
  /**
   * Takes one try off before the code is looked at, so that guesses made at once cannot slip past; null when there is none left.
   * A database that cannot count throws: what is not counted is not looked at.
   */
  take(typer: CodeTyper, now: Date): Promise<{ giveBack(): Promise<void> } | null>;
}

const HOUR = 60 * 60_000;

/** Counters in the database, shared by all processes. */
export function userCodeBudget(counts: WindowCounts): UserCodeBudget {
  const { perNetworkHour, perMemberHour } = USER_CODE_LIMITS;
  return {
    take: async ({ network, memberId }, now) => {
      const idOf = (name: string) => counts.idOf(`user-code|${name}`, now, HOUR);
      const all = [
        { id: idOf(`network|${network ?? '-'}`), limit: perNetworkHour },
        ...(memberId === null ? [] : [{ id: idOf(`member|${memberId}`), limit: perMemberHour }]),
      ];
      const taken: string[] = [];
      const giveBack = async () => {
        for (const id of taken) await counts.giveBack(id);
      };
      for (const { id, limit } of all) {
        if (!(await counts.take(id, now, { sent: { $lt: limit } }))) {
          await giveBack(); // one member over their limit uses up nothing of the network's
          return null;
        }
        taken.push(id);
      }
      return { giveBack };
    },
  };
}
