import { type Reach, SubgraphUnavailable } from '../../reach/reach.ts';
import type { Random } from './random.ts';

/** What a failing subgraph says and no client may hear. */
export const SECRET = 'mongodb://app:hunter2@10.0.0.7/pay';

/** A reach whose calls fail now and then, each in one of the ways in which subgraphs do. */
export function failingReach(reach: Reach, random: Random, failing: number): Reach {
  return {
    call: async (call) => {
      if (!random.chance(failing)) return reach.call(call);
      const ways = [
        () => {
          throw new SubgraphUnavailable(SECRET);
        },
        () => {
          throw new TypeError(SECRET);
        },
        () => ({ errors: [] }),
        () => ({ data: null }),
        () => ({ data: { _entities: SECRET } }),
        () => ({ data: { _entities: [] } }),
        () => ({ data: { _entities: [SECRET, 1, [[]]] } }),
        () => SECRET,
      ];
      return random.pick<() => unknown>(ways)() as Awaited<ReturnType<Reach['call']>>;
    },
    close: () => reach.close(),
  };
}
