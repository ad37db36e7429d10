import { Double, type Doc, type Value } from '../values/types.ts';

/** A plain literal of a test: `1` is an int32, `1.5` a double, `1n` an int64. */
export type Literal = null | boolean | number | bigint | string | object;

/** Makes a value of a literal; classes of the engine pass as they are. */
export function v(literal: Literal): Value {
  if (typeof literal === 'number') return Number.isInteger(literal) ? literal : new Double(literal);
  if (Array.isArray(literal)) return literal.map((item) => v(item as Literal));
  if (typeof literal === 'object' && literal !== null && isPlain(literal)) return d(literal);
  return literal as Value;
}

const isPlain = (o: object): boolean =>
  [Object.prototype, null].includes(Object.getPrototypeOf(o) as null);

/** Makes a document of a literal. */
export const d = (literal: object): Doc =>
  new Map(Object.entries(literal).map(([name, value]) => [name, v(value as Literal)]));

/** The literal back, for comparing. */
export function plain(value: Value | undefined): unknown {
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([name, item]) => [name, plain(item)]));
  if (Array.isArray(value)) return value.map(plain);
  return value instanceof Double ? value.value : value;
}
