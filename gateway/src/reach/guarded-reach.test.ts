import { generateKeyPairSync } from 'node:crypto';
import type { InternalKey, Subgraph } from '@7pay/graphql';
import { silentLog, type Log } from '@7pay/telemetry';
import { systemClock } from '@7pay/time';
import type { ExecutionResult } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { serve } from '../testing/raw-request.ts';
import { anonymousViewer } from '../testing/viewers.ts';
import { bulkhead } from './bulkhead.ts';
import { deadlineIn } from './deadline.ts';
import { guardedReach, REACH_RULES } from './guarded-reach.ts';
import { httpReach } from './http-reach.ts';
import { inProcessReach } from './in-process-reach.ts';
import {
  type Reach,
  type SubgraphCall,
  SubgraphUnavailable,
  type SubscriptionCall,
} from './reach.ts';

const key = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }) as InternalKey;
let served: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  served = await serve((request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/json').end('{"data":{}}');
  });
});
afterAll(() => served.stop());

let now = 0;
let asked = 0;
let behave: () => Promise<ExecutionResult> = async () => ({ data: {} });
let stream: NonNullable<Reach['subscribe']>;
const told: string[] = [];
const log: Log = { ...silentLog, warn: (event) => void told.push(event) };
beforeEach(() => {
  now = 0;
  asked = 0;
  told.length = 0;
});

const opened = (rules = REACH_RULES): Reach =>
  guardedReach(
    {
      call: () => {
        asked += 1;
        return behave();
      },
      subscribe: (given) => stream(given),
      close: async () => {},
    },
    { rules, elapsedMs: () => now, log },
  );
const call = (parts: Partial<SubgraphCall> = {}): SubgraphCall => ({
  subgraph: 'wallet',
  kind: 'query',
  request: { query: '{ x }' },
  viewer: anonymousViewer(),
  deadline: deadlineIn(60_000),
  ...parts,
});
const outcome = (reach: Reach, parts?: Partial<SubgraphCall>) =>
  reach.call(call(parts)).then(
    () => 'answered',
    (error: Error) => error.message,
  );
/** Begins a subscription of which nobody waits for the end. */
const listen = (reach: Reach) => {
  const { subgraph, request, viewer } = call();
  const { signal } = new AbortController();
  const items = reach.subscribe?.({ subgraph, request, viewer, signal, after: 'c1' });
  return items?.[Symbol.asyncIterator]().next();
};
const fails =
  (nothingReceived = false) =>
  async (): Promise<ExecutionResult> => {
    throw new SubgraphUnavailable('no answer', { nothingReceived });
  };
const answers = async (): Promise<ExecutionResult> => ({ data: {} });
const execute: Subgraph['execute'] = answers;
const wallet = { name: 'wallet', execute } as Subgraph;
const many = async (reach: Reach, count: number, parts?: Partial<SubgraphCall>) => {
  for (let n = 0; n < count; n += 1) await outcome(reach, parts);
};
const OPEN = 'wallet is not asked: its circuit is open';

