import { readFileSync } from 'node:fs';
import { buildSchema, Kind, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { apiSchemaOf } from '../executor/api-schema.ts';
import { documentsIn, readManifest } from '../operations/registered-operations.ts';
import { GATEWAY_LIMITS } from '../config.ts';
import { costOf } from './cost.ts';
import { readCostTable } from './cost-table.ts';

const SDL = `
  directive @cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | OBJECT | SCALAR
  directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
  type Query {
    leaf: Int
    one: Node
    any: Any
    face: Face
    plain: [Node!]!
    few: [Node] @listSize(assumedSize: 3)
    cut(first: Int = 20, last: Int): [Node] @listSize(slicingArguments: ["first", "last"])
    page(first: Int! = 20): Page @listSize(slicingArguments: ["first"], sizedFields: ["nodes", "edges"])
    dear: Int @cost(weight: 7)
    asked(deep: Boolean @cost(weight: 5)): Int
    named(ids: [Int!] @cost(weight: 2)): [Node] @listSize(slicingArguments: ["ids"])
    heavy: Heavy
    free: Free
  }
  type Mutation { do: Node }
  union Any = Node | Heavy
  interface Face { id: Int page(first: Int = 20): Page @listSize(slicingArguments: ["first"], sizedFields: ["nodes"]) }
  type Node { id: Int friends(first: Int! = 20): Page @listSize(slicingArguments: ["first"], sizedFields: ["nodes", "edges"]) }
  type Page { nodes: [Node!]!, edges: [Edge!]!, info: Info!, total: Int }
  type Edge { node: Node, cursor: Int }
  type Info { more: Boolean }
  type Heavy @cost(weight: 4) { id: Stamp }
  type Free @cost(weight: 0) { id: Int }
  scalar Stamp @cost(weight: 2)
`;
const schema = buildSchema(SDL);
const table = readCostTable(SDL);

const cost = (text: string, variables?: Record<string, unknown>): number => {
  const document = parse(text);
  const operation = document.definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION);
  if (!operation) throw new Error('no operation');
  return costOf({ document, operation }, { schema, table }, variables);
};

describe('the cost of an operation', () => {
  it.each([
    ['a leaf is nothing', '{ leaf __typename }', 0],
    ['an object is one', '{ one { id } }', 1],
    ['a list of unknown length is ten', '{ plain { id } }', 10],
    ['a list of assumed size is that', '{ few { id } }', 3],
    ['a list is as long as is asked', '{ cut(first: 5) { id } }', 5],
    ['the largest of two arguments counts', '{ cut(first: 5, last: 8) { id } }', 8],
    ['the default counts where nothing is said', '{ cut { id } }', 20],
    ['the fields of a page are as long as the page', '{ page(first: 5) { nodes { id } } }', 6],
    [
      'both forms of a page are two lists',
      '{ page(first: 5) { nodes { id } edges { cursor } } }',
      11,
    ],
    [
      'an edge has its node',
      '{ page(first: 5) { edges { node { id } } info { more } total } }',
      12,
    ],
    [
      'pages in pages multiply',
      '{ page(first: 5) { nodes { friends(first: 7) { nodes { id } } } } }',
      46,
    ],
    ['nobody gets anything back for a negative page', '{ page(first: -100) { nodes { id } } }', 1],
    ['a field, an argument and a type have weights', '{ dear asked(deep: true) heavy { id } }', 18],
    ['an argument that is not given is not paid', '{ asked }', 0],
    ['a list that is given says how long the answer is', '{ named(ids: [1, 2, 3]) { id } }', 9],
    ['a type may be free', '{ free { id } }', 0],
    [
      'alternatives are added up',
      '{ any { ... on Node { friends(first: 1) { total } } ... on Heavy { id } } }',
      4,
    ],
    ['an interface has fields of its own', '{ face { page(first: 3) { nodes { id } } } }', 5],
    ['a mutation costs ten before its fields', 'mutation { do { id } }', 11],
    [
      'each use of a fragment counts',
      '{ one { ...F } two: one { ...F ...F } } fragment F on Node { friends(first: 4) { nodes { id } } }',
      17,
    ],
    [
      'a fragment on a page knows its size',
      '{ page(first: 6) { ...P } } fragment P on Page { ... { nodes { id } } }',
      7,
    ],
  ])('%s', (_, text, expected) => {
    expect(cost(text)).toBe(expected);
  });

  it('counts lists in variables as those in the document', () => {
    const text = 'query($ids: [Int!]) { named(ids: $ids) { id } }';
    expect(cost(text, { ids: [1, 2, 3] })).toBe(9);
    expect(cost(text, { ids: Array.from({ length: 200 }, (_, index) => index) })).toBe(600);
    expect(cost(text, { ids: [] })).toBe(0);
  });

  it('follows variables, their defaults, and what is nonsense', () => {
    const text = 'query($n: Int! = 3) { page(first: $n) { nodes { id } } }';
    expect(cost(text)).toBe(4);
    expect(cost(text, { n: 50 })).toBe(51);
    expect(cost(text, { n: 1e9 })).toBe(1e9 + 1);
    const unsaid = 'query($n: Int) { page(first: $n) { nodes { id } } }';
    expect(cost(unsaid)).toBe(21); // the default of the argument, as if nothing were written
    expect(cost(unsaid, { n: 5 })).toBe(6);
    expect(cost(text, { n: 'x', __proto__x: 1 })).toBe(11); // refused later; ten until then
  });
});

describe('our own graph', () => {
  const supergraph = readFileSync('gateway/supergraph.graphql', 'utf8');
  const ours = { schema: apiSchemaOf(supergraph), table: readCostTable(supergraph) };

  it('says what is dear in it, and nobody wrote that twice', () => {
    const { weights, lists } = ours.table;
    expect(Object.fromEntries(weights)).toMatchObject({
      'Mutation.pairTerminal': 20,
      'Mutation.claimBalanceRefund': 20,
      'Query.switches': 5,
      'Store.payments': 10,
      'Wallet.payments': 3,
    });
    expect(lists.get('Query.switches')?.assumedSize).toBe(30);
    for (const name of lists.keys()) expect(weights.get(name), name).toBeGreaterThan(0);
  });

  it('has room for everything that our own faces ask', () => {
    const documents = documentsIn(readManifest(readFileSync('gateway/operations.json', 'utf8')));
    const costs = documents.map(({ text }) => {
      const document = parse(text);
      const operation = document.definitions.find(
        (each) => each.kind === Kind.OPERATION_DEFINITION,
      );
      return operation ? costOf({ document, operation }, ours) : Number.NaN;
    });
    expect(costs.length).toBeGreaterThan(20);
    for (const each of costs) expect(each).toBeLessThan(GATEWAY_LIMITS.cost / 7);
  });
});
