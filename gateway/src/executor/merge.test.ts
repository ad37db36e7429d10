import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { Kinds } from './kinds.ts';
import { mergeBy } from './merge.ts';
import type { JsonObject } from './own-keys.ts';

const kinds = new Kinds(
  buildSchema(`
    interface Node { id: ID } interface Pet implements Node { id: ID } union Any = Dog | Rock
    type Dog implements Node & Pet { id: ID } type Rock { id: ID } type Query { any: Any }`),
);
const merge = mergeBy(kinds);
const merged = (known: JsonObject, answer: unknown): JsonObject => {
  merge(known, answer as JsonObject);
  return known;
};

describe('merging', () => {
  it.each<[string, JsonObject, unknown, JsonObject]>([
    ['adds what is new', { a: 1 }, { b: 2 }, { a: 1, b: 2 }],
    ['lets a null erase nothing', { a: { b: 1 } }, { a: null }, { a: { b: 1 } }],
    ['takes a value for a null', { a: null }, { a: { b: 1 } }, { a: { b: 1 } }],
    ['merges objects', { a: { b: 1 } }, { a: { c: 2 } }, { a: { b: 1, c: 2 } }],
    [
      'merges lists item by item',
      { a: [{ b: 1 }, null] },
      { a: [{ c: 2 }, { c: 3 }] },
      { a: [{ b: 1, c: 2 }, { c: 3 }] },
    ],
    [
      'merges lists of lists',
      { a: [[{ b: 1 }]] },
      { a: [[{ c: 2 }], null] },
      { a: [[{ b: 1, c: 2 }], null] },
    ],
    ['takes the later of two leaves', { a: 1 }, { a: 2 }, { a: 2 }],
    ['keeps a concrete type', { __typename: 'Dog' }, { __typename: 'Pet' }, { __typename: 'Dog' }],
    ['takes a concrete type', { __typename: 'Pet' }, { __typename: 'Dog' }, { __typename: 'Dog' }],
  ])('%s', (_, known, answer, expected) => {
    expect(merged(known, answer)).toEqual(expected);
  });

  it('makes a key of its own of __proto__', () => {
    const known = merged({}, JSON.parse('{"__proto__":{"a":1},"constructor":2}'));
    expect(Object.keys(known)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(known)).toBe(Object.prototype);
    expect(JSON.stringify(merged(known, JSON.parse('{"__proto__":{"b":2}}')))).toBe(
      '{"__proto__":{"a":1,"b":2},"constructor":2}',
    );
  });
});

describe('a condition on a type', () => {
  it.each([
    ['Dog', 'Dog', true],
    ['Dog', 'Pet', true],
    ['Dog', 'Node', true],
    ['Pet', 'Node', true],
    ['Node', 'Pet', false],
    ['Rock', 'Pet', false],
    ['Rock', 'Any', true],
    ['Nobody', 'Any', false],
    [undefined, 'Any', false],
  ])('%s meets %s: %s', (actual, wanted, expected) => {
    expect(kinds.meets(actual, wanted)).toBe(expected);
  });
});
