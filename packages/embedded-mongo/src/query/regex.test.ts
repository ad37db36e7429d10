import { describe, expect, test } from 'vitest';
import { Regex } from '../values/types.ts';
import { compilePattern } from './regex.ts';

const matches = (pattern: string, text: string, options = ''): boolean =>
  compilePattern(new Regex(pattern, options)).test(text);

describe('a pattern', () => {
  test.each<[string, string, string, boolean]>([
    ['^ab+c$', '', 'abbbc', true],
    ['^AB', 'i', 'abc', true],
    ['^b', 'm', 'a\nb', true],
    ['a.b', 's', 'a\nb', true],
    ['a  b # comment', 'x', 'ab', true],
    ['[ #]', 'x', ' ', true],
    ['(?i)abc', '', 'xABCx', true],
    ['^(\\d+)-\\1$', '', '12-12', true],
    ['^(\\d+)-\\1$', '', '12-13', false],
  ])('%s with options %o on %o', (pattern, options, text, expected) =>
    expect(matches(pattern, text, options)).toBe(expected),
  );

  test('of one kind may be tried again and again', () => {
    const pattern = compilePattern(new Regex('a'));
    expect([pattern.test('ba'), pattern.test('ba'), pattern.test('b')]).toEqual([
      true,
      true,
      false,
    ]);
    expect([pattern.exec('xaxa', 2)?.index, pattern.exec('xaxa', 4)]).toEqual([3, null]);
  });

  test.each<[string, string]>([
    ['(a+)+$', `${'a'.repeat(60)}b`],
    ['^(a|aa)+$', `${'a'.repeat(90)}b`],
    ['^(?:a?){30}a{30}$', `${'a'.repeat(60)}b`],
    ['^.*x.*y.*z.*w$', 'xyz'.repeat(3000)],
    ['x*y', 'x'.repeat(200_000)],
    ['^(a*)*\\1b', 'a'.repeat(60)],
  ])('that never ends is stopped: %s', (pattern, text) =>
    expect(() => matches(pattern, text)).toThrow(expect.objectContaining({ code: 51091 }) as Error),
  );

  test.each<[string, string, boolean]>([
    ['(ab+)+c', `${'ab'.repeat(40)}c`, true],
    ['needle', `${'hay'.repeat(300_000)}needle`, true],
    ['^[^@]+@[^@]+\\.[a-z]{2,}$', `${'a'.repeat(60)}@example.jp`, true],
    ['.*needle.*', `${'hay'.repeat(100)}needle${'hay'.repeat(100)}`, true],
  ])('that is only long is not stopped: %s', (pattern, text, expected) =>
    expect(matches(pattern, text)).toBe(expected),
  );

  test.each<[string, string, number]>([
    ['(', '', 51091],
    ['a', 'q', 2],
    ['a'.repeat(8193), '', 2],
  ])('that cannot be read is refused', (pattern, options, code) =>
    expect(() => matches(pattern, 'x', options)).toThrow(
      expect.objectContaining({ code }) as Error,
    ),
  );
});
