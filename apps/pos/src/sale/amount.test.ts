import { describe, expect, it } from 'vitest';
import { type PadKey, pressKey, readAmount } from './amount.ts';

const press = (...keys: PadKey[]) => keys.reduce(pressKey, '');

describe('the keypad', () => {
  it.each<[PadKey[], string]>([
    [['6', '4', '8'], '648'],
    [['0', '0', '5'], '5'],
    [['00'], ''],
    [['1', '00'], '100'],
    [['1', '2', 'back'], '1'],
    [['back'], ''],
    [['1', '2', '3', '4', '5', '6', '7', '8'], '1234567'],
    [['1', '2', '3', '4', '5', '6', '00'], '123456'],
  ])('writes %j as %j', (keys, digits) => {
    expect(press(...keys)).toBe(digits);
  });

  it('goes on after what was typed by hand', () => {
    expect(pressKey('１，２', '3')).toBe('123');
  });
});

describe('an amount', () => {
  it.each([
    ['648', { amount: 648 }],
    ['１２００', { amount: 1200 }],
    ['1,200', { amount: 1200 }],
    ['007', { amount: 7 }],
    ['', { fault: 'EMPTY' }],
    ['0', { fault: 'ZERO' }],
    ['-5a', { fault: 'NOT_DIGITS' }],
    ['1.5', { fault: 'NOT_DIGITS' }],
    ['1e3', { fault: 'NOT_DIGITS' }],
    ['12345678', { fault: 'TOO_LONG' }],
  ])('typed as %j is read as %j', (typed, read) => {
    expect(readAmount(typed)).toEqual(read);
  });
});
