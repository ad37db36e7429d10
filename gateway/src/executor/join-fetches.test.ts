import { afterEach, describe, expect, it } from 'vitest';
import { inProcessReach } from '../reach/in-process-reach.ts';
import { type Reach, SubgraphUnavailable } from '../reach/reach.ts';
import { joinFetches } from './join-fetches.ts';
import { ALL_REPAIRS } from './repairs.ts';
import type { PreparedFetch } from './steps.ts';
import { json, places } from './testing/asking.ts';
import { type Driver, driveOwn } from './testing/driver.ts';
import { testGraph } from './testing/test-graph.ts';
import { type WatchedReach, watched } from './testing/watched-reach.ts';

process.env['APOLLO_TELEMETRY_DISABLED'] = '1';

const graph = testGraph();
const real = () => watched(inProcessReach(graph.subgraphs));
const open: Driver[] = [];
afterEach(async () => {
  for (const driver of open.splice(0)) await driver.stop();
});

async function asking(reach: Reach, joinFetchesIsOn = true) {
  const repairs = { ...ALL_REPAIRS, joinFetches: joinFetchesIsOn };
  const driver = await driveOwn(graph.supergraph, reach, { repairs });
  open.push(driver);
  return driver.ask;
}
const callsOf = ({ calls }: WatchedReach, subgraph: string) =>
  calls.filter((call) => call.subgraph === subgraph);

/** Both parts are asked of `scores` at once: of one user, and of two. */
const TWO = '{ me { score } users(n: 2) { nick mood } }';

describe('fetches of one wave from one subgraph', () => {
  it('are one call, whose answer is that of two', async () => {
    const [one, two] = [real(), real()];
    const joint = await (await asking(one))({ query: TWO });
    const apart = await (await asking(two, false))({ query: TWO });
    expect([callsOf(one, 'scores').length, callsOf(two, 'scores').length]).toEqual([1, 2]);
    expect(json(joint)).toEqual(json(apart));
    expect(joint.data).not.toBeNull();
    expect(one.representations('scores')).toEqual(two.representations('scores'));
  });

  it('are sent as text as they are handed over in one process', async () => {
    const reach = real();
    const query =
      'query($up: Boolean) { me { summary } users(n: 2) { nick friends { greet(up: $up) mood } } }';
    await (
      await asking(reach)
    )({ query, variables: { up: true } });
    for (const { body, request } of reach.calls) {
      expect(JSON.parse(body?.() ?? '')).toEqual(json(request));
    }
  });

  it('of which only one wants something are a call of its own', async () => {
    const reach = real();
    const answer = await (await asking(reach))({ query: '{ me { score } users(n: 0) { nick } }' });
    expect(
      callsOf(reach, 'scores').map(({ request }) => Object.keys(request.variables ?? {})),
    ).toEqual([['representations']]);
    expect(json(answer.data)).toMatchObject({
      me: { score: expect.any(Number) as number },
      users: [],
    });
  });

  it('tell errors at their own places, and those of no place at all of them', async () => {
    const inner = real();
    const reach: Reach = {
      ...inner,
      call: async (call) => {
        const answer = await inner.call(call);
        if (call.subgraph !== 'scores') return answer;
        const path = ['own__1', 0, 'mood'];
        return { ...answer, errors: [{ message: 'here', path }, { message: 'all' }] as never };
      },
    };
    const answer = await (await asking(reach))({ query: TWO });
    const told = (message: string) =>
      places({ errors: answer.errors?.filter((each) => each.message === message) ?? [] });
    const [first] = callsOf(inner, 'scores');
    const isOfMe =
      JSON.stringify(first?.request.variables?.['own__1']).split('__typename').length === 2;
    expect(told('here')).toEqual([isOfMe ? 'me.mood' : 'users.0.mood']);
    expect(told('all').toSorted()).toEqual(['me', 'users.0', 'users.1']);
  });

  it('are asked for one by one when the subgraph refuses the whole', async () => {
    const inner = real();
    const reach: Reach = {
      ...inner,
      call: async (call) => {
        const answer = await inner.call(call);
        return call.request.query.includes('own__0:')
          ? { data: null, errors: [{ message: 'too much' }] as never }
          : answer;
      },
    };
    const answer = await (await asking(reach))({ query: TWO });
    expect(callsOf(inner, 'scores').length).toBe(3);
    expect(answer.errors).toBeUndefined();
  });

  it('are not asked for again when the subgraph does not answer', async () => {
    const inner = real();
    const reach: Reach = {
      ...inner,
      call: async (call) => {
        const answer = await inner.call(call);
        if (call.subgraph === 'scores') throw new SubgraphUnavailable('no');
        return answer;
      },
    };
    const answer = await (await asking(reach))({ query: TWO });
    expect(callsOf(inner, 'scores').length).toBe(1);
    expect(places(answer).toSorted()).toEqual(['me', 'users.0', 'users.1']);
  });

  it('are one by one above a thousand representations together', async () => {
    const reach = watched({
      close: async () => {},
      call: async ({ subgraph, request }) => {
        const users = (from: number, count: number) =>
          Array.from({ length: count }, (_, n) => ({ __typename: 'User', id: `u${from + n}` }));
        if (subgraph === 'people') return { data: { me: users(0, 1)[0], users: users(1, 1_000) } };
        const all = (request.variables?.['representations'] ?? []) as unknown[];
        return { data: { _entities: all.map(() => ({ score: 1, nick: 'n', mood: 'm' })) } };
      },
    });
    const answer = await (await asking(reach))({ query: TWO });
    expect(answer.errors).toBeUndefined();
    expect(callsOf(reach, 'scores').length).toBe(2);
  });
});

