import { silentLog } from '@7pay/telemetry';
import { afterEach, describe, expect, it } from 'vitest';
import { deadlineIn } from '../reach/deadline.ts';
import type { Reach } from '../reach/reach.ts';
import { OwnGateway } from './own-gateway.ts';
import { plannersInThread, type PlannersInThread } from './planners-in-thread.ts';
import { drive } from './testing/driver.ts';
import { compose } from './testing/test-graph.ts';
import { MOST_WAITING_PLANS } from './threaded-planner.ts';

process.env['APOLLO_TELEMETRY_DISABLED'] = '1';

const SDL = compose({
  a: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.8", import: ["@key"])
    type Query { who: String! } type Mutation { touch: String! } type User @key(fields: "id") { id: ID! }`,
});

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** A gateway whose planner has made its first plan, and waits with each other until it is let. */
async function slowlyPlanned() {
  const gate = Promise.withResolvers<void>();
  const seen = { plans: 0, calls: 0 };
  const inner = plannersInThread();
  const threads: PlannersInThread = {
    open: async (...given) => {
      const opened = await inner.open(...given);
      return {
        ...opened,
        plan: async (...asked) => {
          seen.plans += 1;
          if (seen.plans > 1) await gate.promise;
          return opened.plan(...asked);
        },
      };
    },
    close: () => inner.close(),
  };
  const reach: Reach = {
    call: async () => {
      seen.calls += 1;
      return { data: { who: 'a', touch: 'a' } };
    },
    close: async () => {},
  };
  const driver = await drive(
    new OwnGateway({
      supergraphSdl: { sdl: SDL, documents: [{ name: 'app/Who', text: '{ who }' }] },
      openReach: () => reach,
      deadlineMs: 5_000,
      log: silentLog,
      threads,
    }),
  );
  closing.push(() => driver.stop());
  return { driver, seen, release: gate.resolve };
}

const UNAVAILABLE = [{ extensions: { code: 'UNAVAILABLE', reference: 'request-1' } }];

describe('a plan that is long in coming', () => {
  it.each([
    ['a query', '{ who __typename }'],
    ['a mutation', 'mutation { touch }'],
  ])(
    'is waited for no longer than the request of %s has time, and kept for the next',
    async (_, query) => {
      const { driver, seen, release } = await slowlyPlanned();
      const late = await driver.ask({ query, deadline: deadlineIn(30) });
      expect(late.errors).toMatchObject(UNAVAILABLE);
      expect([late.data, seen]).toEqual([undefined, { plans: 2, calls: 0 }]);
      release();
      expect((await driver.ask({ query })).errors).toBeUndefined();
      expect(seen).toEqual({ plans: 2, calls: 1 });
    },
  );

  it('is waited for by nobody whose client has gone', async () => {
    const { driver, seen } = await slowlyPlanned();
    const deadline = deadlineIn(60_000);
    const asked = driver.ask({ query: '{ who __typename }', deadline });
    deadline.clientGone();
    expect((await asked).errors).toMatchObject(UNAVAILABLE);
    expect(seen.calls).toBe(0);
  });

  it('is not asked for behind so many others, and is once there are fewer', async () => {
    const { driver, seen, release } = await slowlyPlanned();
    const ask = (n: number) => driver.ask({ query: `{ a${n}: who }` });
    const waiting = Array.from({ length: MOST_WAITING_PLANS }, (_, n) => ask(n));
    expect((await ask(MOST_WAITING_PLANS)).errors).toMatchObject(UNAVAILABLE);
    expect(seen.plans).toBe(1 + MOST_WAITING_PLANS);
    expect(await driver.ask({ query: '{ who }' })).toEqual({ data: { who: 'a' } }); // planned long ago
    release();
    await Promise.all(waiting);
    expect((await ask(MOST_WAITING_PLANS)).errors?.[0]?.extensions['code']).not.toBe('UNAVAILABLE');
    expect(seen.plans).toBe(2 + MOST_WAITING_PLANS);
  });
});
