import { generateKeyPairSync } from 'node:crypto';
import type { RequestListener } from 'node:http';
import type { InternalKey } from '@7pay/graphql';
import { createLog, type Log } from '@7pay/telemetry';
import { systemClock } from '@7pay/time';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXECUTORS } from '../config.ts';
import { REACH_RULES } from '../reach/guarded-reach.ts';
import { httpReach } from '../reach/http-reach.ts';
import { CANARIES, escaped, EVERY_CANARY, type Left } from '../testing/canaries.ts';
import { send, serve } from '../testing/raw-request.ts';
import { smallGateway } from '../testing/small-gateway.ts';

const ASKED = '{ hello people(first: 1) { pageInfo { hasNextPage } } }';
const GOOD = { hello: 'hello', people: { pageInfo: { hasNextPage: false } } };
const json = (body: unknown, status = 200): RequestListener => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return (_, response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(text);
};
const page: RequestListener = (_, response) =>
  void response.writeHead(500, { 'content-type': 'text/html' }).end(`<h1>${EVERY_CANARY}</h1>`);
const inExtensions = {
  stacktrace: [EVERY_CANARY],
  exception: { message: EVERY_CANARY, stacktrace: [EVERY_CANARY] },
  response: { url: `http://${CANARIES.host}/graphql`, body: EVERY_CANARY },
  serviceName: EVERY_CANARY,
  limit: EVERY_CANARY,
  reference: 'reference-1',
};
const told = (error: object, data: unknown = null) => json({ data, errors: [error] });

/** What a service does with what it must not tell. A sentence under a code for callers is told: it was made for them. */
const CARELESS: readonly (readonly [string, RequestListener])[] = [
  ['an error without a code', told({ message: EVERY_CANARY, extensions: inExtensions })],
  [
    'an error beside data',
    told({ message: EVERY_CANARY, path: ['hello'] }, { ...GOOD, hello: null }),
  ],
  [
    'a code of its own',
    told({ message: EVERY_CANARY, extensions: { ...inExtensions, code: EVERY_CANARY } }),
  ],
  [
    'a code for callers',
    told({
      message: EVERY_CANARY.replace(CANARIES.sentence, ''),
      extensions: { ...inExtensions, code: 'BAD_USER_INPUT' },
    }),
  ],
  ['the place of an error', told({ message: 'x', path: ['people', EVERY_CANARY] })],
  ['an answer without data', json({ errors: [{ message: EVERY_CANARY }] }, 500)],
  ['a refusal of our own token', json({ errors: [{ message: EVERY_CANARY }] }, 401)],
  ['a page', page],
  ['JSON that breaks off', json(`{"data":{"hello":"${EVERY_CANARY}`)],
  ['another form', json({ data: [EVERY_CANARY] })],
  [
    'a key that nobody asked for',
    json({ data: { ...GOOD, secret: EVERY_CANARY, [EVERY_CANARY]: 1 } }),
  ],
  [
    'a value of another kind',
    json({ data: { ...GOOD, people: { pageInfo: { hasNextPage: EVERY_CANARY } } } }),
  ],
  ['an object for a text', json({ data: { ...GOOD, hello: { text: EVERY_CANARY } } })],
  ['extensions of the answer', json({ data: GOOD, extensions: { trace: EVERY_CANARY } })],
  [
    'headers',
    (_, response) =>
      void response
        .writeHead(200, {
          'content-type': 'application/json',
          'set-cookie': CANARIES.token,
          'x-served-by': CANARIES.host,
        })
        .end(JSON.stringify({ data: GOOD })),
  ],
  [
    'a redirect',
    (_, response) =>
      void response.writeHead(302, { location: `http://${CANARIES.host}/` }).end(EVERY_CANARY),
  ],
  ['a line that ends', (_, response) => void response.destroy()],
];

// In our own log a host and a sentence help; what opens a door or names a person does not belong there either.
const LOGGED = ['token', 'paymentCode', 'card', 'mail', 'phone', 'credentials'] as const;
const NEVER_TIRED = {
  ...REACH_RULES,
  breaker: { ...REACH_RULES.breaker, ratio: 2 },
  retries: { share: 0, saved: 0 },
};

let behave: RequestListener = page;
let subgraph: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  subgraph = await serve((request, response) => {
    request.resume();
    behave(request, response);
  });
});
afterAll(() => subgraph.stop());

async function carelessGateway(executor: (typeof EXECUTORS)[number], leaky?: Log) {
  const lines: string[] = [];
  const log = createLog({
    service: 'gateway',
    level: 'debug',
    destination: { write: (line) => void lines.push(line) },
  });
  const key = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }) as InternalKey;
  const gateway = await smallGateway({
    reach: httpReach({ urls: { small: subgraph.url }, key, clock: systemClock }),
    reachRules: NEVER_TIRED,
    rates: 'unlimited',
    executor,
    log: leaky ?? log,
  });
  const ask = async (accept: string) => {
    const headers = { 'content-type': 'application/json', accept };
    const answer = await send(gateway.port, '/graphql', {
      method: 'POST',
      headers,
      chunks: [JSON.stringify({ query: ASKED })],
    });
    const left: Left[] = [
      { way: 'answer', text: answer.text },
      { way: 'headers', text: JSON.stringify(answer.headers) },
    ];
    return { answer, left };
  };
  const logged = (): Left => ({ way: 'log', text: lines.splice(0).join('\n') });
  return { ...gateway, ask, logged };
}

describe.each(EXECUTORS)('what a careless service tells (%s executor)', (executor) => {
  let gateway: Awaited<ReturnType<typeof carelessGateway>>;
  beforeAll(async () => {
    gateway = await carelessGateway(executor);
  });
  afterAll(() => gateway.stop());

  it.each(CARELESS)(
    'by %s leaves neither by an answer nor by a header, and no secret by the log',
    async (_, careless) => {
      behave = careless;
      for (const accept of ['application/json', 'application/graphql-response+json']) {
        const { answer, left } = await gateway.ask(accept);
        expect(escaped(left)).toEqual([]);
        expect(answer.text).not.toContain(`:${subgraph.port}`);
        expect(answer.text).toMatch(/^\{"(data|errors)":/);
      }
      expect(escaped([gateway.logged()], [...LOGGED])).toEqual([]);
    },
  );
});

describe('the search for canaries', () => {
  it('notices each of them, plain, escaped and in base64', () => {
    const all = Object.keys(CANARIES).map((name) => `${name} in here`);
    const spelled = [
      EVERY_CANARY,
      JSON.stringify(JSON.stringify(EVERY_CANARY)),
      encodeURIComponent(EVERY_CANARY),
      Object.values(CANARIES)
        .map((each) => Buffer.from(each).toString('base64'))
        .join(' '),
    ];
    for (const text of spelled) expect(escaped([{ way: 'here', text }])).toEqual(all);
  });

  it('notices what a log without its rules would let out', async () => {
    const lines: string[] = [];
    const write = (event: string, facts = {}) =>
      void lines.push(
        event,
        JSON.stringify(facts, (_, value: unknown) =>
          value instanceof Error ? value.message : value,
        ),
      );
    const leaky: Log = { info: write, warn: write, error: write, child: () => leaky };
    const gateway = await carelessGateway('own', leaky);
    behave = told({ message: EVERY_CANARY });
    await gateway.ask('application/json');
    await gateway.stop();
    expect(escaped([{ way: 'log', text: lines.join('\n') }])).toContain('card in log');
  });
});
