import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, RequestListener } from 'node:http';
import type { InternalKey } from '@7pay/graphql';
import type { Log, LogFacts } from '@7pay/telemetry';
import { systemClock } from '@7pay/time';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ExecutorName, EXECUTORS, GATEWAY_LIMITS } from '../config.ts';
import { type Gateway, openGateway } from '../gateway.ts';
import { serve } from '../testing/raw-request.ts';
import { readViewer } from '../viewer.ts';
import { REACH_RULES } from './guarded-reach.ts';
import { httpReach } from './http-reach.ts';

process.env['APOLLO_TELEMETRY_DISABLED'] = '1';

const DEADLINE_MS = 400;
// Trap 15 of docs/gateway.md: what is an answer, and what of it may be told.
const SECRET = 'mongodb://app:hunter2@10.0.0.7/pay at Store.find (/srv/app/store.ts:12:3)';
const logged: LogFacts[] = [];
const log: Log = {
  info: () => {},
  warn: () => {},
  error: (_event, facts = {}) => void logged.push(facts),
  child: () => log,
};

let behave: RequestListener;
let calls = 0;
let subgraph: Awaited<ReturnType<typeof serve>>;
let front: Awaited<ReturnType<typeof serve>>;
let gateway: Gateway;
beforeAll(async () => {
  subgraph = await serve((request, response) => {
    calls += 1;
    request.resume();
    behave(request, response);
  });
});
afterAll(() => subgraph.stop());
beforeEach(() => {
  calls = 0;
  logged.length = 0;
});

// What one bad answer does is looked at here; what many do, in guarded-reach.test.ts.
const NEVER_TIRED = {
  ...REACH_RULES,
  breaker: { ...REACH_RULES.breaker, ratio: 2 },
  retries: { share: 0, saved: 0 },
};

