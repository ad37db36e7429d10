import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send } from '../testing/raw-request.ts';
import { smallGateway } from '../testing/small-gateway.ts';

const GRAPHQL = 'application/graphql-response+json';
const JSON_TYPE = 'application/json';

let gateway: Awaited<ReturnType<typeof smallGateway>>;
beforeAll(async () => {
  gateway = await smallGateway();
});
afterAll(() => gateway.stop());

const sendBody = async (text: string, headers: Record<string, string> = {}, method = 'POST') => {
  const answer = await send(gateway.port, '/graphql', {
    method,
    headers: { 'content-type': JSON_TYPE, ...headers },
    chunks: [text],
  });
  return { ...answer, body: JSON.parse(answer.text) as { data?: unknown; errors?: Fault[] } };
};
interface Fault {
  message: string;
  extensions: { code: string; reference?: string };
}
const ask = (body: unknown, accept?: string) =>
  sendBody(JSON.stringify(body), accept === undefined ? {} : { accept });

describe('an answer', () => {
  it.each([
    [undefined, JSON_TYPE],
    ['*/*', JSON_TYPE],
    [JSON_TYPE, JSON_TYPE],
    [GRAPHQL, GRAPHQL],
  ])('for accept %s is %s in UTF-8 with status 200', async (accept, type) => {
    const { status, headers, body } = await ask({ query: '{ hello }' }, accept);
    expect([status, headers['content-type']]).toEqual([200, `${type}; charset=utf-8`]);
    expect(body).toEqual({ data: { hello: 'hello' } });
  });

  it('in another form than JSON is refused, as JSON, and nothing is done', async () => {
    const before = gateway.calls.length;
    const { status, headers, body } = await ask({ query: '{ hello }' }, 'text/html');
    expect([status, headers['content-type']]).toEqual([406, `${JSON_TYPE}; charset=utf-8`]);
    expect(body.errors?.[0]?.extensions.code).toBe('BAD_REQUEST');
    expect(gateway.calls).toHaveLength(before);
  });
});

