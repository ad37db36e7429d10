import { equal } from '../values/compare.ts';
import { encodeKey } from '../values/encode-key.ts';
import { truthy } from '../values/make.ts';
import { foldValue, type Collation } from '../query/text-fold.ts';
import { typeName, type Value } from '../values/types.ts';
import { binary, isNothing, variadic, wrongType, type Operators } from './expr.ts';

function listOf(v: Value | undefined, name: string): Value[] {
  if (!Array.isArray(v)) throw wrongType(name, 'arrays', typeName(v));
  return v;
}

const keyOf = (v: Value, collation: Collation | null): string => encodeKey(foldValue(v, collation));

/** The distinct values of a list, in order of first sight. */
function distinct(list: readonly Value[], collation: Collation | null): Value[] {
  const seen = new Map<string, Value>();
  for (const v of list) {
    const key = keyOf(v, collation);
    if (!seen.has(key)) seen.set(key, v);
  }
  return [...seen.values()];
}

const keysOf = (list: readonly Value[], collation: Collation | null): Set<string> =>
  new Set(list.map((v) => keyOf(v, collation)));

/** Set operators over arrays. */
export const setOperators: Operators = {
  $setUnion: variadic((list, name, { collation }) =>
    list.some(isNothing)
      ? null
      : distinct(
          list.flatMap((v) => listOf(v, name)),
          collation,
        ),
  ),
  $setIntersection: variadic((list, name, { collation }) => {
    if (list.some(isNothing)) return null;
    const [first = [], ...rest] = list.map((v) => listOf(v, name));
    const others = rest.map((v) => keysOf(v, collation));
    return distinct(first, collation).filter((v) =>
      others.every((keys) => keys.has(keyOf(v, collation))),
    );
  }),
  $setDifference: binary((a, b, name, { collation }) => {
    if (isNothing(a) || isNothing(b)) return null;
    const without = keysOf(listOf(b, name), collation);
    return distinct(listOf(a, name), collation).filter((v) => !without.has(keyOf(v, collation)));
  }),
  $setIsSubset: binary((a, b, name, { collation }) => {
    const whole = keysOf(listOf(b, name), collation);
    return listOf(a, name).every((v) => whole.has(keyOf(v, collation)));
  }),
  $setEquals: variadic((list, name, { collation }) => {
    const [first, ...rest] = list.map((v) => keysOf(listOf(v, name), collation));
    return rest.every(
      (keys) => keys.size === first?.size && [...keys].every((key) => first.has(key)),
    );
  }),
  $in: binary((v, list, name, { collation }) => {
    const wanted = v === undefined ? undefined : foldValue(v, collation);
    return listOf(list, name).some(
      (x) => wanted !== undefined && equal(foldValue(x, collation), wanted),
    );
  }),
  $allElementsTrue: variadic((list, name) => listOf(list[0], name).every((v) => truthy(v))),
  $anyElementTrue: variadic((list, name) => listOf(list[0], name).some((v) => truthy(v))),
};
