import { PointsScalar, YenScalar } from '@7pay/graphql';
import { buildSchema, type GraphQLError, type GraphQLScalarType, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
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
