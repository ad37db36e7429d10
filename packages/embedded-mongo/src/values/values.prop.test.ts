import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aNumber, aValue } from '../testing/arbitrary.ts';
import { compare } from './compare.ts';
import { decode, decodeFields } from './decode.ts';
import { complement, encodeKey } from './encode-key.ts';
import { encode } from './encode.ts';
import type { Doc } from './types.ts';

const seed = Number(process.env['FC_SEED'] ?? Date.now() % 1e9);
const options = { seed, numRuns: 3000, verbose: false };
const sign = (n: number): number => (n < 0 ? -1 : Number(n > 0));
const order = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

test(`keys sort as values compare, over all types (seed ${seed})`, () => {
  fc.assert(
    fc.property(aValue(), aValue(), (a, b) => {
      expect(order(encodeKey(a), encodeKey(b))).toBe(sign(compare(a, b)));
      expect(order(complement(encodeKey(a)), complement(encodeKey(b)))).toBe(
        -sign(compare(a, b)) + 0,
      );
    }),
    options,
  );
});

test(`keys sort as numbers compare, across the four numeric types (seed ${seed})`, () => {
  fc.assert(
    fc.property(aNumber(), aNumber(), (a, b) => {
      expect(order(encodeKey(a), encodeKey(b))).toBe(sign(compare(a, b)));
    }),
    options,
  );
});

test(`compound keys sort by their first difference (seed ${seed})`, () => {
  fc.assert(
    fc.property(aValue(), aValue(), aValue(), aValue(), (a, b, c, d) => {
      const expected = sign(compare(a, c)) || sign(compare(b, d));
      expect(order(encodeKey(a) + encodeKey(b), encodeKey(c) + encodeKey(d))).toBe(expected);
    }),
    { ...options, numRuns: 1500 },
  );
});

test(`a document survives encoding byte for byte and order for order (seed ${seed})`, () => {
  fc.assert(
    fc.property(aValue(), aValue(), (a, b) => {
      const doc: Doc = new Map([
        ['z', a],
        ['1', b],
        ['0', a],
        ['__proto__', b],
      ]);
      const bytes = encode(doc);
      const back = decode(bytes);
      expect([...back.keys()]).toEqual(['z', '1', '0', '__proto__']);
      expect(encode(back).equals(bytes)).toBe(true);
      expect(compare(decodeFields(bytes, new Set(['0'])).get('0') ?? null, a)).toBe(0);
    }),
    { ...options, numRuns: 800 },
  );
});

test('cut or twisted bytes are refused as invalid and never crash', () => {
  const bytes = encode({ a: [1, 'x', { b: 2 }], c: 'text' });
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, byte) => {
      const twisted = Buffer.from(bytes);
      twisted[at] = byte;
      for (const broken of [twisted, bytes.subarray(0, at)]) {
        try {
          decode(broken);
        } catch (error) {
          expect((error as { code: number }).code).toBe(22);
        }
      }
    }),
    { seed, numRuns: 2000 },
  );
});
