import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { silentLog } from '@7pay/telemetry';
import { systemClock } from '@7pay/time';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InternalKey, mintInternalToken } from './internal-identity.ts';
import { closeServer, listen } from './run-service.ts';
import { serveSubgraph } from './serve-subgraph.ts';
import { anonymous, shelfSubgraph } from './testing/shelf.graphql.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const own = privateKey.export({ format: 'jwk' }) as InternalKey;
const key = publicKey.export({ format: 'jwk' }) as InternalKey;
const { subgraph, shelf } = shelfSubgraph(silentLog);
let server: Server;
let url: string;
let token: string;
beforeAll(async () => {
  server = createServer(serveSubgraph(subgraph, { key, clock: systemClock, log: silentLog }));
  url = `http://127.0.0.1:${await listen(server, 0)}`;
  token = await mintInternalToken(own, { viewer: anonymous(), subgraph: 'shelf', now: new Date() });
});
afterAll(() => closeServer(server));

const post = async (
  body: string,
  { authorization = `Bearer ${token}`, path = '/graphql', ...headers }: Record<string, string> = {},
) => {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization, ...headers },
    body,
  });
  const text = await response.text();
  return { status: response.status, text, json: JSON.parse(text) as Record<string, unknown> };
};
const QUERY = JSON.stringify({ query: '{ price }' });

describe('a subgraph behind HTTP', () => {
  it('answers the gateway', async () => {
    expect(await post(QUERY)).toMatchObject({ status: 200, json: { data: { price: 100 } } });
  });

  it.each([
    ['no token', ''],
    ['a word', 'Bearer aaaaaaaaaaaaaaaaaaaaaaaa'],
    ['another scheme', 'Basic aaaaaaaaaaaaaaaaaaaaaaaa'],
    ['a token of endless length', `Bearer ${'a'.repeat(8_193)}`],
  ])('answers 401 to %s, whatever is asked', async (_, authorization) => {
    for (const query of ['{ price }', '{ _service { sdl } }', 'not a query']) {
      const answer = await post(JSON.stringify({ query }), { authorization });
      expect(answer.status).toBe(401);
      expect(answer.text).not.toMatch(/type Query|100/);
    }
  });

  it.each([
    ['nothing', ''],
    ['half of an object', '{"query":'],
    ['null', 'null'],
    ['a list', '[]'],
    ['a query that is no text', '{"query":{}}'],
    ['two megabytes and more', JSON.stringify({ query: `{ price } #${' '.repeat(2_000_000)}` })],
  ])('answers 400 to a body that is %s', async (_, body) => {
    const answer = await post(body);
    expect([answer.status, answer.json]).toMatchObject([
      400,
      { errors: [{ extensions: { code: 'BAD_REQUEST' } }] },
    ]);
  });

  it('answers 404 elsewhere, and health to anybody', async () => {
    expect((await post(QUERY, { path: '/graphql/' })).status).toBe(404);
    expect((await post(QUERY, { path: '/' })).status).toBe(404);
    expect((await fetch(`${url}/graphql?query={price}`)).status).toBe(404);
    const health = await fetch(`${url}/health`);
    expect(await health.json()).toEqual({ status: 'up', subgraph: 'shelf' });
  });

  it('takes the request’s id from the gateway for its references, and makes one of its own otherwise', async () => {
    shelf.failure = new Error('inside');
    const referenceOf = async (headers: Record<string, string>) => {
      const { json } = await post(QUERY, headers);
      const [error] = json['errors'] as { extensions: { reference: string } }[];
      return error?.extensions.reference;
    };
    expect(await referenceOf({ 'x-request-id': 'request-12345678' })).toBe('request-12345678');
    expect(await referenceOf({ 'x-request-id': '<script>' })).toMatch(/^[\w-]{8,64}$/);
    shelf.failure = null;
  });
});

describe('a port that is taken', () => {
  it('is named with the setting that changes it', async () => {
    const port = Number(new URL(url).port);
    await expect(listen(createServer(), port, 'WALLET_PORT')).rejects.toThrow(
      `Port ${port} is taken. Set WALLET_PORT to another one`,
    );
  });
});