describe('a circuit', () => {
  it('opens when half of at least twenty calls failed, and then nobody is asked', async () => {
    const reach = opened();
    behave = answers;
    await many(reach, 10);
    behave = fails();
    await many(reach, 9);
    expect([asked, told]).toEqual([19, []]);
    await many(reach, 1);
    expect(told).toEqual(['circuit.opened']);
    expect([await outcome(reach), asked]).toEqual([OPEN, 20]);
    expect([await outcome(reach, { kind: 'mutation' }), asked]).toEqual([OPEN, 20]);
  });

  it('lets one call try after a second: it closes when that is answered', async () => {
    const reach = opened();
    behave = fails();
    await many(reach, 20);
    now = 999;
    expect(await outcome(reach)).toBe(OPEN);
    now = 1_000;
    const probe = Promise.withResolvers<ExecutionResult>();
    behave = () => probe.promise;
    const trying = outcome(reach);
    expect(await outcome(reach)).toBe(OPEN); // one at a time
    probe.resolve({ data: {} });
    expect(await trying).toBe('answered');
    behave = answers;
    expect(await outcome(reach)).toBe('answered');
    expect(told).toEqual(['circuit.opened', 'circuit.closed']);
  });

  it('stays open for another second when the one that tried failed too', async () => {
    const reach = opened();
    behave = fails();
    await many(reach, 20);
    now = 1_500;
    expect(await outcome(reach)).toBe('no answer');
    now = 2_400;
    expect(await outcome(reach)).toBe(OPEN);
    now = 2_500;
    behave = answers;
    expect(await outcome(reach)).toBe('answered');
  });

  it('forgets failures that are long past', async () => {
    const reach = opened();
    behave = fails();
    await many(reach, 19);
    now = 10_001;
    await many(reach, 19);
    expect(told).toEqual([]);
  });

  it('learns nothing from clients that go, from faults of ours, nor from another subgraph', async () => {
    const reach = opened();
    const gone = deadlineIn(60_000);
    gone.clientGone();
    behave = fails();
    await many(reach, 30, { deadline: gone });
    behave = async () => {
      throw new Error('a bug');
    };
    await many(reach, 30);
    behave = fails();
    await many(reach, 30, { subgraph: 'points' });
    behave = answers;
    expect(await outcome(reach)).toBe('answered');
  });

  it.each<[string, () => Reach]>([
    ['a function', () => inProcessReach([wallet])],
    ['HTTP', () => httpReach({ urls: { wallet: served.url }, key, clock: systemClock })],
  ])('learns nothing from calls that are too late to be made by %s', async (_, open) => {
    const inner = open();
    const reach = guardedReach(inner, { elapsedMs: () => now, log });
    await many(reach, 30, { deadline: deadlineIn(0) });
    expect(await outcome(reach)).toBe('answered');
    await inner.close();
  });

  it('whose only try came to nothing because its client went lets the next one try', async () => {
    const reach = opened();
    behave = fails();
    await many(reach, 20);
    now = 1_000;
    const gone = deadlineIn(60_000);
    gone.clientGone();
    expect(await outcome(reach, { deadline: gone })).toBe('no answer');
    behave = answers;
    expect(await outcome(reach)).toBe('answered');
  });
});

describe('the one that tries', () => {
  const quiet = Promise.withResolvers<never>().promise;
  const opensAndFails = async (): Promise<Reach> => {
    const reach = opened();
    behave = fails();
    await many(reach, 20);
    now = 1_000;
    behave = answers;
    return reach;
  };

  it('keeps the others away for a second, and then gives way', async () => {
    const reach = await opensAndFails();
    stream = async function* () {
      yield await quiet;
    };
    void listen(reach);
    now = 1_999;
    expect(await outcome(reach)).toBe(OPEN);
    now = 2_000;
    expect(await outcome(reach)).toBe('answered');
  });

  it('is a subscription that was only taken: the circuit closes before it tells anything', async () => {
    const reach = await opensAndFails();
    stream = async function* ({ onTaken }: SubscriptionCall) {
      onTaken?.();
      yield await quiet;
    };
    void listen(reach);
    expect(await outcome(reach)).toBe('answered');
    expect(told).toEqual(['circuit.opened', 'circuit.closed']);
  });

  const slow = (reach: Reach) => {
    const { promise, resolve, reject } = Promise.withResolvers<ExecutionResult>();
    behave = () => promise;
    const said = outcome(reach);
    behave = answers;
    const fail = () => (reject(new SubgraphUnavailable('too late')), said);
    return { answer: () => (resolve({ data: {} }), said), fail };
  };

  it('closes the circuit when it is answered late, behind others that try as well', async () => {
    const reach = await opensAndFails();
    const first = slow(reach);
    now = 2_000;
    const second = slow(reach);
    expect(await outcome(reach)).toBe(OPEN);
    expect(await first.answer()).toBe('answered');
    expect(await outcome(reach)).toBe('answered');
    expect(await second.fail()).toBe('too late'); // and that opens nothing
    expect(await outcome(reach)).toBe('answered');
    expect(told).toEqual(['circuit.opened', 'circuit.closed']);
  });

  it('says nothing about a circuit that was closed and opened anew since', async () => {
    const reach = await opensAndFails();
    const first = slow(reach);
    now = 2_000;
    expect(await outcome(reach)).toBe('answered');
    behave = fails();
    await many(reach, 20);
    expect(await first.answer()).toBe('answered');
    expect(await outcome(reach)).toBe(OPEN);
    expect(told).toEqual(['circuit.opened', 'circuit.closed', 'circuit.opened']);
  });
});

