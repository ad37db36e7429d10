import { describe, expect, it } from 'vitest';
import { GATEWAY_LIMITS } from '../config.ts';
import { documentGuard } from './document-limits.ts';

const look = documentGuard({
  ...GATEWAY_LIMITS,
  depth: 4,
  aliases: 3,
  directives: 2,
  rootFields: 5,
  fields: 20,
  listLength: 3,
  valueDepth: 3,
});
const guard = (text: string) => look(text).fault;
const fault = (text: string): string => guard(text)?.message ?? 'fine';

/** `next` inside `next`, so many levels, with `id` at the bottom. */
const nested = (levels: number): string => (levels === 1 ? 'id' : `next { ${nested(levels - 1)} }`);
const times = (count: number, text: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => text(n)).join(' ');

describe('the levels of a document', () => {
  it('may be as many as allowed, and not one more', () => {
    expect(fault(`{ node { ${nested(3)} } }`)).toBe('fine');
    expect(fault(`{ node { ${nested(4)} } }`)).toBe(
      'The document is 5 levels deep; at most 4 are allowed.',
    );
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
  ])('are counted through %s', (_, text) => {
    expect(fault(text)).toMatch(/levels deep/);
  });

  it('of introspection are not counted: it is nested by nature', () => {
    expect(fault('{ __schema { types { fields { type { ofType { name } } } } } }')).toBe('fine');
  });
});

describe('a document is refused for', () => {
  const three = 'fragment A on N { a: id b: id c: id }';
  it.each([
    ['aliases', `{ ${times(4, (n) => `a${n}: x`)} }`, /has 4 aliases; at most 3/],
    ['aliases that a fragment brings again and again', `{ ...A ...A } ${three}`, /has 6 aliases/],
    ['300 aliases', `{ ${times(300, (n) => `a${n}: x`)} }`, /has 300 aliases/],
    ['an alias named __proto__, like any other', '{ __proto__: x a: x b: x c: x }', /4 aliases/],
    ['directives', '{ x @skip(if: $a) @skip(if: $a) @skip(if: $a) }', /has 3 directives/],
    [
      'directives on spreads and operations',
      'query Q @a { ...F @a ... @a { x } } fragment F on T { x }',
      /has 3 directives/,
    ],
    [
      'fields at its root',
      '{ x x ...F } fragment F on T { x x ... { x x } }',
      /6 fields at its root/,
    ],
    ['fields', `{ n { ${'id '.repeat(20)} } }`, /has 21 fields; at most 20/],
    ['a long list', '{ x(ids: [1, 2, 3, 4]) }', /A list has 4 items; at most 3/],
    ['a long list inside a list', '{ x(ids: [[{ a: [1, 2, 3, 4] }]]) }', /A list has 4 items/],
  ])('%s', (_, text, message) => {
    const error = guard(text);
    expect(error?.message).toMatch(message);
    expect(error?.extensions['code']).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(guard(text)).toBe(error); // the second time it is known
  });

  it('none of that when it stays within every limit', () => {
    expect(fault('query Q($a: Boolean!) { a: x b: x c: x @skip(if: $a) y(ids: [1, 2, 3]) }')).toBe(
      'fine',
    );
  });
});

describe('a circle of fragments is refused unread by anybody else:', () => {
  it.each([
    ['a fragment inside itself', '{ ...A } fragment A on N { ...A x }'],
    ['two in each other', '{ x { ...A } } fragment A on N { ...B } fragment B on N { y { ...A } }'],
  ])('%s', (_, text) => {
    expect(fault(text)).toBe('Cannot spread fragment "A" within itself.');
  });
});

describe('a document that is read for the first time', () => {
  it('is handed on, and the second time only that nothing is wrong with it', () => {
    const text = '{ first }';
    expect(look(text).document?.kind).toBe('Document');
    expect(look(text)).toEqual({});
  });

  it('is not read at all when it has too many characters', () => {
    const long = documentGuard({ ...GATEWAY_LIMITS, characters: 20 });
    expect(long(`{ x${' '.repeat(18)}`).fault?.message).toBe(
      'The document has 21 characters; at most 20 are allowed.',
    );
    expect(long('{ first }').fault).toBeUndefined();
  });
});

describe('what is left to the validation', () => {
  it.each([
    [
      'a circle that no operation comes to',
      '{ x } fragment A on N { ...B } fragment B on N { ...A }',
    ],
    ['an unknown fragment', '{ ...Nothing }'],
  ])('%s', (_, text) => {
    expect(fault(text)).toBe('fine');
  });
});

it('a bomb of fragments costs what its text is long', () => {
  const layers = times(60, (n) => `fragment F${n} on N { a: next { ...F${n + 1} } ...F${n + 1} }`);
  const start = performance.now();
  expect(fault(`{ node { ...F0 } } ${layers} fragment F60 on N { id }`)).toMatch(/levels deep/);
  const flat = times(60, (n) => `fragment F${n} on N { ...F${n + 1} ...F${n + 1} }`);
  expect(fault(`{ node { ...F0 } } ${flat} fragment F60 on N { id }`)).toMatch(
    /has 1\d{18} fields; at most 20/,
  );
  expect(performance.now() - start).toBeLessThan(500);
});

// Whoever walks a document before it is validated walks each use of a fragment: none may be free.
it('a fragment that is not there counts as one field, as often as it is used', () => {
  expect(fault(`{ ${'...Nothing '.repeat(20)} }`)).toBe('fine');
  expect(fault(`{ ${'...Nothing '.repeat(21)} }`)).toMatch(/has 21 fields; at most 20/);
  const flat = times(60, (n) => `fragment F${n} on N { ...F${n + 1} ... { ...F${n + 1} } }`);
  expect(fault(`{ node { ...F0 } } ${flat}`)).toMatch(/has 1\d{18} fields; at most 20/);
});

it('a fragment that no operation comes to is measured too: the validation reads it', () => {
  const unused = (text: string) => `{ x } fragment A on N { ...B } fragment B on N { ${text} }`;
  expect(fault(unused('id '.repeat(20)))).toBe('fine');
  expect(fault(unused('id '.repeat(21)))).toMatch(/has 21 fields; at most 20/);
  expect(fault(unused(nested(5)))).toMatch(/5 levels deep/);
});

describe('a value that is written in a document', () => {
  it('has as many levels of lists and objects as allowed, and not one more', () => {
    expect(fault('{ x(a: [{ b: [1] }], b: [[1]]) }')).toBe('fine');
    expect(fault('{ x(a: [{ b: [{ c: 1 }] }]) }')).toBe(
      'A value is 4 levels deep; at most 3 are allowed.',
    );
    expect(fault(`{ x(a: ${'['.repeat(400)}${']'.repeat(400)}) }`)).toMatch(/400 levels deep/);
  });
});

it.each([
  ['no GraphQL', '{'],
  ['too many tokens', `{ ${'x '.repeat(3_000)} }`],
  ['nothing', ''],
])('%s is refused as no document', (_, text) => {
  expect(guard(text)?.extensions['code']).toBe('GRAPHQL_PARSE_FAILED');
});

it('refuses what is no document in the words of the server', () => {
  const { message, locations, extensions } = guard('{ a ')?.toJSON() ?? {};
  expect([message, locations, extensions]).toEqual([
    'Syntax Error: Expected Name, found <EOF>.',
    [{ line: 1, column: 5 }],
    { code: 'GRAPHQL_PARSE_FAILED' },
  ]);
});
