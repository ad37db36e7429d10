import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schemaChanges } from './breaking-changes.ts';
import { checkSchema } from './check-schema.ts';
import { staleAllowances, unallowedHints } from './composition-hints.ts';
import { examplesIn } from './registered-documents.ts';
import { clashingRequires } from './required-arguments.ts';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.8", import: ["@key", "@external", "@requires", "@shareable"])\n';
const shops = (fields: string) =>
  new Map([
    [
      'shops',
      `${LINK} type Query { "The shop." shop: Shop "How many." count: Int } "A shop." type Shop { ${fields} }`,
    ],
  ]);
const judge = (schemas: ReadonlyMap<string, string>, options: object = {}) =>
  checkSchema({
    schemas,
    active: undefined,
    documents: [{ name: 'app/Shop', text: 'query Shop { shop { name } }' }],
    allowedHints: [],
    today: '2019-07-01',
    ...options,
  });
const before = judge(shops('"Name." name: String! "Floor." floor: Int')).supergraph;

describe('a schema is judged', () => {
  it('and passes when nothing that is asked has changed', () => {
    expect(before).toContain('type Shop');
    const { faults, remarks } = judge(shops('"Name." name: String!'), { active: before });
    expect(faults).toEqual([]);
    expect(remarks).toEqual([
      'breaking, and no registered document asks for it: Shop.floor was removed.',
    ]);
  });

  it('and fails with document and field when a registered document would break', () => {
    const { faults } = judge(shops('"Floor." floor: Int'), { active: before });
    expect(faults).toEqual(['breaks app/Shop: Shop.name was removed.']);
  });

  it('and fails for what has no description', () => {
    expect(judge(shops('name: String!')).faults).toEqual(['Shop.name has no description']);
  });

  it('and fails for errors and hints of the composition', () => {
    expect(judge(new Map([['a', 'type Query { x: Missing }']])).faults[0]).toMatch(/Missing/);
    const twice = new Map([
      ['a', `${LINK} type Query { "X." x: Int @shareable }`],
      ['b', `${LINK} type Query { "Y." x: Int @shareable }`],
    ]);
    const { faults } = judge(twice, { documents: [] });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/^hint INCONSISTENT_DESCRIPTION Query.x: /);
    const until = (day: string) => ({
      documents: [],
      allowedHints: [
        { code: 'INCONSISTENT_DESCRIPTION', coordinate: 'Query.x', reason: 'a test', until: day },
      ],
    });
    expect(judge(twice, until('2019-07-01')).faults).toEqual([]);
    expect(judge(twice, until('2019-06-30')).faults).toEqual([
      'INCONSISTENT_DESCRIPTION at Query.x was let pass until 2019-06-30',
    ]);
  });

  it('and no hint is let pass that is not there', () => {
    const entry = { code: 'A', coordinate: 'B', reason: '', until: '9999-12-31' };
    expect(staleAllowances([], [entry], '2019-07-01')).toEqual([
      'A at B is let pass and not there',
    ]);
    expect(unallowedHints([{ code: 'A', coordinate: 'C', message: '' }], [entry])).toHaveLength(1);
  });
});

describe('a change breaks a document', () => {
  const old = buildSchema(`
    type Query { find(by: By, kind: Kind): Found word(size: Int, loud: Boolean): String n: Int }
    input By { id: ID deep: Deep } input Deep { x: Int }
    enum Kind { A B } union Found = Cat | Dog type Cat { name: String } type Dog { name: String }`);
  const document =
    'query Q($by: By) { find(by: $by, kind: A) { ... on Cat { name } } word(size: 1) }';
  const broken = (from: string, to: string) => {
    const text = `
    type Query { find(by: By, kind: Kind): Found word(size: Int, loud: Boolean): String n: Int }
    input By { id: ID deep: Deep } input Deep { x: Int }
    enum Kind { A B } union Found = Cat | Dog type Cat { name: String } type Dog { name: String }`;
    const after = buildSchema(text.replace(from, to));
    const changes = schemaChanges({ before: old, after }, [{ name: 'q', text: document }]);
    return { broken: changes.broken.length, unused: changes.unused.length };
  };

  it.each([
    ['an input that its variables fill wants more', 'x: Int }', 'x: Int must: Int! }', 1],
    ['a value of an enum that it may send is gone', 'A B }', 'A }', 1],
    ['an argument that it gives is gone', 'size: Int, ', '', 1],
    ['an argument that it does not give is gone', ', loud: Boolean', '', 0],
    ['a field wants an argument more', 'loud: Boolean)', 'loud: Boolean must: Int!)', 1],
    ['a field is of another kind', '): String', '): Int', 1],
    ['a field that it does not ask is of another kind', 'n: Int }', 'n: Float }', 0],
    ['a member of a union that it asks for is gone', '= Cat | Dog', '= Dog', 1],
    ['a member of a union that it does not ask for is gone', '= Cat | Dog', '= Cat', 0],
  ])('when %s', (_, from, to, count) => {
    expect(broken(from, to)).toEqual({ broken: count, unused: count === 0 ? 1 : 0 });
  });
});

describe('two @requires of one field', () => {
  const sdl = (first: string, second: string) => `${LINK}
    type Query { a: Int }
    type Item @key(fields: "id") { id: ID! price(in: String): Int @external part: Item @external
      one: Int @requires(fields: "${first}") two: Int @requires(fields: "${second}") }`;

  it.each([
    ['price(in: \\"JPY\\")', 'price(in: \\"USD\\")', 1],
    ['price(in: \\"JPY\\")', 'part { price(in: \\"USD\\") }', 1],
    ['price', 'price(in: \\"USD\\")', 1],
    ['price(in: \\"JPY\\")', 'part { price(in: \\"JPY\\") }', 0],
  ])('%s and %s', (first, second, clashes) => {
    expect(clashingRequires(sdl(first, second))).toHaveLength(clashes);
  });
});

it('the examples of a page are documents', () => {
  const page = 'text\n   ```graphql\n   { a }\n   ```\n```ts\nx\n```\n```graphql\n{ b }\n```\n';
  expect(examplesIn('x.md', page).map(({ name, text }) => [name, text.trim()])).toEqual([
    ['x.md#1', '{ a }'],
    ['x.md#2', '{ b }'],
  ]);
});
