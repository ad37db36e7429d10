import { parse, print } from 'graphql';
import { afterEach, describe, expect, it } from 'vitest';
import { inProcessReach } from '../reach/in-process-reach.ts';
import { clientKey, innerKeys } from './inner-keys.ts';
import { prepareOperation, type Variant } from './operation.ts';
import { openPlanner, type Planner } from './planner.ts';
import { plannerDocument } from './planner-document.ts';
import { ALL_REPAIRS, type Repairs } from './repairs.ts';
import { argumentedFields, withoutUnresolvableKeys } from './supergraph-repair.ts';
import { type Driver, driveOwn } from './testing/driver.ts';
import { compose, testGraph } from './testing/test-graph.ts';

process.env['APOLLO_TELEMETRY_DISABLED'] = '1';

const graph = testGraph();
const open: Driver[] = [];
afterEach(async () => {
  for (const driver of open.splice(0)) await driver.stop();
});

async function asking(repairs: Partial<Repairs>) {
  const driver = await driveOwn(graph.supergraph, inProcessReach(graph.subgraphs), {
    repairs: { ...ALL_REPAIRS, ...repairs },
  });
  open.push(driver);
  return async (query: string) =>
    JSON.parse(JSON.stringify(await driver.ask({ query }))) as unknown;
}

describe('trap 12: keys that a subgraph cannot resolve', () => {
  const type = (...keys: string[]) => `type T ${keys.join(' ')} { id: ID }`;
  const key = (graph: string, fields: string, resolvable = true) =>
    `@join__type(graph: ${graph}, key: "${fields}"${resolvable ? '' : ', resolvable: false'})`;
  const repaired = (text: string) => print(withoutUnresolvableKeys(parse(text)));

  it('are dropped where the type has another in the same subgraph', () => {
    const text = type(key('A', 'id'), key('A', 'sku', false), key('B', 'sku'));
    expect(repaired(text)).toBe(print(parse(type(key('A', 'id'), key('B', 'sku')))));
    expect(repaired(text.replace('type', 'interface'))).not.toContain('resolvable: false');
  });

  const federation =
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@shareable", "@external", "@requires"])\n';
  const planned = (graph: Record<string, string>, query: string, repairs = ALL_REPAIRS) =>
    openPlanner(compose(graph), repairs).plan(parse(query), undefined, new Map());

  it('would be used to enter a subgraph again', () => {
    const unresolvable = (fields: string) => `@key(fields: "${fields}", resolvable: false)`;
    const depot = `${federation} type Route @shareable { from: ID! to: ID! }
      type Parcel @key(fields: "id") ${unresolvable('code')} ${unresolvable('route { from }')} ${unresolvable('id route { to }')} {
        id: ID! code: ID! route: Route! weight: Int! }`;
    const post = `${federation} type Query { parcels: [Parcel!]! } type Route @shareable { from: ID! to: ID! }
      type Parcel ${unresolvable('route { from }')} @key(fields: "id route { to }") ${unresolvable('code')} ${unresolvable('id')} {
        id: ID! code: ID! route: Route! weight: Int! @external price: Int @requires(fields: "weight") }`;
    const parcel = { __typename: 'Parcel', id: '1', weight: 2, route: { from: 'f', to: 't' } };
    const told = (repairs = ALL_REPAIRS) => {
      const step = planned({ depot, post }, '{ parcels { price } }', repairs);
      const last = step?.kind === 'one after another' ? step.steps.at(-1) : step;
      return last?.kind === 'fetch' ? last.fetch.represent?.(parcel) : undefined;
    };
    const { __typename, weight, id } = parcel;
    expect(told()).toEqual({ __typename, weight, id, route: { to: 't' } });
    const wrong = told({ ...ALL_REPAIRS, dropUnresolvableKeys: false });
    expect(wrong).toEqual({ __typename, weight, route: { from: 'f' } });
  });

  it('are kept where the supergraph would be broken without them', () => {
    const graph = {
      a: `${federation} type Query { t: T } type T @key(fields: "id") { id: ID! code: ID! name: String }`,
      b: `${federation} type T @key(fields: "id") @key(fields: "id code", resolvable: false) { id: ID! code: ID! @external size: Int }`,
    };
    expect(planned(graph, '{ t { size } }')).toMatchObject({ kind: 'one after another' });
  });

  it('are kept where they are the only ones', () => {
    const text = print(parse(type(key('A', 'id', false), key('B', 'sku'))));
    expect(repaired(text)).toBe(text);
  });
});

