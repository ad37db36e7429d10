import { generateKeyPairSync } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { type InternalKey, type MemberViewer, verifyInternalToken } from '@7pay/graphql';
import { silentLog } from '@7pay/telemetry';
import { systemClock } from '@7pay/time';
import { afterAll, expect, it } from 'vitest';
import { openGateway } from '../gateway.ts';
import { httpReach } from '../reach/http-reach.ts';
import { serve } from '../testing/raw-request.ts';
import { testGraph } from './testing/test-graph.ts';

process.env['APOLLO_TELEMETRY_DISABLED'] = '1';

const IN_FLIGHT = 64;
const ROUNDS = 12;
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const publicJwk = publicKey.export({ format: 'jwk' }) as InternalKey;
const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing.toReversed()) await close();
});

const memberOf = (memberId: string, requestId: string): MemberViewer => ({
  kind: 'member',
  memberId,
  requestId,
  scopes: ['wallet'],
  roles: [],
  acr: 'urn:7id:acr:2',
  authTime: 0,
  locale: 'ja',
  clientId: null,
});

/** A subgraph that answers with the member whom the token names, after a time of its own. */
async function subgraph(name: string, data: (member: string) => unknown) {
  let calls = 0;
  const server = await serve(async (request, response) => {
    await text(request);
    calls += 1;
    await wait((calls * 7) % 23);
    const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
    const viewer = await verifyInternalToken(publicJwk, { token, subgraph: name, now: new Date() });
    const member = (viewer as MemberViewer | undefined)?.memberId ?? 'nobody';
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ data: data(member) }));
  });
  closing.push(() => server.stop());
  return server.url;
}

it(`trap 18: two members, ${IN_FLIGHT} requests in flight: no answer is crossed`, async () => {
  const urls = {
    people: await subgraph('people', (member) => ({
      me: { __typename: 'User', id: 'u1', name: member },
    })),
    scores: await subgraph('scores', (member) => ({ _entities: [{ nick: member }] })),
  };
  const gateway = await openGateway({
    supergraph: testGraph().supergraph,
    reach: httpReach({
      urls,
      key: privateKey.export({ format: 'jwk' }) as InternalKey,
      clock: systemClock,
    }),
    readViewer: async (headers, requestId) => memberOf(String(headers['x-member']), requestId),
    allowedOrigins: [],
    production: false,
    log: silentLog,
  });
  const front = await serve(gateway.handler);
  closing.push(
    () => gateway.stop(),
    () => front.stop(),
  );
  const wrong: string[] = [];
  const ask = async (member: string) => {
    const response = await fetch(front.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-member': member },
      body: JSON.stringify({ query: '{ me { id name nick } }' }),
    });
    const answer = await response.text();
    const right = JSON.stringify({ data: { me: { id: 'u1', name: member, nick: member } } });
    if (answer.trim() !== right) wrong.push(`${member}: ${answer}`);
  };
  const worker = async (index: number) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      await ask((index + round) % 2 === 0 ? 'mem_one' : 'mem_two');
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, (_, index) => worker(index)));
  expect(wrong).toEqual([]);
});
