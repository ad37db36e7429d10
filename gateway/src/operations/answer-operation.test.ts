import { readFileSync } from 'node:fs';
import { ApolloServer } from '@apollo/server';
import { silentLog } from '@7pay/telemetry';
import { Kind, type OperationDefinitionNode, OperationTypeNode, parse, print } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { apiSchemaOf } from '../executor/api-schema.ts';
import type { NextSupergraph } from '../executor/own-gateway.ts';
import { openGateway } from '../gateway.ts';
import type { Buckets } from '../rate/buckets.ts';
import { type Reach, SubgraphUnavailable } from '../reach/reach.ts';
import { madeUpAnswers } from '../testing/made-up-answers.ts';
import { madeUpVariables } from '../testing/made-up-variables.ts';
import { send, serve } from '../testing/raw-request.ts';
import { anonymousViewer } from '../testing/viewers.ts';
import type { OperationsManifest } from './registered-operations.ts';

process.env['APOLLO_TELEMETRY_DISABLED'] = '1';
const SUPERGRAPH = readFileSync('gateway/supergraph.graphql', 'utf8');
const manifest = JSON.parse(readFileSync('gateway/operations.json', 'utf8')) as OperationsManifest;
const schema = apiSchemaOf(SUPERGRAPH);
const made = madeUpAnswers(SUPERGRAPH);

interface Asked {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
}
type Answer = Awaited<ReturnType<Reach['call']>>;

// What the subgraphs do, what was spent, and whether there is anything left to spend: set by each test.
let answerOf: (name: string, answer: Answer) => Answer | Promise<Answer>;
let spent: string[];
let retryAfterSeconds: number | undefined;
const buckets: Buckets = {
  spend: (name, _rate, cost) => {
    spent.push(`${name} ${cost}`);
    return retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  },
};
const server = vi.spyOn(ApolloServer.prototype, 'executeOperation');
let gateway: Awaited<ReturnType<typeof openGateway>>;
let front: Awaited<ReturnType<typeof serve>>;
let replace: (next: NextSupergraph) => Promise<void>;

beforeAll(async () => {
  gateway = await openGateway({
    supergraph: SUPERGRAPH,
    follow: (take) => {
      replace = take;
      return { stop: async () => {} };
    },
    reach: {
      call: async (call) => answerOf(call.subgraph, made(call.request)),
      close: async () => {},
    },
    readViewer: async (_headers, requestId) => ({ ...anonymousViewer(), requestId }),
    allowedOrigins: [],
    production: false,
    buckets,
    log: silentLog,
  });
  front = await serve(gateway.handler);
});
afterAll(async () => {
  await front.stop();
  await gateway.stop();
});
beforeEach(() => {
  answerOf = (_name, answer) => answer;
  retryAfterSeconds = undefined;
});

const UUID = /[0-9a-f]{8}-[0-9a-f-]{27}/g;

/** Asks, and tells everything that can be seen of it, and whether the server was asked. */
async function ask(asked: Asked) {
  spent = [];
  server.mockClear();
  const { status, headers, text } = await send(front.port, '/graphql', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      'x-request-id': 'the-same-each-time',
    },
    chunks: [JSON.stringify(asked)],
  });
  const { date: _date, 'content-length': _length, ...told } = headers;
  const seen = { status, told, spent, text: text.replaceAll(UUID, 'a reference') };
  return { seen, byServer: server.mock.calls.length === 1 };
}

let serial = 0;
/** The same operation in a text that nobody has seen, which the server has to read. */
const unseen = (asked: Asked): Asked => ({ ...asked, query: `${asked.query}\n# ${(serial += 1)}` });

/** Asks in both ways, and gives what was seen, which has to be the same. */
async function bothWays(asked: Asked, known = true, refusedEarly = false) {
  const slow = await ask(unseen(asked));
  const fast = await ask(asked);
  expect([slow.byServer, fast.byServer]).toEqual([!refusedEarly, !known]);
  expect(fast.seen).toEqual(slow.seen);
  return fast.seen;
}

const operationIn = ({ query }: Asked): OperationDefinitionNode =>
  parse(query).definitions.find(
    (each): each is OperationDefinitionNode => each.kind === Kind.OPERATION_DEFINITION,
  ) as OperationDefinitionNode;

const registered = Object.entries(manifest).flatMap(([client, texts]) =>
  Object.values(texts).flatMap((query) => {
    const operation = operationIn({ query });
    // Those are never answered, they tell: their way is the server's alone.
    if (operation.operation === OperationTypeNode.SUBSCRIPTION) return [];
    const name = `${operation.name?.value ?? 'nameless'} of ${client}`;
    return { name, asked: { query, variables: madeUpVariables(schema, operation) } };
  }),
);

describe('a subscription', () => {
  it('is never answered without the server, which decides whether its client takes events', async () => {
    const asked = { query: 'subscription Told { switchChanged(key: "payment") { state } }' };
    for (let n = 0; n < 2; n += 1) {
      const { seen, byServer } = await ask(asked);
      expect(byServer).toBe(true);
      expect(JSON.parse(seen.text)).toMatchObject({
        errors: [{ extensions: { code: 'BAD_REQUEST' } }],
      });
    }
  });
});