describe('trap 13: a plan without anything in it', () => {
  const planner: Planner = {
    ...openPlanner(graph.supergraph, ALL_REPAIRS),
    plan: () => undefined,
  };
  const variantOf = (query: string, repairs = ALL_REPAIRS) => {
    const document = parse(query);
    const [node] = document.definitions;
    if (node?.kind !== 'OperationDefinition') throw new Error('an operation is expected');
    const operation = prepareOperation(document, node, { schema: graph.whole, planner, repairs });
    return operation.variantFor({}) as Variant; // planned in this thread: at once
  };

  it('is an error for an operation that asks for data', () => {
    expect(() => variantOf('{ ping }')).toThrow(/no service can answer/);
    const silent = { ...ALL_REPAIRS, refuseEmptyPlans: false };
    expect(variantOf('{ ping }', silent).steps).toBeUndefined();
  });

  it.each(['{ __typename }', '{ __schema { queryType { name } } }', '{ ping @skip(if: true) }'])(
    'is right for %s',
    (query) => expect(variantOf(query).steps).toBeUndefined(),
  );

  it('a subscription is refused', () => {
    expect(() => variantOf('subscription { ping }')).toThrow(/a subscription is not answered here/);
  });
});

describe('each repair is needed: without it, the answer is wrong', () => {
  it('separateArguments', async () => {
    const query = '{ me { comments(limit: 1) summary } }';
    const right = { data: { me: { comments: ['u1/0'], summary: 'u1/0,u1/1,u1/2' } } };
    expect(await (await asking({}))(query)).toEqual(right);
    expect(await (await asking({ separateArguments: false }))(query)).not.toEqual(right);
  });

  it('separateAliases', async () => {
    const query = '{ me { id: name score } }';
    const right = { data: { me: { id: 'n1', score: 10 } } };
    expect(await (await asking({}))(query)).toEqual(right);
    expect(await (await asking({ separateAliases: false }))(query)).not.toEqual(right);
  });
});

describe('inner keys', () => {
  const inner = innerKeys(new Set(['comments']), ALL_REPAIRS);

  it.each([
    ['name', 'name', 'name'],
    ['name', 'x', 'own__x'],
    ['name', 'own__x', 'own__own__x'],
    ['own__name', 'own__name', 'own__own__name'],
    ['comments', 'comments', 'own__comments'],
    ['constructor', 'constructor', 'own__constructor'],
    ['name', '__proto__', 'own____proto__'],
  ])('of %s asked for as %s is %s, and leads back', (field, asked, expected) => {
    expect(inner(field, asked)).toBe(expected);
    expect(clientKey(inner(field, asked))).toBe(asked);
  });

  it('are given to fields that a @requires asks for with arguments', () => {
    expect([...argumentedFields(parse(graph.supergraph))]).toEqual(['comments']);
  });
});

describe('the document that is planned', () => {
  const planned = (query: string, switches: Record<string, boolean>) =>
    print(plannerDocument(parse(query), new Map(Object.entries(switches)), (_, asked) => asked))
      .replaceAll(/\s+/g, ' ')
      .trim();

  it('has no @skip and no @include, and nothing that they take away', () => {
    const query = `query Q($a: Boolean!) { x @skip(if: $a) y { z @include(if: $a) } ...F @skip(if: $a) } fragment F on Query { w }`;
    expect(planned(query, { a: true })).toBe('query Q($a: Boolean!) { y { z } }');
    expect(planned(query, { a: false })).toBe(
      'query Q($a: Boolean!) { x y { __typename } ...F } fragment F on Query { w }',
    );
  });

  it('keeps a field that both @skip and @include let through', () => {
    const query =
      '{ x @skip(if: false) @include(if: true) y @skip(if: false) @include(if: false) }';
    expect(planned(query, {})).toBe('{ x }');
  });
});
