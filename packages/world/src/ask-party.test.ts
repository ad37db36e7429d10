import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fixedClock } from '@7pay/time';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { askParty } from './ask-party.ts';
import { signMessage, verifyMessage } from './signature.ts';

const SECRET = 'shared-between-two';
const clock = fixedClock('2019-07-01T00:00:00Z');
const NOW = clock.now().getTime() / 1_000;
const PATH = '/cash-receipts/top_1';
const BODY = { amountYen: 1_000 };

interface Heard {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
let server: Server;
let url: string;
let behave: RequestListener;
const heard: Heard[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      heard.push({ method: request.method, url: request.url, headers: request.headers, body });
      behave(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(
  () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
);
beforeEach(() => void heard.splice(0));

/** An answer of the party; what is not said is right. */
const answer =
  (
    parts: {
      status?: number;
      body?: string;
      timestamp?: number;
      secret?: string;
      subject?: string;
      signature?: string;
    } = {},
  ): RequestListener =>
  (_request, response) => {
    const { status = 200, body = '{"receipt":"TAKEN"}', timestamp = NOW, secret = SECRET } = parts;
    const subject = parts.subject ?? `${status} ${PATH}`;
    response
      .writeHead(status, {
        'x-timestamp': String(timestamp),
        'x-signature': parts.signature ?? signMessage(secret, { subject, timestamp, body }),
      })
      .end(body);
  };
const ask = (more: { timeoutMs?: number; attempts?: number; url?: string } = {}) =>
  askParty({ url, secret: SECRET, timeoutMs: 150, attempts: 1, ...more }, clock, {
    path: PATH,
    body: BODY,
  });

describe('a question to an outside party', () => {
  it('is an idempotent, signed PUT, and the signed answer is believed', async () => {
    behave = answer();
    expect(await ask()).toEqual({ outcome: 'ANSWERED', status: 200, body: { receipt: 'TAKEN' } });
    const [request] = heard;
    expect(request).toMatchObject({ method: 'PUT', url: PATH, body: JSON.stringify(BODY) });
    const message = {
      subject: `PUT ${PATH}`,
      timestamp: Number(request?.headers['x-timestamp']),
      body: request?.body ?? '',
    };
    const signature = String(request?.headers['x-signature']);
    expect(verifyMessage(SECRET, message, signature, clock.now())).toBe(true);
    expect(JSON.stringify(heard)).not.toContain(SECRET);
  });

  it('takes a signed no as an answer', async () => {
    behave = answer({ status: 409, body: '{"error":"another receipt has this id"}' });
    expect(await ask()).toMatchObject({ outcome: 'ANSWERED', status: 409 });
    expect(heard).toHaveLength(1);
  });

  it.each<[string, RequestListener]>([
    ['is silent', () => {}],
    ['stops in the middle', (_request, response) => void response.writeHead(200).write('{')],
    ['cuts the line', (_request, response) => void response.destroy()],
    ['answers 500, signed', answer({ status: 500 })],
    ['answers 503 unsigned', (_request, response) => void response.writeHead(503).end('down')],
    ['signs with another secret', answer({ secret: 'stolen' })],
    ['does not sign', answer({ signature: '' })],
    ['signs for another path', answer({ subject: '200 /cash-receipts/top_2' })],
    ['signs another status', answer({ subject: `409 ${PATH}` })],
    ['repeats an answer of six minutes ago', answer({ timestamp: NOW - 301 })],
    ['answers from the future', answer({ timestamp: NOW + 301 })],
    ['has no time', answer({ timestamp: Number.NaN })],
    ['answers what is no JSON', answer({ body: '<html>' })],
    ['answers at great length', answer({ body: JSON.stringify('x'.repeat(100_000)) })],
    [
      'sends us elsewhere',
      (_request, response) => void response.writeHead(302, { location: `${url}/other` }).end(),
    ],
  ])('is UNKNOWN, never a no, when the party %s', async (_, behaviour) => {
    behave = behaviour;
    const start = performance.now();
    expect(await ask()).toMatchObject({ outcome: 'UNKNOWN', reason: expect.any(String) });
    expect(performance.now() - start).toBeLessThan(1_000);
    expect(heard.map((request) => request.url)).toEqual([PATH]); // and nobody else was asked
  });

  it('to nobody is UNKNOWN too', async () => {
    const nobody = await ask({ url: 'http://127.0.0.1:1' });
    expect(nobody).toMatchObject({ outcome: 'UNKNOWN' });
    expect(await ask({ url: 'not an address' })).toMatchObject({ outcome: 'UNKNOWN' });
  });

  it('is put again, the same one, until it is answered or the attempts are over', async () => {
    let failures = 1;
    behave = (request, response) => {
      failures -= 1;
      if (failures >= 0) response.destroy();
      else answer()(request, response);
    };
    expect(await ask({ attempts: 2 })).toMatchObject({ outcome: 'ANSWERED' });
    expect(heard.map(({ body }) => body)).toEqual([JSON.stringify(BODY), JSON.stringify(BODY)]);

    heard.splice(0);
    behave = (_request, response) => void response.destroy();
    expect(await ask({ attempts: 3 })).toMatchObject({ outcome: 'UNKNOWN' });
    expect(heard).toHaveLength(3);
  });
});

describe('a signature', () => {
  const message = { subject: `PUT ${PATH}`, timestamp: NOW, body: '{"a":1}' };
  const signature = signMessage(SECRET, message);
  const holds = (
    change: Partial<typeof message> = {},
    signed = signature,
    secret = SECRET,
    at = 0,
  ) => verifyMessage(secret, { ...message, ...change }, signed, new Date((NOW + at) * 1_000));

  it('holds for five minutes around its time', () => {
    expect([
      holds(),
      holds({}, signature, SECRET, 300),
      holds({}, signature, SECRET, -300),
    ]).toEqual([true, true, true]);
    expect([holds({}, signature, SECRET, 301), holds({}, signature, SECRET, -301)]).toEqual([
      false,
      false,
    ]);
  });

  it.each<[string, () => boolean]>([
    ['another body', () => holds({ body: '{"a":2}' })],
    ['another subject', () => holds({ subject: 'PUT /other' })],
    ['another second', () => holds({ timestamp: NOW + 1 })],
    ['another secret', () => holds({}, signature, 'other')],
    [
      'one changed letter',
      () =>
        holds(
          {},
          signature.replace(/^./, (c) => (c === '0' ? '1' : '0')),
        ),
    ],
    ['capital letters', () => holds({}, signature.toUpperCase())],
    ['half of it', () => holds({}, signature.slice(0, 32))],
    ['none', () => holds({}, '')],
    [
      'no time at all',
      () =>
        holds(
          { timestamp: Number.NaN },
          signMessage(SECRET, { ...message, timestamp: Number.NaN }),
        ),
    ],
  ])('does not hold with %s', (_, check) => {
    expect(check()).toBe(false);
  });
});