describe('a query of which nothing was received', () => {
  it('is asked again when other lines of the same service are known to be closed', async () => {
    const reach = opened();
    behave = answers;
    await many(reach, 10);
    asked = 0;
    let linesOpen = false; // all were closed with the first, which is noticed a turn later
    behave = async () => {
      setImmediate(() => (linesOpen = true));
      return linesOpen ? answers() : fails(true)();
    };
    expect([await outcome(reach), asked]).toEqual(['answered', 2]);
  });

  it('is asked once more, when earlier calls have earned it', async () => {
    const reach = opened();
    behave = answers;
    await many(reach, 10);
    asked = 0;
    behave = async () => {
      if (asked === 1) return fails(true)();
      return { data: {} };
    };
    expect([await outcome(reach), asked]).toEqual(['answered', 2]);
  });

  it('is one in ten at most', async () => {
    const reach = opened({ ...REACH_RULES, breaker: { ...REACH_RULES.breaker, ratio: 2 } });
    behave = fails(true);
    await many(reach, 1_000);
    expect(asked).toBeGreaterThan(1_090);
    expect(asked).toBeLessThanOrEqual(1_100);
  });

  it.each<[string, boolean, Partial<SubgraphCall>]>([
    ['a mutation', true, { kind: 'mutation' }],
    ['a query that was half answered', false, {}],
    ['a query whose time is over', true, { deadline: deadlineIn(0) }],
  ])('but never %s', async (_, nothingReceived, parts) => {
    const reach = opened();
    behave = answers;
    await many(reach, 100);
    asked = 0;
    behave = fails(nothingReceived);
    expect([await outcome(reach, parts), asked]).toEqual(['no answer', 1]);
  });
});

describe('a bulkhead', () => {
  const rules = { inFlight: 2, queue: 2 };
  const longTime = deadlineIn(60_000);

  it('lets so many in, the others wait in order, and more than that are refused at once', async () => {
    const door = bulkhead(rules);
    const order: number[] = [];
    const first = await door.enter(longTime);
    await door.enter(longTime);
    const third = door.enter(longTime).then((leave) => (order.push(3), leave));
    const fourth = door.enter(longTime).then((leave) => (order.push(4), leave));
    await expect(door.enter(longTime)).rejects.toThrow('too many calls wait');
    first();
    first(); // once is enough
    const leave = await third;
    expect(order).toEqual([3]);
    leave();
    await fourth;
    expect(order).toEqual([3, 4]);
  });

  it('does not keep the place of one whose time is over', async () => {
    const door = bulkhead({ inFlight: 1, queue: 1 });
    const leave = await door.enter(longTime);
    await expect(door.enter(deadlineIn(20))).rejects.toThrow('no place in time: late');
    const next = door.enter(longTime);
    leave();
    (await next)();
    await door.enter(longTime);
  });

  it('keeps a slow subgraph from holding more than its share', async () => {
    const reach = opened({ ...REACH_RULES, bulkhead: rules });
    const slow = Promise.withResolvers<ExecutionResult>();
    behave = () => slow.promise;
    const waiting = Array.from({ length: 4 }, () => outcome(reach));
    expect(await outcome(reach)).toBe('wallet was not asked');
    await Promise.resolve();
    expect(asked).toBe(2);
    behave = answers;
    expect(await outcome(reach, { subgraph: 'points' })).toBe('answered');
    slow.resolve({ data: {} });
    expect(await Promise.all(waiting)).toEqual(Array.from({ length: 4 }, () => 'answered'));
  });
});
