import { generateKeyPairSync } from 'node:crypto';
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { type InternalKey, type MemberViewer, verifyInternalToken } from '@7pay/graphql';
import { silentLog } from '@7pay/telemetry';
import { systemClock } from '@7pay/time';
import { testGraph } from '../executor/testing/test-graph.ts';
import { openGateway } from '../gateway.ts';
import { httpReach } from '../reach/http-reach.ts';
import { serve } from './raw-request.ts';

process.env['APOLLO_TELEMETRY_DISABLED'] = '1';

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

export interface InterleavedMembers {
  readonly answers: number;
  readonly crossed: readonly string[];
  readonly failed: readonly string[];
}

/**
 * Two members ask the same through one gateway, interleaved on so many connections, of subgraphs behind HTTP that answer with
 * the member whom the token names, each time after another while. An answer is crossed that names the other member; one that fails is counted apart.
 */
export async function interleaveMembers(options: {
  readonly answers: number;
  readonly connections: number;
}): Promise<InterleavedMembers> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const closing: (() => Promise<void>)[] = [];
  const publicJwk = publicKey.export({ format: 'jwk' }) as InternalKey;
  try {
    const urls = {
      people: await subgraph(publicJwk, closing, 'people', (member) => ({
        me: { __typename: 'User', id: 'u1', name: member },
      })),
      scores: await subgraph(publicJwk, closing, 'scores', (member) => ({
        _entities: [{ nick: member }],
      })),
    };
    const key = privateKey.export({ format: 'jwk' }) as InternalKey;
    const gateway = await openGateway({
      supergraph: testGraph().supergraph,
      reach: httpReach({ urls, key, clock: systemClock }),
      readViewer: async (headers, requestId) => memberOf(String(headers['x-member']), requestId),
      allowedOrigins: [],
      production: false,
      rates: 'unlimited',
      log: silentLog,
    });
    closing.push(() => gateway.stop());
    const front = await serve(gateway.handler);
    closing.push(() => front.stop());
    return await ask(front.port, options);
  } finally {
    for (const close of closing.toReversed()) await close();
  }
}

/** A subgraph that answers with the member whom the token names, after a while of its own. */
async function subgraph(
  key: InternalKey,
  closing: (() => Promise<void>)[],
  name: string,
  data: (member: string) => unknown,
): Promise<string> {
  let calls = 0;
  const server = await serve(async (asked, response) => {
    await text(asked);
    calls += 1;
    await wait((calls * 7) % 23);
    const token = asked.headers.authorization?.replace('Bearer ', '') ?? '';
    const viewer = await verifyInternalToken(key, { token, subgraph: name, now: new Date() });
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ data: data((viewer as MemberViewer).memberId) }));
  });
  closing.push(() => server.stop());
  return server.url;
}

async function ask(
  port: number,
  { answers, connections }: { answers: number; connections: number },
): Promise<InterleavedMembers> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const crossed: string[] = [];
  const failed: string[] = [];
  let asked = 0;
  const worker = async () => {
    while (asked < answers) {
      asked += 1;
      const [member, other] = asked % 2 === 0 ? ['mem_one', 'mem_two'] : ['mem_two', 'mem_one'];
      const answer = await askAs(agent, port, member);
      const right = JSON.stringify({ data: { me: { id: 'u1', name: member, nick: member } } });
      if (answer.includes(other)) crossed.push(`${member}: ${answer}`);
      else if (answer !== right) failed.push(`${member}: ${answer}`);
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  agent.destroy();
  return { answers: asked, crossed, failed };
}

const BODY = '{"query":"{ me { id name nick } }"}';

const askAs = (agent: Agent, port: number, member: string): Promise<string> =>
  new Promise((resolve) => {
    const failed = (error: Error) => resolve(`no answer: ${error.message}`);
    const headers = { 'content-type': 'application/json', 'x-member': member };
    request({ agent, port, host: '127.0.0.1', path: '/', method: 'POST', headers }, (response) => {
      text(response).then(resolve, failed);
    })
      .once('error', failed)
      .end(BODY);
  });
