import { type EventBody, eventually } from '@7pay/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { GATEWAY_LIMITS } from '../config.ts';
import { anonymousViewer } from '../testing/viewers.ts';
import { PERSON, toldGateway } from './testing/told-gateway.ts';

const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.stop();
});
async function told(...given: Parameters<typeof toldGateway>) {
  const made = await toldGateway(...given);
  open.push(made);
  return made;
}
const lineOf = (gateway: Awaited<ReturnType<typeof told>>, index = 0) =>
  eventually(async () => gateway.lines[index]);

describe('a subscription', () => {
  it('answers each event with the rest of the plan, from other subgraphs', async () => {
    const gateway = await told();
    const client = await gateway.open();
    expect(client.status).toBe(200);
    expect(client.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const line = await lineOf(gateway);
    expect(line.call.request.query).toMatch(/^subscription/);
    expect(line.call.request.variables).toEqual({ id: '1' });
    line.tell('Aya', 'c1');
    expect(await client.answer()).toEqual({ data: { person: { name: 'Aya', age: 30 } } });
    gateway.ages.age = 31;
    line.tell('Aya Mori', 'c2');
    expect(await client.answer()).toEqual({ data: { person: { name: 'Aya Mori', age: 31 } } });
    line.end();
    expect(await client.next()).toMatchObject({ event: 'complete', data: { reason: 'DONE' } });
    await eventually(async () => gateway.gateway.subscriptions === 0);
  });

  it('answers a query by one event and its end, and in JSON to whoever takes it', async () => {
    const gateway = await told();
    const client = await gateway.open({}, '{ hello }');
    expect(await client.rest()).toEqual([
      { event: 'next', data: { data: { hello: 'hello' } }, id: undefined },
      { event: 'complete', data: { reason: 'DONE' }, id: undefined },
    ]);
    const accept = 'text/event-stream, application/json';
    const both = await gateway.open({ headers: { accept } }, '{ hello }');
    expect(await both.json()).toEqual({ data: { hello: 'hello' } });
  });

  it.each([
    ['a document that is none', '{', 400, 'GRAPHQL_PARSE_FAILED'],
    ['a field that is none', 'subscription { none }', 400, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'two sources at once',
      `subscription { a: personChanged(id: "1") { id } b: personChanged(id: "2") { id } }`,
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'too many levels',
      `subscription { personChanged(id: "1") ${'{ a '.repeat(13)}${'}'.repeat(13)} }`,
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a variable that is missing',
      'subscription { personChanged(id: $none) { id } }',
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ],
  ])('refuses %s before anything is opened', async (_, query, status, code) => {
    const gateway = await told();
    const client = await gateway.open({}, query);
    expect([client.status, ...codesIn(await client.json())]).toEqual([status, code]);
    expect([gateway.lines.length, gateway.gateway.subscriptions]).toEqual([0, 0]);
  });

  it('is refused where it is not asked for as events, where another executor plans, and from foreign pages', async () => {
    const gateway = await told();
    const asked = async (headers: Record<string, string>, at = gateway) => {
      const client = await at.open({ headers });
      return [client.status, ...codesIn(await client.json())];
    };
    const accept = 'application/graphql-response+json';
    expect(await asked({ accept })).toEqual([400, 'BAD_REQUEST']);
    expect(await asked({ origin: 'https://evil.example' })).toEqual([403, 'FORBIDDEN']);
    expect(await asked({ 'content-type': 'text/plain' })).toEqual([415, 'BAD_REQUEST']);
    const stock = await told({}, { executor: 'stock' });
    expect(await asked({}, stock)).toEqual([400, 'BAD_REQUEST']);
    expect([gateway.lines.length, stock.lines.length]).toEqual([0, 0]);
  });

  it('is refused when it is not registered, and when it costs too much', async () => {
    const strict = await told({}, { production: true, operations: { app: {} } });
    const unknown = await strict.open();
    expect(codesIn(await unknown.json())).toEqual(['OPERATION_NOT_REGISTERED']);
    const poor = await told({}, { limits: { ...GATEWAY_LIMITS, cost: 0 } });
    const costly = await poor.open();
    expect(codesIn(await costly.json())).toEqual(['QUERY_TOO_COSTLY']);
  });

  it('closes its source at once when the client goes', async () => {
    const gateway = await told();
    const client = await gateway.open();
    const line = await lineOf(gateway);
    line.tell('Aya', 'c1');
    await client.answer();
    client.close();
    await eventually(async () => !line.isOpen && gateway.gateway.subscriptions === 0);
  });

  it('is not opened for a client that went while it was looked at', async () => {
    const reading = Promise.withResolvers<void>();
    let read = 0;
    const readViewer = async () => {
      read += 1;
      await reading.promise;
      return anonymousViewer();
    };
    const gateway = await told({}, { readViewer });
    const leaving = new AbortController();
    const asked = fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: PERSON, variables: { id: '1' } }),
      signal: leaving.signal,
    });
    await eventually(async () => read > 0);
    leaving.abort();
    await expect(asked).rejects.toThrow(/abort/);
    await eventually(async () => gateway.answers.closed > 0);
    reading.resolve();
    const after = await gateway.open(); // by now the first would be open as well
    await eventually(async () => gateway.gateway.subscriptions > 0);
    expect([gateway.gateway.subscriptions, gateway.lines.length]).toEqual([1, 1]);
    after.close();
  });

  it('gives the refusal of a subgraph as its only answer, masked', async () => {
    const gateway = await told();
    const client = await gateway.open();
    const line = await lineOf(gateway);
    const error = (code: string) => ({ message: 'host-7 said no', extensions: { code } }) as never;
    line.say({ result: { errors: [error('FORBIDDEN'), error('EVIL')] } });
    line.end();
    const [first, last] = await client.rest();
    expect(first && codesIn(first.data)).toEqual(['FORBIDDEN', 'INTERNAL']);
    expect(first?.data.data).toBeUndefined();
    expect(last?.event).toBe('complete');
  });
});