describe('a joint call', () => {
  const fetchOf = (query: string, over: Partial<PreparedFetch> = {}): PreparedFetch => ({
    subgraph: 's',
    query,
    operationName: undefined,
    kind: 'query',
    variables: [],
    bodyHead: '',
    lists: ['representations'],
    keys: ['_entities'],
    represent: () => undefined,
    rewrites: [],
    renamed: new Map(),
    ...over,
  });
  const entities = (inside: string, variables = '', rest = '') =>
    `query($representations: [_Any!]!${variables}) { _entities(representations: $representations) { ${inside} } }${rest}`;
  const join = (...queries: string[]) => joinFetches(queries.map((query) => fetchOf(query)))?.query;

  it('has variables and fragments of its parts once', () => {
    const part = (type: string) =>
      entities(`... on ${type} { ...F a(b: $c) }`, ', $c: Int', ' fragment F on X { d }');
    expect(join(part('T'), part('U'))).toBe(
      'query($own__0:[_Any!]!$own__1:[_Any!]!$c:Int){own__0:_entities(representations:$own__0){...on T{...F a(b:$c)}}own__1:_entities(representations:$own__1){...on U{...F a(b:$c)}}}fragment F on X{d}',
    );
  });

  it.each([
    [
      'a variable has two types',
      entities('a(b: $c)', ', $c: Int'),
      entities('a(b: $c)', ', $c: ID'),
    ],
    [
      'a variable is called like a part',
      entities('a(b: $own__1)', ', $own__1: Int'),
      entities('x'),
    ],
    [
      'two fragments have one name',
      entities('...F', '', ' fragment F on X { a }'),
      entities('...F', '', ' fragment F on X { b }'),
    ],
    ['one asks for more than entities', entities('a'), '{ a }'],
    ['one has a directive', entities('a'), entities('b').replace(') {', ') @live {')],
  ])('is not made where %s', (_, one, other) => {
    expect(join(one, other)).toBeUndefined();
  });

  it('is never made of mutations', () => {
    const part = fetchOf(entities('a'), { kind: 'mutation' });
    expect(joinFetches([part, part])).toBeUndefined();
  });
});
