import { generateKeyPairSync } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import type { InternalKey } from '@7pay/graphql';
import { silentLog } from '@7pay/telemetry';
import { eventually } from '@7pay/testing';
import { systemClock } from '@7pay/time';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GATEWAY_LIMITS } from '../config.ts';
import { type Gateway, openGateway } from '../gateway.ts';
import { httpReach } from '../reach/http-reach.ts';
import { serve } from '../testing/raw-request.ts';
import { readViewer } from '../viewer.ts';
import { testGraph } from './testing/test-graph.ts';

process.env['APOLLO_TELEMETRY_DISABLED'] = '1';

const DEADLINE_MS = 1_500;

type Behave = (query: string, response: ServerResponse) => void;
const silent: Behave = () => {};
const answer =
  (data: unknown): Behave =>
  (_query, response) =>
    void response.setHeader('content-type', 'application/json').end(JSON.stringify({ data }));
const after =
  (milliseconds: number, behave: Behave): Behave =>
  (query, response) =>
    void setTimeout(() => behave(query, response), milliseconds);

const behave: Record<string, Behave> = {};
/** What the subgraphs saw, in order: a call, an answer that went out whole, a line that was cut. */
const seen: string[] = [];
const servers: Awaited<ReturnType<typeof serve>>[] = [];
let gateway: Gateway;
let front: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  const urls: Record<string, string> = {};
  for (const name of ['people', 'money', 'scores']) {
    const server = await serve((request, response) => {
      seen.push(name);
      response.once('close', () =>
        seen.push(`${name} ${response.writableFinished ? 'answered' : 'cut'}`),
      );
      void text(request).then((body) => behave[name]?.(body, response));
    });
    servers.push(server);
    urls[name] = server.url;
  }
  const key = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }) as InternalKey;
  gateway = await openGateway({
    supergraph: testGraph().supergraph,
    reach: httpReach({ urls, key, clock: systemClock }),
    readViewer: readViewer(
      async () => undefined,
      async () => false,
      () => ({ holds: true, withoutScopes: [] }),
    ),
    allowedOrigins: [],
    production: false,
    limits: { ...GATEWAY_LIMITS, deadlineMs: DEADLINE_MS },
    log: silentLog,
  });
  front = await serve(gateway.handler);
  behave['people'] = answer({ me: user('u1') });
  behave['money'] = answer({ items: [] });
  await ask('{ me { id } items { __typename } }'); // planned once, so that planning takes none of the time below
});
afterAll(async () => {
  await front.stop();
  await gateway.stop();
  await Promise.all(servers.map(({ stop }) => stop()));
});
beforeEach(() => {
  seen.length = 0;
  behave['people'] = answer({ me: { __typename: 'User', id: 'u1' } });
  behave['money'] = answer({ items: [] });
});

async function ask(query: string, signal?: AbortSignal) {
  const start = performance.now();
  const response = await fetch(front.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
    ...(signal ? { signal } : {}),
  });
  const answered = (await response.json()) as {
    data: unknown;
    errors?: { path?: unknown; extensions: { code: string } }[];
  };
  return { ...answered, elapsed: performance.now() - start };
}
const user = (id: string) => ({ __typename: 'User', id });

describe('trap 17: time', () => {
  it('that is over leaves what was answered, tells what was not, and cuts the line', async () => {
    behave['money'] = silent;
    const { data, errors, elapsed } = await ask('{ me { id } items { __typename } }');
    expect(data).toEqual({ me: { id: 'u1' }, items: null });
    expect(errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE' } }]);
    expect(elapsed).toBeGreaterThan(DEADLINE_MS - 5);
    expect(elapsed).toBeLessThan(DEADLINE_MS + 3_000);
    await eventually(async () => seen.includes('money cut'));
  });

  it('is one for the whole request, not for each call', async () => {
    behave['people'] = after(400, answer({ me: user('u1') }));
    behave['scores'] = after(1_300, answer({ _entities: [{ nick: 'x' }] }));
    const { data, elapsed } = await ask('{ me { id nick } }');
    expect(data).toEqual({ me: { id: 'u1', nick: null } });
    expect(elapsed).toBeLessThan(DEADLINE_MS + 3_000);
  });

  it('ends with the client: a query that was sent is broken off', async () => {
    behave['money'] = silent;
    const leaving = new AbortController();
    const asked = ask('{ items { __typename } }', leaving.signal);
    await eventually(async () => seen.includes('money'));
    const start = performance.now();
    leaving.abort();
    await expect(asked).rejects.toThrow(/abort/);
    await eventually(async () => seen.includes('money cut'));
    expect(performance.now() - start).toBeLessThan(DEADLINE_MS - 50);
  });
});

describe('trap 16: mutations', () => {
  const pay = 'mutation { a: bump(i: 1) { id } b: touch { id } c: bump(i: 2) { id } }';
  beforeEach(() => {
    behave['people'] = (query, response) =>
      answer({ [query.includes('own__a') ? 'own__a' : 'own__c']: user('u1') })(query, response);
    behave['money'] = answer({ own__b: { __typename: 'Wallet', id: 'w1' } });
  });

  it('are done one after another', async () => {
    const { data, errors } = await ask(pay);
    expect({ data, errors }).toEqual({
      data: { a: { id: 'u1' }, b: { id: 'w1' }, c: { id: 'u1' } },
      errors: undefined,
    });
    expect(seen.filter((each) => !each.includes(' '))).toEqual(['people', 'money', 'people']);
  });

  it('that were begun are finished when the client leaves', async () => {
    behave['money'] = after(100, answer({ own__b: { __typename: 'Wallet', id: 'w1' } }));
    const leaving = new AbortController();
    const asked = ask(pay, leaving.signal);
    await eventually(async () => seen.includes('money'));
    leaving.abort();
    await expect(asked).rejects.toThrow(/abort/);
    await eventually(async () => seen.filter((each) => each === 'people answered').length === 2);
    expect(seen.filter((each) => each.endsWith('cut'))).toEqual([]);
  });

  it('that lost their client end with the deadline all the same', async () => {
    behave['money'] = after(
      DEADLINE_MS + 200,
      answer({ own__b: { __typename: 'Wallet', id: 'w1' } }),
    );
    const leaving = new AbortController();
    const asked = ask(pay, leaving.signal);
    await eventually(async () => seen.includes('money'));
    leaving.abort();
    await expect(asked).rejects.toThrow(/abort/);
    await eventually(async () => seen.includes('money answered'));
    await wait(50);
    expect(seen.filter((each) => each === 'people')).toHaveLength(1);
  });

  it('that take too long are answered for in time, left alone, and what follows is not sent', async () => {
    const slow = answer({ own__b: { __typename: 'Wallet', id: 'w1' } });
    behave['money'] = after(DEADLINE_MS + 1_000, slow);
    const { data, errors, elapsed } = await ask(pay);
    expect(data).toEqual({ a: { id: 'u1' }, b: null, c: null });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual([
      'UNAVAILABLE',
      'UNAVAILABLE',
    ]);
    expect(elapsed).toBeLessThan(DEADLINE_MS + 3_000);
    await eventually(async () => seen.includes('money answered'));
    await wait(50);
    expect(seen.filter((each) => each === 'people')).toHaveLength(1);
  });
});