describe('what streams may hold', () => {
  it('is so many for one caller and for all, and a place is given back', async () => {
    const gateway = await told({ perCaller: 2 });
    const [first] = [await gateway.open(), await gateway.open()];
    const third = await gateway.open();
    expect(third.status).toBe(429);
    expect(third.headers.get('retry-after')).toBe('10');
    expect(codesIn(await third.json())).toEqual(['RATE_LIMITED']);
    first.close();
    await eventually(async () => gateway.gateway.subscriptions === 1);
    expect((await gateway.open()).status).toBe(200);
    const small = await told({ perProcess: 0 });
    expect((await small.open()).status).toBe(429);
  });

  it('shows signs of life, and the place to come back to moves on with them', async () => {
    const gateway = await told({ heartbeatMs: 10 });
    const client = await gateway.open();
    const line = await lineOf(gateway);
    line.tell('Aya', 'c1');
    const { id } = await client.next();
    line.say({ cursor: 'c9' });
    void client.rest().catch(() => {});
    await eventually(async () => client.heartbeats > 2 && client.lastId !== id);
    client.close();
    const again = await gateway.open({ lastEventId: client.lastId ?? '' });
    expect((await lineOf(gateway, 1)).call.after).toBe('c9');
    again.close();
  });

  it('ends with the life of a stream, and says to come back', async () => {
    const gateway = await told({ lifeMs: 30 });
    const client = await gateway.open();
    expect(await client.next()).toMatchObject({ event: 'complete', data: { reason: 'LIFE_OVER' } });
    await eventually(async () => gateway.lines.every(({ isOpen }) => !isOpen));
  });

  it('drops a client that does not read', async () => {
    const gateway = await told({ unreadBytes: 10_000 });
    const client = await gateway.open();
    const line = await lineOf(gateway);
    for (let index = 0; index < 400; index += 1) line.tell('x'.repeat(100_000), `c${index}`);
    await eventually(async () => gateway.gateway.subscriptions === 0 && !line.isOpen);
    client.close();
  });

  it('is completed, not cut, when the gateway stops, and nothing new begins', async () => {
    const gateway = await told();
    const client = await gateway.open();
    await lineOf(gateway);
    await gateway.gateway.endSubscriptions();
    expect(await client.next()).toMatchObject({ event: 'complete', data: { reason: 'STOPPING' } });
    const late = await gateway.open();
    expect([late.status, ...codesIn(await late.json())]).toEqual([503, 'UNAVAILABLE']);
  });

  it('lets an event wait that the caller cannot pay for', async () => {
    const rate = { burst: 1, perSecond: 2 };
    const rates = { query: rate, mutation: rate };
    const gateway = await told(
      {},
      {
        rates: {
          effectiveFrom: '2019-07-01T00:00:00Z',
          owner: 'test',
          source: 'test',
          rates: { anonymous: rates, member: rates, agreement: rates, terminal: rates },
        },
      },
    );
    const client = await gateway.open();
    const line = await lineOf(gateway);
    for (const name of ['one', 'two', 'three']) line.tell(name, name);
    const names = [];
    while (names.length < 3) names.push((await client.answer()).data.person?.name);
    expect(names).toEqual(['one', 'two', 'three']); // late, and not lost
  });
});

const codesIn = ({ errors = [] }: EventBody<unknown>) =>
  errors.map(({ extensions }) => extensions.code);
