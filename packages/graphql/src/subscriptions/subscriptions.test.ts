import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { type ChangeFeed, changeFeed } from '@7pay/mongo';
import { silentLog } from '@7pay/telemetry';
import { eventually, openEvents, type TestDatabase, testDatabase } from '@7pay/testing';
import { systemClock } from '@7pay/time';
import type { ExecutionResult } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InternalKey, mintInternalToken } from '../internal-identity.ts';
import { closeServer, listen } from '../run-service.ts';
import { serveSubgraph } from '../serve-subgraph.ts';
import { anonymous } from '../testing/shelf.graphql.ts';
import {
  hiddenSubgraph,
  type Told,
  toldSubgraph,
  unruledSubgraph,
} from '../testing/told.graphql.ts';
import type { SubscriptionItem } from './subscribe.ts';

let database: TestDatabase;
let feed: ChangeFeed;
let told: Told;
beforeAll(async () => {
  database = await testDatabase('told');
  feed = changeFeed(database.connection, {
    collection: 'lamps',
    fields: ['_id'],
    room: 5,
    onBroken: () => {},
  });
  told = toldSubgraph(feed, database.connection, silentLog);
});
afterAll(async () => {
  await feed.stop();
  await database.drop();
});

const lamps = () => database.connection.collection<{ _id: string; state: string }>('lamps');
const turn = (id: string, state: string) =>
  lamps().updateOne({ _id: id }, { $set: { state } }, { upsert: true });
const member = {
  ...anonymous(),
  kind: 'member',
  memberId: 'mem_1',
  acr: '',
  authTime: 0,
  roles: [],
} as const;
const QUERY = 'subscription($id: ID!) { lampChanged(id: $id) { id state seen } }';

function subscribe(
  id: string,
  {
    after,
    viewer = member,
    query = QUERY,
    heartbeatMs = 10_000,
  }: {
    after?: string | undefined;
    viewer?: Parameters<Told['subscribe']>[1];
    query?: string;
    heartbeatMs?: number;
  } = {},
) {
  const leaving = new AbortController();
  const options = { signal: leaving.signal, after, heartbeatMs };
  const items = told.subscribe({ query, variables: { id } }, viewer, options);
  return {
    next: async () => (await items.next()).value as SubscriptionItem | undefined,
    state: async () => stateIn((await items.next()).value as SubscriptionItem | undefined),
    leave: () => leaving.abort(),
  };
}
const stateIn = (item: SubscriptionItem | undefined) =>
  (item?.result?.data as { lampChanged: { state: string } | null } | undefined)?.lampChanged?.state;
const codesIn = ({ errors = [] }: ExecutionResult) =>
  errors.map(({ extensions }) => extensions['code']);

