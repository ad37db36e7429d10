import { expect, test } from 'vitest';
import { decode } from '../values/decode.ts';
import { encode, type Plain } from '../values/encode.ts';
import { Regex } from '../values/types.ts';
import { checkPartialFilter } from './partial.ts';

const check = (filter: Plain) => (): void => checkPartialFilter(decode(encode(filter)));

test.each<Plain>([
  { a: 1, b: { c: 1 } },
  { a: { $exists: true }, b: { $gte: 1, $lt: 5 } },
  { a: { $type: 'string' }, b: { $in: [1, null] } },
  { $or: [{ a: 1 }, { $and: [{ b: { $gt: 1 } }, { c: { $eq: 2 } }] }] },
])('the partial filter %o is allowed', (filter) => {
  expect(check(filter)).not.toThrow();
});

test.each<Plain>([
  { a: { $exists: false } },
  { a: { $ne: null } },
  { a: { $nin: [1] } },
  { a: new Regex('x', '') },
  { a: { $in: [new Regex('x', '')] } },
  { $nor: [{ a: 1 }] },
  { $expr: { $eq: ['$a', 1] } },
  { $and: [{ a: 1 }, { b: { $not: { $gt: 1 } } }] },
])('the partial filter %o is refused with 67', (filter) => {
  expect(check(filter)).toThrow(expect.objectContaining({ code: 67 }));
});
