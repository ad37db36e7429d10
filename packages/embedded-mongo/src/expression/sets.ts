import { equal } from '../values/compare.ts';
import { encodeKey } from '../values/encode-key.ts';
import { truthy } from '../values/make.ts';
import { typeName, type Value } from '../values/types.ts';
import { binary, isNothing, variadic, wrongType, type Operators } from './expr.ts';

function listOf(v: Value | undefined, name: string): Value[] {
  if (!Array.isArray(v)) throw wrongType(name, 'arrays', typeName(v));
  return v;
}

/** The distinct values of a list, in order of first sight. */
export function distinct(list: readonly Value[]): Value[] {
  const seen = new Map<string, Value>();
  for (const v of list) {
    const key = encodeKey(v);
    if (!seen.has(key)) seen.set(key, v);
  }
  return [...seen.values()];
}

const keysOf = (list: readonly Value[]): Set<string> => new Set(list.map((v) => encodeKey(v)));

/** Set operators over arrays. */
export const setOperators: Operators = {
  $setUnion: variadic((list, name) =>
    list.some(isNothing) ? null : distinct(list.flatMap((v) => listOf(v, name))),
  ),
  $setIntersection: variadic((list, name) => {
    if (list.some(isNothing)) return null;
    const [first = [], ...rest] = list.map((v) => listOf(v, name));
    const others = rest.map(keysOf);
    return distinct(first).filter((v) => others.every((keys) => keys.has(encodeKey(v))));
  }),
  $setDifference: binary((a, b, name) => {
    if (isNothing(a) || isNothing(b)) return null;
    const without = keysOf(listOf(b, name));
    return distinct(listOf(a, name)).filter((v) => !without.has(encodeKey(v)));
  }),
  $setIsSubset: binary((a, b, name) => {
    const whole = keysOf(listOf(b, name));
    return listOf(a, name).every((v) => whole.has(encodeKey(v)));
  }),
  $setEquals: variadic((list, name) => {
    const sets = list.map((v) =>
      distinct(listOf(v, name))
        .map((x) => encodeKey(x))
        .sort(),
    );
    return sets.every((set) => set.join('\n') === sets[0]?.join('\n'));
  }),
  $in: binary((v, list, name) => listOf(list, name).some((x) => v !== undefined && equal(x, v))),
  $allElementsTrue: variadic((list, name) => listOf(list[0], name).every((v) => truthy(v))),
  $anyElementTrue: variadic((list, name) => listOf(list[0], name).some((v) => truthy(v))),
};