describe('a subscription of a subgraph', () => {
  it('begins with how things stand, tells each change, and lets go of its source', async () => {
    await turn('a', 'on');
    const one = subscribe('a');
    expect(await one.state()).toBe('on');
    await turn('a', 'off');
    expect(await one.state()).toBe('off');
    await turn('b', 'on'); // somebody else's
    await turn('a', 'on');
    expect(await one.state()).toBe('on');
    const waiting = one.next();
    one.leave();
    expect(await waiting).toBeUndefined();
    expect(feed.listeners).toBe(0);
  });

  it('makes a context for each event: nothing that was read before is told again', async () => {
    await turn('context', 'on');
    const one = subscribe('context');
    const seenIn = (item: SubscriptionItem | undefined) =>
      (item?.result?.data as { lampChanged: { seen: number } } | undefined)?.lampChanged.seen ?? 0;
    const first = seenIn(await one.next());
    await turn('context', 'off');
    expect(seenIn(await one.next())).toBeGreaterThan(first);
    one.leave();
  });

  it('tells who comes back what it missed, in order', async () => {
    await turn('c', '1');
    const one = subscribe('c');
    const cursor = (await one.next())?.cursor;
    one.leave();
    for (const state of ['2', '3']) await lamps().replaceOne({ _id: 'c' }, { state });
    const again = subscribe('c', { after: cursor });
    const states = [];
    while (states.at(-1) !== '3') states.push(await again.state());
    // What it was told may be told again, where the stream had not come so far when that was read.
    expect(states.filter((state) => state !== '1')).toEqual(['2', '3']);
    again.leave();
  });

  it('that comes back from nowhere is told the present, and that there is a gap', async () => {
    await turn('d', 'on');
    for (const after of ['', 'nonsense', '82' + '0'.repeat(22), '__proto__']) {
      const one = subscribe('d', { after });
      const item = await one.next();
      expect([stateIn(item), item?.gap]).toEqual(['on', true]);
      one.leave();
    }
  });

  it('moves on its place while nothing happens to its own', async () => {
    await turn('e', 'on');
    const one = subscribe('e', { heartbeatMs: 5 });
    const first = (await one.next())?.cursor ?? '';
    await turn('other', 'on');
    await eventually(async () => {
      const item = await one.next();
      return item?.result === undefined && (item?.cursor ?? '') > first;
    });
    one.leave();
  });

  it('that does not take its events is ended, and told that it can come back', async () => {
    await turn('f', '0');
    const one = subscribe('f');
    const cursor = (await one.next())?.cursor;
    const other = await feed.listen('all', {});
    for (let state = 1; state <= 12; state += 1) {
      await turn('f', String(state));
      await other.next();
    }
    other.close();
    const ends: unknown[] = [];
    for (let item = await one.next(); item; item = await one.next()) ends.push(item);
    const last = ends.at(-1) as SubscriptionItem;
    expect(codesIn(last.result ?? {})).toEqual(['SUBSCRIPTION_INTERRUPTED']);
    const again = subscribe('f', { after: cursor });
    expect(await again.state()).toBeDefined();
    again.leave();
  });

  it.each([
    ['somebody whom the rule does not admit', { viewer: anonymous() }, 'UNAUTHENTICATED'],
    ['a document that is none', { query: '{' }, 'GRAPHQL_VALIDATION_FAILED'],
    ['a query', { query: '{ lamps }' }, 'BAD_USER_INPUT'],
    ['an id that is refused', {}, 'BAD_USER_INPUT'],
  ])('refuses %s, and opens nothing', async (_, options, code) => {
    const one = subscribe('bad id', options);
    const item = await one.next();
    expect([codesIn(item?.result ?? {}), item?.result?.data]).toEqual([[code], undefined]);
    expect(await one.next()).toBeUndefined();
    expect(feed.listeners).toBe(0);
  });

  it('is not executed as a query', async () => {
    const { errors = [] } = await told.execute({ query: QUERY, variables: { id: 'a' } }, member);
    expect(codesIn({ errors })).toEqual(['BAD_USER_INPUT']);
  });

  it('without a rule, or with one that hides, does not let its subgraph start', () => {
    expect(() => unruledSubgraph(silentLog)).toThrow(/Subscription.unruled has no rule/);
    expect(() => hiddenSubgraph(silentLog)).toThrow(/Subscription.hidden is hidden/);
  });
});

describe('a subscription behind HTTP', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const own = privateKey.export({ format: 'jwk' }) as InternalKey;
  let server: Server;
  let url: string;
  beforeAll(async () => {
    const key = publicKey.export({ format: 'jwk' }) as InternalKey;
    const options = { key, clock: systemClock, log: silentLog };
    server = createServer(serveSubgraph(told.subgraph, options));
    url = `http://127.0.0.1:${await listen(server, 0)}/graphql`;
  });
  afterAll(() => closeServer(server));
  const asked = { query: QUERY, variables: { id: 'h' } };
  const tokenFor = (subgraph: string) =>
    mintInternalToken(own, { viewer: member, subgraph, now: new Date() });

  it('is told to the gateway alone', async () => {
    await turn('h', 'on');
    for (const token of [undefined, 'a'.repeat(40), await tokenFor('shelf')]) {
      const refused = await openEvents(url, asked, token === undefined ? {} : { token });
      expect([refused.status, (await refused.json()).errors?.[0]?.extensions.code]).toEqual([
        401,
        'UNAUTHENTICATED',
      ]);
    }
    expect(feed.listeners).toBe(0);
    const client = await openEvents<{ lampChanged: { state: string } }>(url, asked, {
      token: await tokenFor('told'),
    });
    expect((await client.answer()).data.lampChanged.state).toBe('on');
    await turn('h', 'off');
    expect((await client.answer()).data.lampChanged.state).toBe('off');
    client.close();
    await eventually(async () => feed.listeners === 0);
  });
});