describe.each(registered)('$name, once it is known', ({ asked }) => {
  beforeAll(async () => {
    answerOf = (_name, answer) => answer;
    await ask(asked);
  });

  it('is answered without the server, byte for byte as by it, and costs its caller the same', async () => {
    const { text } = await bothWays(asked);
    expect(text).toMatch(/^\{"data":\{/);
  });

  it('fails in the same words when subgraphs give no answer, tell errors, or send nulls', async () => {
    answerOf = () => Promise.reject(new SubgraphUnavailable('no'));
    expect((await bothWays(asked)).text).toContain('UNAVAILABLE');
    answerOf = (name, { data = null }) => {
      const told = { message: `at 10.0.0.1 ${name}`, path: Object.keys(data ?? {}) };
      return { data, errors: [told as never] };
    };
    expect((await bothWays(asked)).text).toContain('a reference');
    answerOf = (_name, { data }) => ({
      data: Object.fromEntries(Object.keys(data ?? {}).map((key) => [key, null])),
    });
    await bothWays(asked);
    answerOf = () => Promise.reject(new TypeError('ours'));
    expect((await bothWays(asked)).text).not.toContain('ours');
  });

  it('is refused in the same words when there is nothing left to spend', async () => {
    retryAfterSeconds = 7;
    const { status, told, text } = await bothWays(asked);
    expect([status, told['retry-after']]).toEqual([429, '7']);
    expect(text).toContain('RATE_LIMITED');
  });

  it('is read by the server when its variables are wrong, and the caller pays once', async () => {
    // Of an instant the gateway knows nothing: what is none is refused by the subgraph.
    const first = operationIn(asked).variableDefinitions?.find(
      ({ type }) => !print(type).startsWith('DateTime'),
    );
    if (!first) return;
    const wrong = { ...asked.variables, [first.variable.name.value]: { not: ['this'] } };
    const { text } = await bothWays({ ...asked, variables: wrong }, false);
    expect(text).toContain('BAD_USER_INPUT');
  });

  it('is another operation under another name, and takes more variables than it has', async () => {
    const { text } = await bothWays({ ...asked, operationName: 'Another' }, false);
    expect(text).toContain('OPERATION_RESOLUTION_FAILURE');
    await bothWays({ ...asked, variables: { ...asked.variables, __proto__: 1, more: [1] } });
  });
});

const HOSTILE: readonly (readonly [what: string, asked: Asked])[] = [
  [
    'names of every object',
    { query: '{ __proto__: wallet { constructor: balance toString: id } }' },
  ],
  [
    'its own schema',
    { query: '{ __schema { queryType { name } } __typename wallet { __typename } }' },
  ],
  [
    'one switch',
    { query: 'query($on: Boolean = true) { wallet { id @include(if: $on) balance } }' },
  ],
  [
    'two operations',
    { query: 'query A { wallet { id } } query B { wallet { balance } }', operationName: 'B' },
  ],
  [
    'its list by a variable',
    {
      query: 'query($n: Int = 5) { wallet { payments(first: $n) { nodes { id } } } }',
      variables: { n: 3 },
    },
  ],
];

describe('a document that asks for', () => {
  it.each(HOSTILE)('%s is answered in both ways alike', async (_, asked) => {
    await ask(asked);
    await bothWays(asked);
  });

  it('more than may be asked for, by a variable, is refused before it is executed, in both ways', async () => {
    const asked = HOSTILE.at(-1)![1];
    await ask(asked);
    const before = spent.length;
    for (const n of [1_000_000, 1e300, -1])
      await bothWays({ ...asked, variables: { n } }, n < 2 ** 31, n > 0);
    const { status, text } = await bothWays({ ...asked, variables: { n: 2e9 } }, true, true);
    expect([status, text.includes('QUERY_TOO_COSTLY'), spent]).toEqual([400, true, []]);
    expect(before).toBe(1);
  });

  it('too much in a text that was never seen is refused before the server reads it, and paid by nobody', async () => {
    const many = (field: string) =>
      `{ wallet { payments(first: 1000000) { nodes { ${field} } } } }`;
    for (const field of ['id', 'nothing']) {
      const { seen, byServer } = await ask({ query: many(field) });
      expect([byServer, seen.status, seen.spent]).toEqual([false, 400, []]);
      expect(seen.text).toContain('QUERY_TOO_COSTLY');
    }
    const { seen, byServer } = await ask({ query: '{ wallet { nothing } }' });
    expect([byServer, seen.text.includes('GRAPHQL_VALIDATION_FAILED')]).toEqual([true, true]);
  });

  it('another name than the one that is known is not taken for it', async () => {
    const [, asked] = HOSTILE[3]!;
    await ask(asked);
    const other = await bothWays({ ...asked, operationName: 'A' }, false);
    const again = await bothWays({ ...asked, operationName: 'A' });
    expect(other.text).toContain('"id"');
    expect(again.text).toBe(other.text);
    const { operationName: _name, ...nameless } = asked;
    expect((await bothWays(nameless, false)).text).toContain('OPERATION_RESOLUTION_FAILURE');
  });
});

it('knows nothing any more once another supergraph serves', async () => {
  const [, asked] = HOSTILE[0]!;
  await bothWays(asked);
  await replace({ sdl: `${SUPERGRAPH}\n# the next one\n`, documents: [] });
  await bothWays(asked, false);
  await bothWays(asked);
});
