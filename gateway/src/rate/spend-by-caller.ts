import { GraphQLError } from 'graphql';
import type { Spend } from '../guards/cost-limit.ts';
import type { Buckets } from './buckets.ts';
import { callerOf, type RateLimits } from './rate-limits.ts';

/** Lets every caller pay for its operations, queries and mutations apart. Refusal: RATE_LIMITED with retryAfterSeconds. */
export const spendByCaller =
  (buckets: Buckets, { rates }: RateLimits): Spend =>
  ({ viewer, address }, { kind, cost }) => {
    const name = `${kind} ${callerOf(viewer, address)}`;
    const { retryAfterSeconds } = buckets.spend(name, rates[viewer.kind][kind], cost);
    if (retryAfterSeconds === undefined) return;
    throw new GraphQLError(
      `しばらくしてからお試しください。 Please try again in ${retryAfterSeconds} seconds.`,
      { extensions: { code: 'RATE_LIMITED', retryAfterSeconds } },
    );
  };
