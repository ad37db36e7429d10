import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bucketsInMemory } from '../rate/buckets.ts';
import { RATE_LIMITS } from '../rate/rate-limits.ts';
import { send } from '../testing/raw-request.ts';
import { smallGateway } from '../testing/small-gateway.ts';

let now = 0;
let gateway: Awaited<ReturnType<typeof smallGateway>>;
beforeAll(async () => {
  const rate = { burst: 30, perSecond: 1 };
  const rates = { ...RATE_LIMITS.rates, anonymous: { query: rate, mutation: rate } };
  gateway = await smallGateway({
    rates: { ...RATE_LIMITS, rates },
    buckets: bucketsInMemory(() => now),
  });
});
afterAll(() => gateway.stop());

const ask = (query: string, accept: string) =>
  send(gateway.port, '/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    chunks: [JSON.stringify({ query })],
  });

describe('a caller that has spent all', () => {
  it('is told when to come back, and nothing is done until then', async () => {
    const mutation = 'mutation { rename(id: 1, name: "x") }';
    for (let n = 0; n < 3; n += 1) {
      expect((await ask(mutation, 'application/json')).status).toBe(200);
    }
    const calls = gateway.calls.length;
    const graphql = await ask(mutation, 'application/graphql-response+json');
    expect([graphql.status, graphql.headers['retry-after']]).toEqual([429, '10']);
    const json = await ask(mutation, 'application/json');
    expect([json.status, json.headers['retry-after']]).toEqual([200, '10']);
    expect(JSON.parse(json.text)).toMatchObject({
      errors: [{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 10 } }],
    });
    expect(gateway.calls).toHaveLength(calls);

    expect((await ask('{ hello }', 'application/json')).text).toContain('"hello":"hello"');
    now += 10_000;
    expect((await ask(mutation, 'application/json')).text).toContain('renamed');
  });
});
