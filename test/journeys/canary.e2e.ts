import { createLog } from '@7pay/telemetry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CANARIES, escaped, EVERY_CANARY, type Left } from '../../gateway/src/testing/canaries.ts';
import {
  aMemberWith,
  PAY,
  platformUnderTest,
  type PlatformUnderTest,
} from '../support/platform-under-test.ts';

// Everything in one process writes one log: gateway, 7iD, subgraphs, relay.
const lines: string[] = [];
const everything: string[] = [];
const destination = {
  write: (line: string) => {
    lines.push(line);
    everything.push(line);
  },
};

let under: PlatformUnderTest;
beforeAll(async () => {
  under = await platformUnderTest('canary', {
    log: createLog({ service: 'platform', level: 'debug', destination }),
  });
});
afterAll(() => under.stop());

const HEADERS: Readonly<Record<string, string>> = {
  authorization: `Bearer ${CANARIES.token}`,
  dpop: CANARIES.token,
  cookie: `session=${CANARIES.token}; mail=${CANARIES.mail}`,
  'user-agent': EVERY_CANARY,
  'x-request-id': CANARIES.card,
  'x-forwarded-for': EVERY_CANARY,
  'accept-language': CANARIES.sentence,
  referer: `http://${CANARIES.host}/?code=${CANARIES.paymentCode}`,
  traceparent: CANARIES.paymentCode,
  origin: `http://${CANARIES.host}`,
};
const { sentence } = CANARIES;
const alias = sentence.replaceAll('-', '_');
const text = JSON.stringify(EVERY_CANARY);
const asked = (query: string, variables: unknown = {}, operationName?: string) =>
  JSON.stringify({ query, variables, operationName });

/** Wherever a caller can put something. */
const PLANTED: readonly (readonly [string, string])[] = [
  ['a comment', asked(`{ stores(first: 1) { nodes { id } } } # ${EVERY_CANARY}`)],
  ['an alias', asked(`{ ${alias}: stores(first: 1) { nodes { id } } }`)],
  [
    'the name of an operation',
    asked(`query ${alias} { stores(first: 1) { nodes { id } } }`, {}, alias),
  ],
  ['a name of no operation', asked('query A { stores { nodes { id } } }', {}, EVERY_CANARY)],
  ['a literal', asked(`{ store(id: ${text}) { id } }`)],
  ['a literal of another kind', asked(`{ stores(first: ${text}) { nodes { id } } }`)],
  ['a variable', asked('query($id: ID!) { store(id: $id) { id } }', { id: EVERY_CANARY })],
  [
    'a variable of another kind',
    asked('query($n: Int) { stores(first: $n) { nodes { id } } }', { n: EVERY_CANARY }),
  ],
  [
    'a variable nobody declared',
    asked('{ stores { nodes { id } } }', { [EVERY_CANARY]: EVERY_CANARY }),
  ],
  ['a key of an input', asked(PAY, { input: { [EVERY_CANARY]: 1 } })],
  [
    'an amount',
    asked(PAY, {
      input: { merchantPaymentId: 'x', code: CANARIES.paymentCode, amount: CANARIES.card },
    }),
  ],
  [
    'a code',
    asked(PAY, {
      input: { merchantPaymentId: 'canary-1', code: CANARIES.paymentCode, amount: 100 },
    }),
  ],
  [
    'the number of a merchant',
    asked(PAY, { input: { merchantPaymentId: CANARIES.card, code: 'x', amount: 100 } }),
  ],
  ['a field', asked(`{ ${alias} }`)],
  ['a directive', asked(`{ stores @${alias} { nodes { id } } }`)],
  ['an argument', asked(`{ stores(${alias}: 1) { nodes { id } } }`)],
  ['a document that cannot be read', asked(`{ stores(id: ${text}`)],
  [
    'extensions',
    JSON.stringify({ query: '{ stores { nodes { id } } }', extensions: { x: EVERY_CANARY } }),
  ],
  ['a digest', JSON.stringify({ documentId: EVERY_CANARY })],
  ['a body that is no JSON', EVERY_CANARY],
  ['a body that breaks off', `{"query":"${EVERY_CANARY}`],
  ['a batch', JSON.stringify([{ query: EVERY_CANARY }])],
];

// Whoever sent a value may be told that it is wrong, with its words; what opens a door is not repeated even to them.
const TOLD_TO_NOBODY = ['token', 'paymentCode', 'card', 'mail', 'phone', 'credentials'];

async function send(body: string, headers: Readonly<Record<string, string>>, path = '/graphql') {
  const response = await fetch(`${under.platform.urls.gateway}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  const left: Left[] = [
    { way: 'answer', text: await response.text() },
    { way: 'headers', text: JSON.stringify([...response.headers]) },
  ];
  return left;
}
const logged = (): Left => ({ way: 'log', text: lines.splice(0).join('\n') });

describe('what a caller sends', () => {
  it.each(PLANTED)('in %s leaves by no answer, header or line of a log', async (_, body) => {
    lines.length = 0;
    const store = under.stores[0];
    const left = [
      ...(await send(body, {})),
      ...(await send(body, { authorization: `Bearer ${store?.token}` })),
    ];
    expect(escaped(left, TOLD_TO_NOBODY)).toEqual([]);
    expect(escaped([logged()])).toEqual([]);
  });

  it('in headers leaves neither', async () => {
    const body = asked('{ wallet { balance } stores(first: 1) { nodes { id } } }');
    for (const [name, value] of Object.entries(HEADERS)) {
      lines.length = 0;
      expect(escaped(await send(body, { [name]: value })), name).toEqual([]);
      expect(escaped([logged()]), name).toEqual([]);
    }
  });

  it('in the path leaves neither', async () => {
    lines.length = 0;
    const path = `/${encodeURIComponent(EVERY_CANARY)}?code=${CANARIES.paymentCode}`;
    expect(escaped(await send('{}', {}, path))).toEqual([]);
    expect(escaped([logged()])).toEqual([]);
  });
});

describe('what opens a door in earnest', () => {
  it('a token and a payment code stand in no line of the log, of a payment that goes well and of one that does not', async () => {
    const member = await aMemberWith(under, 2_000);
    const code = await member.code();
    const terminal = under.stores[0]?.token ?? '';
    for (const merchantPaymentId of ['canary-2', 'canary-3']) {
      await under.graph.ask(PAY, { input: { merchantPaymentId, code, amount: 500 } }, terminal);
    }
    await under.graph.ask('{ wallet { balance } }', {}, `${member.token}x`);
    expect(everything.length).toBeGreaterThan(0);
    for (const secret of [code, member.token, terminal]) {
      expect(everything.join('\n')).not.toContain(secret);
    }
  });
});