describe('a request that is well formed and cannot be executed', () => {
  it.each([
    ['a document that cannot be read', { query: '{' }, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', { query: '{ nothing }' }, 'GRAPHQL_VALIDATION_FAILED'],
    ['a missing argument', { query: 'mutation { rename(id: 1) }' }, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'a variable of another type',
      { query: 'query($n: Int) { hello(times: $n) }', variables: { n: 'x' } },
      'BAD_USER_INPUT',
    ],
    [
      'a missing variable',
      { query: 'mutation($id: ID!) { rename(id: $id, name: "x") }' },
      'BAD_USER_INPUT',
    ],
    [
      'a name of no operation',
      { query: 'query A { hello } query B { hello }', operationName: 'C' },
      'OPERATION_RESOLUTION_FAILURE',
    ],
    [
      'two operations and no name',
      { query: 'query A { hello } query B { hello }' },
      'OPERATION_RESOLUTION_FAILURE',
    ],
    ['a subscription', { query: 'subscription { hello }' }, 'BAD_REQUEST'],
  ])(
    '(%s) has errors and no data: 400, or 200 where JSON was asked for',
    async (_, asked, code) => {
      const before = gateway.calls.length;
      for (const [accept, status] of [
        [GRAPHQL, 400],
        [JSON_TYPE, 200],
        ['*/*', 200],
      ] as const) {
        const answer = await ask(asked, accept);
        expect([answer.status, answer.body.errors?.[0]?.extensions.code]).toEqual([status, code]);
        expect(answer.body).not.toHaveProperty('data');
      }
      expect(gateway.calls).toHaveLength(before);
    },
  );
});

describe('parameters', () => {
  it.each<[string, unknown]>([
    ['query', { query: '{ hello }' }],
    ['operationName', { query: 'query A { hello } query B { hello }', operationName: 'A' }],
    ['a name of null', { query: '{ hello }', operationName: null }],
    ['variables', { query: 'query($n: String) { hello(name: $n) }', variables: { n: 'x' } }],
    ['variables of null', { query: '{ hello }', variables: null }],
    ['extensions', { query: '{ hello }', extensions: { anything: 1 } }],
    ['extensions of null', { query: '{ hello }', extensions: null }],
    ['others, which are nobody’s business', { query: '{ hello }', x: 1, __proto__x: 2 }],
  ])('are taken: %s', async (_, body) => {
    for (const accept of [GRAPHQL, JSON_TYPE]) {
      const answer = await ask(body, accept);
      expect([answer.status, answer.body]).toEqual([200, { data: { hello: 'hello' } }]);
    }
  });

  const wrong = [0, true, 'text', [1]];
  it.each<readonly [string, unknown]>([
    ['no query', {}],
    ['an empty query', { query: '' }],
    ...[0, true, ['{ hello }'], { text: '{ hello }' }].map(
      (query) => ['query', { query }] as const,
    ),
    ...[0, true, ['A'], {}].map(
      (operationName) => ['operationName', { query: '{ hello }', operationName }] as const,
    ),
    ...wrong.map((variables) => ['variables', { query: '{ hello }', variables }] as const),
    ...wrong.map((extensions) => ['extensions', { query: '{ hello }', extensions }] as const),
    ['documentId', { documentId: 'abc' }],
  ])('of the wrong shape are refused with 400 in both forms: %s %j', async (name, body) => {
    for (const accept of [GRAPHQL, JSON_TYPE]) {
      const answer = await ask(body, accept);
      expect([answer.status, answer.headers['content-type']]).toEqual([
        400,
        `${accept}; charset=utf-8`,
      ]);
      expect(answer.body.errors?.[0]?.extensions.code).toBe('BAD_REQUEST');
      expect(answer.body.errors?.[0]?.message).toContain(name.split(' ').at(-1));
    }
  });
});

describe('a body', () => {
  it.each([
    ['that is no JSON', '{"query":', 400, 'BAD_REQUEST'],
    ['that is empty', '', 400, 'BAD_REQUEST'],
    ['that is a list', '[{"query":"{ hello }"}]', 400, 'BATCH_NOT_ALLOWED'],
    ['that is an empty list', '[]', 400, 'BATCH_NOT_ALLOWED'],
    ['with two queries', '{"query":"{ hello }","query":"{ me { id } }"}', 400, 'BAD_REQUEST'],
    ['with a key spelled twice', '{"query":"{ hello }","q\\u0075ery":"{ x }"}', 400, 'BAD_REQUEST'],
    [
      'with a variable twice',
      '{"query":"{ hello }","variables":{"a":[{"b":1,"b":2}]}}',
      400,
      'BAD_REQUEST',
    ],
    ['of spaces', ' '.repeat(100_001), 413, 'PAYLOAD_TOO_LARGE'],
  ])('%s is refused in JSON, with a reference', async (_, text, status, code) => {
    const answer = await sendBody(text);
    expect([answer.status, answer.body.errors?.[0]?.extensions.code]).toEqual([status, code]);
    expect(answer.body.errors?.[0]?.extensions.reference).toBe(answer.headers['x-request-id']);
    expect(answer.text).not.toMatch(/\bat \/|node_modules/);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=utf-16'])(
    'of type %s is refused with 415',
    async (type) => {
      const answer = await sendBody('{"query":"{ hello }"}', { 'content-type': type });
      expect([answer.status, answer.body.errors?.[0]?.extensions.code]).toEqual([
        415,
        'BAD_REQUEST',
      ]);
    },
  );

  it('that is packed is refused with 415', async () => {
    const answer = await sendBody('{"query":"{ hello }"}', { 'content-encoding': 'gzip' });
    expect(answer.status).toBe(415);
  });

  it('in which equal keys stand in different objects is read', async () => {
    const variables = { a: { id: 1, name: 'id' }, b: [{ id: 1 }, { id: 1 }], c: '{"id":1,"id":2}' };
    expect((await ask({ query: '{ hello }', variables })).status).toBe(200);
  });
});

describe('a method', () => {
  it.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    '%s is refused with 405, whatever it asks: no mutation, no query',
    async (method) => {
      const before = gateway.calls.length;
      const mutation = encodeURIComponent('mutation { rename(id: 1, name: "x") }');
      const answer = await send(gateway.port, `/graphql?query=${mutation}`, { method });
      expect([answer.status, answer.headers['allow']]).toEqual([405, 'POST']);
      expect(gateway.calls).toHaveLength(before);
    },
  );
});

describe('a page of another origin', () => {
  const from = (origin: string, headers: Record<string, string> = {}) =>
    sendBody('{"query":"{ hello }"}', { origin, ...headers });

  it.each([
    'https://evil.example',
    'null',
    'https://app.example.evil.example',
    'http://localhost:1',
  ])('gets nothing done from %s', async (origin) => {
    const before = gateway.calls.length;
    const answer = await from(origin);
    expect([answer.status, answer.body.errors?.[0]?.extensions.code]).toEqual([403, 'FORBIDDEN']);
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    expect(gateway.calls).toHaveLength(before);
  });

  it('is answered when it is listed, or is our own', async () => {
    expect((await from('https://app.example')).status).toBe(200);
    expect((await from(`http://127.0.0.1:${gateway.port}`)).status).toBe(200);
  });

  it('is told beforehand what it may send', async () => {
    const asked = { origin: 'https://app.example', 'access-control-request-method': 'POST' };
    const told = await send(gateway.port, '/graphql', { method: 'OPTIONS', headers: asked });
    expect([told.status, told.headers['access-control-allow-origin']]).toEqual([
      204,
      'https://app.example',
    ]);
  });
});
