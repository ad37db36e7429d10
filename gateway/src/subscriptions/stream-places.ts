import { GraphQLError } from 'graphql';
import type { SubscriptionLimits } from './subscription-limits.ts';

/** How many streams there are, by caller. */
export interface StreamPlaces {
  /** Takes a place. Returns how to give it back. @throws GraphQLError RATE_LIMITED when there is none */
  take(caller: string): () => void;
  readonly taken: number;
}

const RETRY_SECONDS = 10;

/** Places for so many streams of one caller, and of all. */
export function streamPlaces({
  perCaller,
  perProcess,
}: Pick<SubscriptionLimits, 'perCaller' | 'perProcess'>): StreamPlaces {
  const byCaller = new Map<string, number>();
  let taken = 0;
  return {
    get taken() {
      return taken;
    },
    take: (caller) => {
      const own = byCaller.get(caller) ?? 0;
      if (own >= perCaller || taken >= perProcess) throw full();
      byCaller.set(caller, own + 1);
      taken += 1;
      let isGiven = false;
      return () => {
        if (isGiven) return;
        isGiven = true;
        taken -= 1;
        const left = (byCaller.get(caller) ?? 1) - 1;
        if (left > 0) byCaller.set(caller, left);
        else byCaller.delete(caller);
      };
    },
  };
}

const full = () =>
  new GraphQLError(
    `同時に開ける通知の数を超えています。 Too many subscriptions are open; try again in ${RETRY_SECONDS} seconds.`,
    { extensions: { code: 'RATE_LIMITED', retryAfterSeconds: RETRY_SECONDS } },
  );
