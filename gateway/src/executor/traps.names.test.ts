import { describe, expect, it } from 'vitest';
import { json, me, places, testAsking } from './testing/asking.ts';
import { driveOwn } from './testing/driver.ts';
import { scripted } from './testing/watched-reach.ts';

process.env['APOLLO_TELEMETRY_DISABLED'] = '1';

// The traps in which executors of query plans have been caught, in the order of docs/gateway.md.
const { asking, graph, real } = testAsking();

describe('trap 10: names that every object has', () => {
  const query = '{ me { __proto__: name constructor: id toString: score hasOwnProperty: mood } }';

  it('are fields like any other, and reach no subgraph', async () => {
    const reach = real();
    const answer = await (await asking(reach))(query);
    expect(JSON.stringify(answer)).toBe(
      '{"data":{"me":{"__proto__":"n1","constructor":"u1","toString":10,"hasOwnProperty":"m1"}}}',
    );
    expect(reach.calls.map(({ request }) => request.query).join()).not.toMatch(/\b__proto__:/);
  });

  it('that a subgraph sends change no prototype', async () => {
    const answer = JSON.parse(
      '{"data":{"me":{"id":"u1","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}}',
    ) as object;
    const told = await (await asking(scripted({ people: () => answer })))('{ me { id } }');
    expect(JSON.stringify(told)).toBe('{"data":{"me":{"id":"u1"}}}');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('and names of keys leave the keys alone: `id: name` is no other entity', async () => {
    const reach = real();
    const answer = await (
      await asking(reach)
    )('{ me { id: name score __typename: nick name: id } }');
    expect(json(answer.data)).toEqual({
      me: { id: 'n1', score: 10, __typename: 'k1', name: 'u1' },
    });
    expect(reach.representations('scores')).toEqual([{ __typename: 'User', id: 'u1' }]);
  });
});

describe('trap 11: @requires with arguments', () => {
  it('and the client’s own arguments for the same field are two fields', async () => {
    const answer = await (await asking(real()))('{ me { comments(limit: 1) summary } }');
    expect(json(answer.data)).toEqual({ me: { comments: ['u1/0'], summary: 'u1/0,u1/1,u1/2' } });
  });
});

describe('trap 14: an answer of another form', () => {
  const entities = (value: unknown) => ({
    people: () => me({ id: 'u1' }),
    scores: () => ({ data: { _entities: value } }),
  });

  it.each<[string, unknown]>([
    ['no list', { 0: { nick: 'x' } }],
    ['a list that is too long', [{ nick: 'x' }, { nick: 'y' }]],
    ['a list that is too short', []],
    ['a list of something else', ['x']],
    ['missing', undefined],
  ])('%s: nothing of it is merged, and it is told', async (_, value) => {
    const answer = await (await asking(scripted(entities(value))))('{ me { id nick } }');
    expect(answer.data).toEqual({ me: { id: 'u1', nick: null } });
    expect(answer.errors?.map(({ path, extensions }) => [path, extensions['code']])).toEqual([
      [['me'], 'SUBGRAPH_MALFORMED'],
    ]);
  });

  it.each<[string, unknown]>([
    ['a null among them', [null]],
    ['a number among them', [7]],
    ['no list', 'broken'],
  ])(
    'errors with %s: the data is kept, and that something went wrong is told',
    async (_, errors) => {
      const odd = { data: { _entities: [{ nick: 'x' }] }, errors } as object;
      const scores = () => odd;
      const ask = await asking(scripted({ people: () => me({ id: 'u1' }), scores }));
      const answer = await ask('{ me { id nick } }');
      expect(answer.data).toEqual({ me: { id: 'u1', nick: 'x' } });
      expect(answer.errors?.map(({ path, extensions }) => [path, extensions['code']])).toEqual([
        [['me'], 'SUBGRAPH_MALFORMED'],
      ]);
    },
  );

  it.each<[string, string, unknown]>([
    ['an enum', 'level', 'MIDDLE'],
    ['an enum that is hidden', 'level', 'SECRET'],
    ['a number', 'score', '12'],
    ['a fraction', 'score', 1.5],
    ['a number beyond 32 bits', 'score', 2 ** 31],
    ['a text', 'mood', { text: 'x' }],
    ['a text that is a list', 'mood', ['x']],
  ])('%s of a wrong kind is null and told', async (_, field, value) => {
    const answer = await (
      await asking(scripted(entities([{ [field]: value }])))
    )(`{ me { ${field} } }`);
    expect(places(answer)).toEqual([`me.${field}`]);
    expect(answer.errors?.[0]?.extensions['code']).toBe('INVALID_SUBGRAPH_RESULT');
    expect(JSON.stringify(answer.data)).not.toMatch(/MIDDLE|SECRET|1[.2]|text/);
  });

  it.each([2 ** 31 - 1, -(2 ** 31), 0])('the integer %d is one', async (score) => {
    const answer = await (await asking(scripted(entities([{ score }]))))('{ me { score } }');
    expect(answer).toEqual({ data: { me: { score } } });
  });

  it('that lacks a field of the top is told, not silent nulls', async () => {
    const answer = await (await asking(scripted({ money: () => ({ data: {} }) })))('{ ping }');
    expect(answer.data).toEqual({ ping: null });
    expect(answer.errors?.[0]?.extensions['code']).toBe('SUBGRAPH_MALFORMED');
  });
});

describe('trap 19: variables', () => {
  const query = `query Q($n: Int = 2, $up: Boolean, $id: ID!) { users(n: $n) { greet(up: $up) } node(id: $id) { id } ping }`;

  it('are read once, with their defaults, and each subgraph is sent its own', async () => {
    const reach = real();
    await (
      await asking(reach)
    )(query, { id: 7, other: 'x' });
    const sent = Object.fromEntries(
      reach.calls.map(({ subgraph, request }) => [subgraph, request.variables]),
    );
    expect(sent).toEqual({ people: { n: 2, id: '7' }, money: {} });
  });

  it('that are wrong are told, and nobody is asked', async () => {
    const reach = real();
    const ask = await asking(reach);
    for (const variables of [{}, { id: null }, { id: 'u1', n: 'x' }]) {
      expect((await ask(query, variables)).errors?.[0]?.message).toMatch(/^Variable "\$(id|n)"/);
    }
    expect(reach.calls).toEqual([]);
  });

  it('of another operation in the document are none of its switches', async () => {
    const driver = await driveOwn(graph.supergraph, real());
    const document = `query A($a: ID!) { node(id: $a) { id } ...F } fragment F on Query { ping }
      query B($a: Boolean!) { ping @skip(if: $a) ...G } fragment G on Query { ping @include(if: $a) }`;
    const asked = { query: document, operationName: 'A', variables: { a: 'u1' } };
    expect(await driver.ask(asked)).toMatchObject({ data: { node: { id: 'u1' } } });
    const other = { ...asked, operationName: 'B' };
    const { errors } = await driver.ask({ ...other, variables: { a: true } });
    expect(errors).toBeUndefined();
    await driver.stop();
  });

  it('are no way to the prototype', async () => {
    const variables = JSON.parse('{"id":"u1","__proto__":{"n":9}}') as Record<string, unknown>;
    const reach = real();
    await (
      await asking(reach)
    )(query, variables);
    expect(reach.calls.map(({ request }) => request.variables)).toContainEqual({ n: 2, id: 'u1' });
  });
});
