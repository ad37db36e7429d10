import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Kind, Lexer, parse, Source, TokenKind, visit } from 'graphql';
import { describe, expect, it } from 'vitest';
import { scanDocument } from './scan-document.ts';

/** What graphql-js makes of a text: its tokens, and whether it is one document. */
function read(text: string) {
  const lexer = new Lexer(new Source(text));
  let tokens = 0;
  while (lexer.advance().kind !== TokenKind.EOF) tokens += 1;
  let aliases = 0;
  const document = parse(text);
  visit(document, { Field: ({ alias }) => void (aliases += alias ? 1 : 0) });
  const definitions = document.definitions.filter(
    ({ kind }) => kind === Kind.OPERATION_DEFINITION || kind === Kind.FRAGMENT_DEFINITION,
  ).length;
  return { tokens, aliases, definitions };
}

const manifest = JSON.parse(readFileSync('gateway/operations.json', 'utf8')) as Record<
  string,
  Record<string, string>
>;

describe('a look at a text sees what graphql-js sees:', () => {
  it.each([
    ['aliases, and arguments that look alike', '{ a: b(c: d, e: { f: g }) { h: i } j }'],
    ['variables, their defaults and directives', 'query Q($a: [I!]! = [{b: 1}] @c(d: 2)) @e { f }'],
    ['numbers', '{ a(b: -1.5e+10, c: 0.1, d: [1 2,3], e: 1E-7) }'],
    ['spreads behind names', '{ a...B ... on C { d } ...{e}} fragment B on F{g}'],
    ['texts', String.raw`{ a(b: "{ c: \" d", e: "", f: "\\") g: h }`],
    ['blocks of text', String.raw`{ a(b: """{ c: " \""" \ """, d: """""") e: f }`],
    ['comments', '{ a # b: c { "\n d: e # f\r g }'],
    ['every sign', '{ a(b: $c) @d ...E } fragment E on F { g }'],
    ['several operations', 'query A { b: c } query D { e } subscription F { g }'],
    ['a mark of byte order inside a comment', '# \ufeff\n{ a }'],
  ])('%s', (_, text) => {
    expect(scanDocument(text, 1_000)).toEqual(read(text));
  });

  it('every registered document', () => {
    const texts = Object.values(manifest).flatMap((each) => Object.values(each));
    expect(texts.length).toBeGreaterThan(20);
    for (const text of texts) expect(scanDocument(text, 2_000)).toEqual(read(text));
  });
});

it('never sees more tokens than there are in a text that can be read, whatever it is made of', () => {
  const pieces = [
    '{',
    '}',
    'a',
    ':',
    '(',
    ')',
    '...',
    '.',
    '"',
    '"""',
    '\\',
    '#',
    '\n',
    '1.5',
    '-',
    '@',
    '$',
    '🀄',
    ' ',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), (parts) => {
      const text = parts.join('');
      const { tokens } = scanDocument(text, 1_000);
      try {
        expect(tokens).toBeLessThanOrEqual(read(text).tokens);
      } catch (error) {
        if (error instanceof Error && error.name !== 'GraphQLError') throw error;
      }
    }),
  );
});

it('stops where there are too many tokens', () => {
  expect(scanDocument('{ a b c d e f g }', 3).tokens).toBe(4);
});
