import { generateKeyPairSync } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type InternalKey, type SubscriptionItem, verifyInternalToken } from '@7pay/graphql';
import { silentLog } from '@7pay/telemetry';
import { eventually } from '@7pay/testing';
import { systemClock } from '@7pay/time';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serve } from '../testing/raw-request.ts';
import { anonymousViewer } from '../testing/viewers.ts';
import { guardedReach, REACH_RULES } from './guarded-reach.ts';
import { httpReach } from './http-reach.ts';
import { type Reach, type SubscriptionCall, SubgraphUnavailable } from './reach.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const key = privateKey.export({ format: 'jwk' }) as InternalKey;
const NEXT = 'id: c1\nevent: next\ndata: {"data":{"x":1}}\n\n';
const COMPLETE = 'event: complete\ndata: {}\n\n';
let behave: (response: ServerResponse) => void;
let headers: Record<string, unknown> = {};
let open = 0;
let served: Awaited<ReturnType<typeof serve>>;
let reach: Reach;
beforeAll(async () => {
  served = await serve((request, response) => {
    headers = request.headers;
    open += 1;
    response.once('close', () => (open -= 1));
    request.resume();
    behave(response);
  });
  reach = httpReach({ urls: { told: served.url }, key, clock: systemClock });
});
afterAll(async () => {
  await reach.close();
  await served.stop();
});

const asEvents =
  (...pieces: readonly string[]) =>
  (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const piece of pieces) response.write(piece);
  };
const callOf = (parts: Partial<SubscriptionCall> = {}): SubscriptionCall => ({
  subgraph: 'told',
  request: { query: 'subscription { x }' },
  viewer: anonymousViewer(),
  after: undefined,
  signal: new AbortController().signal,
  ...parts,
});
/** What is told until the end, and how it ended. */
async function everything(call = callOf(), by: Reach = reach) {
  const items: SubscriptionItem[] = [];
  try {
    for await (const item of by.subscribe?.(call) ?? []) items.push(item);
    return { items, end: 'complete' };
  } catch (error) {
    return { items, end: error instanceof SubgraphUnavailable ? 'unavailable' : 'fault' };
  }
}

describe('a subscription over HTTP', () => {
  it('reads events and places, however they are cut, until it is complete', async () => {
    const text = `${NEXT}:\nid: c2\n\nevent: gap\nid: c3\ndata: {"data":{"x":"é"}}\n\n${COMPLETE}`;
    behave = (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const byte of Buffer.from(text)) response.write(Buffer.from([byte]));
    };
    expect(await everything()).toEqual({
      items: [
        { result: { data: { x: 1 } }, cursor: 'c1' },
        { cursor: 'c2' },
        { result: { data: { x: 'é' } }, cursor: 'c3', gap: true },
      ],
      end: 'complete',
    });
  });

  it('says that it was taken before anything is told', async () => {
    behave = (response) =>
      void response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    const leaving = new AbortController();
    const taken = Promise.withResolvers<void>();
    const { signal } = leaving;
    const told = everything(callOf({ signal, onTaken: taken.resolve }));
    await taken.promise;
    leaving.abort();
    expect(await told).toEqual({ items: [], end: 'complete' });
  });

  it('says who asks, signed for this subgraph, and where to go on from', async () => {
    behave = asEvents(COMPLETE);
    await everything(callOf({ after: 'c7' }));
    const token = String(headers['authorization']).replace('Bearer ', '');
    const options = { token, subgraph: 'told', now: new Date() };
    const verified = await verifyInternalToken(
      publicKey.export({ format: 'jwk' }) as InternalKey,
      options,
    );
    expect(verified.kind).toBe('anonymous');
    expect([headers['accept'], headers['last-event-id']]).toEqual(['text/event-stream', 'c7']);
  });

  it.each([
    ['is refused', (response: ServerResponse) => void response.writeHead(401).end('{}'), 0],
    ['answers a page', (response: ServerResponse) => void response.end('<html>'), 0],
    [
      'ends without having said so',
      (response: ServerResponse) => (asEvents(NEXT)(response), void response.end()),
      1,
    ],
    [
      'breaks off',
      (response: ServerResponse) => {
        asEvents()(response);
        response.write(`${NEXT}event: ne`, () => response.destroy());
      },
      1,
    ],
    ['tells what is no JSON', asEvents('event: next\ndata: {\n\n'), 0],
    ['tells what is no result', asEvents('event: next\ndata: null\n\n'), 0],
    ['tells without end', asEvents(`data: ${'x'.repeat(11_000_000)}`), 0],
  ])('that %s is unavailable, behind what was told', async (_, behaviour, count) => {
    behave = behaviour as typeof behave;
    const { items, end } = await everything();
    expect([items.filter(({ result }) => result).length, end]).toEqual([count, 'unavailable']);
  });

  it('is closed at the subgraph when its client goes', async () => {
    await eventually(async () => open === 0);
    behave = asEvents(NEXT);
    const leaving = new AbortController();
    const told = everything(callOf({ signal: leaving.signal }));
    await eventually(async () => open === 1);
    leaving.abort();
    expect((await told).end).toBe('complete');
    await eventually(async () => open === 0);
  });

  it('to nowhere, or to a port where nobody is, is unavailable', async () => {
    expect((await everything(callOf({ subgraph: 'none' }))).end).toBe('unavailable');
    const nobody = httpReach({ urls: { told: 'http://127.0.0.1:1' }, key, clock: systemClock });
    expect((await everything(callOf(), nobody)).end).toBe('unavailable');
    await nobody.close();
  });
});

describe('a subscription through the guard', () => {
  const guarded = (subscribe: NonNullable<Reach['subscribe']>, streams = 2) =>
    guardedReach(
      { call: async () => ({ data: {} }), subscribe, close: async () => {} },
      { rules: { ...REACH_RULES, streams }, elapsedMs: () => 0, log: silentLog },
    );
  const never = async function* ({ signal }: SubscriptionCall): AsyncGenerator<SubscriptionItem> {
    yield { cursor: 'c1' };
    if (!signal.aborted) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    }
  };

  it('finds so many places, and leaves its own', async () => {
    const by = guarded(never);
    const leaving = new AbortController();
    const { signal } = leaving;
    const held = [1, 2].map(() => everything(callOf({ signal }), by));
    await Promise.resolve();
    expect((await everything(callOf(), by)).end).toBe('unavailable');
    leaving.abort();
    await Promise.all(held);
    const after = new AbortController();
    const again = everything(callOf({ signal: after.signal }), by);
    after.abort();
    expect((await again).end).toBe('complete');
  });

  it('opens the circuit when it cannot begin, and not when it ends', async () => {
    let asked = 0;
    const broken = guarded(() => {
      asked += 1;
      throw new SubgraphUnavailable('away');
    }, 1_000);
    for (let count = 0; count < 30; count += 1) await everything(callOf(), broken);
    expect(asked).toBe(20);
    let begun = 0;
    const ending = guarded(async function* () {
      begun += 1;
      yield { cursor: 'c1' };
      throw new SubgraphUnavailable('it broke later');
    }, 1_000);
    for (let count = 0; count < 30; count += 1) await everything(callOf(), ending);
    expect(begun).toBe(30);
  });
});
