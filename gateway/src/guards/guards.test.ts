import { PointsScalar, YenScalar } from '@7pay/graphql';
import { buildSchema, type GraphQLError, type GraphQLScalarType, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { aliasLimit } from './aliases.ts';
import { depthLimit } from './depth.ts';
import { wholeAmounts } from './whole-amounts.ts';

const schema = buildSchema(`
  scalar Yen
  scalar Points
  input Line { price: Yen, points: Points, weight: Float }
  input Basket { total: Yen!, lines: [Line!] }
  type Node { id: ID, next: Node, price(above: Yen, factor: Float): Int }
  type Query { node(above: Yen, factor: Float): Node, basket(input: Basket): Int }
`);
for (const scalar of [YenScalar, PointsScalar]) {
  const { parseValue, parseLiteral } = scalar;
  Object.assign(schema.getType(scalar.name) as GraphQLScalarType, { parseValue, parseLiteral });
}

const faults = (rule: Parameters<typeof validate>[2], query: string): readonly GraphQLError[] =>
  validate(schema, parse(query), rule);
const messages = (errors: readonly GraphQLError[]) => errors.map(({ message }) => message);

/** `next` inside `next`, so many levels, with `id` at the bottom. */
const nested = (levels: number): string => (levels === 1 ? 'id' : `next { ${nested(levels - 1)} }`);

describe('the depth limit', () => {
  const rule = [depthLimit(4)];

  it('lets a document of just that depth pass and refuses one level more', () => {
    expect(faults(rule, `{ node { ${nested(3)} } }`)).toEqual([]);
    const [error] = faults(rule, `{ node { ${nested(4)} } }`);
    expect(error?.message).toBe('The document is 5 levels deep; at most 4 are allowed.');
    expect(error?.extensions['code']).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it.each([
    ['a fragment', `{ node { ...F } } fragment F on Node { ${nested(4)} }`],
    ['an inline fragment', `{ node { ... on Node { ... { ${nested(4)} } } } }`],
    [
      'fragments in fragments',
      '{ node { ...A } } fragment A on Node { next { ...B } } fragment B on Node { next { next { id } } }',
    ],
    [
      'a fragment that is also used higher up',
      '{ node { ...A next { next { ...A } } } } fragment A on Node { next { id } }',
    ],
    ['the second of two operations', `query A { node { id } } query B { node { ${nested(4)} } }`],
  ])('counts through %s', (_, query) => {
    expect(faults(rule, query)).toHaveLength(1);
  });

  it('does not run for ever in fragments that name each other', () => {
    const circle =
      '{ node { ...A } } fragment A on Node { next { ...B } } fragment B on Node { next { ...A } }';
    expect(messages(faults(rule, circle))).toEqual([]);
    expect(faults(rule, '{ node { ...A } } fragment A on Node { ...A id }')).toEqual([]);
  });

  it('is quick although fragments fan out', () => {
    const layers = Array.from(
      { length: 40 },
      (_, n) => `fragment F${n} on Node { a: next { ...F${n + 1} } b: next { ...F${n + 1} } }`,
    );
    const query = `{ node { ...F0 } } ${layers.join(' ')} fragment F40 on Node { id }`;
    const start = performance.now();
    expect(faults(rule, query)).toHaveLength(1);
    expect(performance.now() - start).toBeLessThan(500);
  });

  it('does not count introspection, which is nested by nature', () => {
    const query = '{ __schema { types { fields { type { ofType { ofType { name } } } } } } }';
    expect(faults(rule, query)).toEqual([]);
  });
});

describe('the alias limit', () => {
  const rule = [aliasLimit(2)];

  it('counts aliases of the whole document, in fragments and operations together', () => {
    expect(faults(rule, '{ a: node { id } b: node { id } }')).toEqual([]);
    const query = 'query Q { a: node { ...F } } fragment F on Node { b: id c: id }';
    expect(messages(faults(rule, query))).toEqual([
      'The document has 3 aliases; at most 2 are allowed.',
    ]);
  });

  it('says nothing of fields under their own names', () => {
    expect(faults(rule, `{ ${'node { id } '.repeat(20)} }`)).toEqual([]);
  });
});

describe('whole amounts', () => {
  const rule = [wholeAmounts];
  it.each([
    ['a fraction', '{ node(above: 1.5) { id } }'],
    ['a fraction of zero', '{ node(above: 1.0) { id } }'],
    ['an exponent', '{ node(above: 1e3) { id } }'],
    ['one in an input object', '{ basket(input: { total: 1e3 }) }'],
    ['one in a list of objects', '{ basket(input: { total: 1, lines: [{ price: 0.5 }] }) }'],
    ['points', '{ basket(input: { total: 1, lines: [{ points: 0.5 }] }) }'],
    ['the default of a variable', 'query($a: Yen = 1e3) { node(above: $a) { id } }'],
    ['one in a fragment', '{ node { ...F } } fragment F on Node { price(above: 2.5) }'],
  ])('refuse %s, as bad input', (_, query) => {
    const errors = faults(rule, query);
    expect(errors).toHaveLength(1);
    expect(errors[0]?.extensions['code']).toBe('BAD_USER_INPUT');
    expect(errors[0]?.message).toMatch(/^(Yen|Points): whole digits are expected$/);
  });

  it.each([
    '{ node(above: 1000) { id } }',
    '{ node(above: "1000") { id } }',
    '{ node(factor: 1.5) { id price(factor: 1e3) } }',
    '{ basket(input: { total: 1, lines: [{ weight: 0.5 }] }) }',
  ])('let %s pass', (query) => {
    expect(faults(rule, query)).toEqual([]);
  });
});
