import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addYen, parseYen, yen } from './yen.ts';

describe('yen from outside', () => {
  it.each([
    [0, 0],
    [1000, 1000],
    ['1000', 1000],
    [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('reads %j', (value, amount) => {
    expect(parseYen(value)).toBe(amount);
  });

  it.each([
    [-1, 'NEGATIVE'],
    [-0, 'NEGATIVE'],
    ['-1', 'NEGATIVE'],
    [0.5, 'NOT_WHOLE'],
    ['100.5', 'NOT_WHOLE'],
    ['1e3', 'NOT_A_NUMBER'],
    ['+100', 'NOT_A_NUMBER'],
    [' 100', 'NOT_A_NUMBER'],
    ['1,000', 'NOT_A_NUMBER'],
    ['007', 'NOT_A_NUMBER'],
    ['１０００', 'NOT_A_NUMBER'],
    ['٣', 'NOT_A_NUMBER'],
    ['', 'NOT_A_NUMBER'],
    [null, 'NOT_A_NUMBER'],
    [true, 'NOT_A_NUMBER'],
    [Number.NaN, 'NOT_A_NUMBER'],
    [Number.POSITIVE_INFINITY, 'TOO_LARGE'],
    [2 ** 53, 'TOO_LARGE'],
    ['9007199254740993', 'TOO_LARGE'],
    ['99999999999999999999', 'TOO_LARGE'],
  ])('refuses %j as %s', (value, fault) => {
    expect(parseYen(value)).toBe(fault);
  });

  it('reads every text of a safe whole number back as that number', () => {
    fc.assert(
      fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), (amount) => {
        expect(parseYen(String(amount))).toBe(amount);
      }),
    );
  });
});

describe('yen of our own', () => {
  it('adds up', () => {
    expect(addYen(yen(1), yen(2), yen(3))).toBe(6);
    expect(addYen()).toBe(0);
  });

  it.each([-1, 0.1, 2 ** 53])('never holds %d', (amount) => {
    expect(() => yen(amount)).toThrow(/not an amount/);
  });
});