async function open(executor: ExecutorName): Promise<void> {
  const key = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }) as InternalKey;
  gateway = await openGateway({
    supergraph: readFileSync(new URL('../../supergraph.graphql', import.meta.url), 'utf8'),
    reach: httpReach({ urls: { merchant: subgraph.url }, key, clock: systemClock }),
    readViewer: readViewer(
      async () => undefined,
      async () => false,
      () => ({ holds: true, withoutScopes: [] }),
    ),
    allowedOrigins: [],
    production: true,
    operations: 'any',
    reachRules: NEVER_TIRED,
    limits: { ...GATEWAY_LIMITS, deadlineMs: DEADLINE_MS },
    executor,
    log,
  });
  front = await serve(gateway.handler);
}
async function close(): Promise<void> {
  await front.stop();
  await gateway.stop();
}

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions: { readonly code: string; readonly reference?: string };
  }[];
}
async function ask(query = '{ stores(first: 1) { nodes { id name } } }') {
  const start = performance.now();
  const response = await fetch(front.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const text = await response.text();
  return { text, elapsed: performance.now() - start, answer: JSON.parse(text) as Answer };
}
const leaksNothing = (text: string) => {
  expect(text).not.toMatch(
    /hunter2|mongodb:|127\.0\.0\.1|10\.0\.0\.7|node_modules|\.ts:\d|merchant/,
  );
};
const json =
  (status: number, body: unknown): RequestListener =>
  (_request, response) =>
    void response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(typeof body === 'string' ? body : JSON.stringify(body));
const drip: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 20);
  response.once('close', () => clearInterval(timer));
};
const flood: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const megabyte = Buffer.alloc(1_000_000, '[');
  let sent = 0;
  const more = () => {
    if (response.destroyed) return;
    if ((sent += 1) > 50) response.end();
    else response.write(megabyte, more);
  };
  more();
};
/** Writes a good answer under a wrong length, past what node would allow. */
const raw = ({ socket }: IncomingMessage, length: number) =>
  socket.end(
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n${JSON.stringify(GOOD)}`,
  );
const GOOD = { data: { stores: { nodes: [{ id: 'sto_1', name: '店' }] } } };

describe.each(EXECUTORS)('with the executor %s, a subgraph', (executor) => {
  beforeAll(() => open(executor));
  afterAll(close);

  it.each([200, 400, 500])('that answers with data is heard, under status %d', async (status) => {
    behave = json(status, GOOD);
    expect((await ask()).answer.data).toEqual(GOOD.data);
  });

  it.each<[string, RequestListener]>([
    ['is silent', () => {}],
    [
      'sends its headers and then nothing',
      (_request, response) => void response.writeHead(200).flushHeaders(),
    ],
    ['cuts the line', (_request, response) => void response.destroy()],
    [
      'cuts the line in its answer',
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
        response.write('{"data":{"stores":');
        setTimeout(() => response.destroy(), 10);
      },
    ],
    ['drips its answer', drip],
    ['announces less than it sends', (request) => void raw(request, 10)],
    ['announces more than it sends', (request) => void raw(request, 10_000)],
    ['answers 50 megabytes', flood],
    ['answers half of a JSON text', json(200, '{"data":{"stores":{"nodes":[')],
    ['answers 500 with what it knows', json(500, { errors: [{ message: SECRET }] })],
    ['answers 503 in plain text', json(503, SECRET)],
    ['answers 401', json(401, { errors: [{ message: SECRET }] })],
    ['answers a page', json(200, `<html><body>${SECRET}</body></html>`)],
    ['answers null', json(200, 'null')],
    ['answers a text', json(200, JSON.stringify(SECRET))],
    [
      'sends the caller elsewhere',
      (_request, response) =>
        void response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
    ],
    ['answers nothing', json(200, '')],
  ])(
    'that %s is UNAVAILABLE within the deadline, and nothing of it leaks',
    async (_, behaviour) => {
      behave = behaviour;
      const { text, elapsed, answer } = await ask();
      expect(answer.errors?.[0]?.extensions).toEqual({
        code: 'UNAVAILABLE',
        reference: expect.stringMatching(/^[\w-]{8,64}$/),
      });
      expect(elapsed).toBeLessThan(DEADLINE_MS + 400);
      leaksNothing(text);
      expect(calls).toBe(1); // nothing is sent twice
      behave = json(200, GOOD);
      expect((await ask()).answer.data).toEqual(GOOD.data); // and the next request is served
    },
  );

  it.each<[string, unknown]>([
    ['a message', { message: SECRET }],
    [
      'a code of its own and a stack',
      {
        message: SECRET,
        extensions: {
          code: 'INTERNAL_SERVER_ERROR',
          stacktrace: [SECRET],
          exception: { stacktrace: [SECRET] },
        },
      },
    ],
    ['a strange path', { message: SECRET, path: ['stores', SECRET] }],
  ])('that tells a secret in %s is masked, and the cause is logged', async (_, error) => {
    behave = json(200, { data: { stores: null }, errors: [error] });
    const { text, answer } = await ask();
    expect(answer.errors?.[0]?.extensions.code).toBe('INTERNAL');
    leaksNothing(text);
    expect(logged.map(({ reference }) => reference)).toContain(
      answer.errors?.[0]?.extensions.reference,
    );
  });

  it('that refuses under a public code is heard, and its other extensions are not', async () => {
    behave = json(200, {
      data: { stores: null },
      errors: [
        {
          message: 'この操作は許可されていません。',
          extensions: { code: 'FORBIDDEN', secret: SECRET, reference: 'ref-12345678' },
        },
      ],
    });
    const { text, answer } = await ask();
    expect(answer.errors?.[0]).toMatchObject({
      message: 'この操作は許可されていません。',
      extensions: { code: 'FORBIDDEN', reference: 'ref-12345678' },
    });
    leaksNothing(text);
  });

  it('that nobody named is unavailable', async () => {
    const { answer, text } = await ask('{ refundProgramme { id } }');
    expect(answer.errors?.[0]?.extensions.code).toBe('UNAVAILABLE');
    expect(text).not.toMatch(/no address/);
    expect(calls).toBe(0);
  });
});

describe('with our executor, a subgraph', () => {
  beforeAll(() => open('own'));
  afterAll(close);

  it.each<[string, unknown]>([
    ['an object for a text', { stores: { nodes: [{ id: 'sto_1', name: { secret: SECRET } }] } }],
    ['a text for a list', { stores: { nodes: SECRET } }],
    ['a text for an object', { stores: SECRET }],
    ['something that was not asked for', { secret: SECRET }],
    ['a list for everything', [SECRET]],
  ])('that answers %s is INTERNAL, and nothing of it leaks', async (_, data) => {
    behave = json(200, { data });
    const { text, answer } = await ask();
    expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual(['INTERNAL']);
    leaksNothing(text);
    expect(text).not.toMatch(/secret/);
  });
});

describe.each(EXECUTORS)('in production, with the executor %s,', (executor) => {
  beforeAll(() => open(executor));
  afterAll(close);

  it('the schema is not told, not even by a suggestion', async () => {
    behave = json(200, GOOD);
    for (const query of [
      '{ __schema { types { name } } }',
      '{ __type(name: "Wallet") { name } }',
      '{ storez(first: 1) { nodes { id } } }',
    ]) {
      const { text, answer } = await ask(query);
      expect(answer.errors?.[0]?.extensions.code, query).toMatch(/^GRAPHQL_VALIDATION_FAILED$/);
      expect(text).not.toMatch(/Did you mean|"types"|Wallet"/);
    }
  });
});
