import { compare, equal } from '../values/compare.ts';
import { badValue, failedToParse, typeMismatch } from '../values/errors.ts';
import { toDouble, toWhole } from '../values/number.ts';
import { isDoc, isNumber, Regex, typeName, type Doc, type Value } from '../values/types.ts';
import { compareKeys, parseSort, sortKey } from '../sort/sort.ts';
import { matchesRegex } from '../query/predicates.ts';
import { parseFilter } from '../query/parse.ts';
import { foldValue, type Collation } from '../query/text-fold.ts';
import type { Operator } from './operators.ts';
import type { Change } from './paths.ts';

const MAX_PLACE = 2n ** 31n;

function arrayOf(old: Value | undefined, field: string): Value[] {
  if (old === undefined) return [];
  if (Array.isArray(old)) return old;
  throw badValue(
    `The field '${field}' must be an array but is of type ${typeName(old)} in document`,
  );
}

const PUSH_CLAUSES = ['$each', '$slice', '$sort', '$position'];

const push: Operator = (field, operand, { collation }) => {
  const each = isDoc(operand) && operand.has('$each') ? operand.get('$each') : null;
  if (each === null || !isDoc(operand)) return (old) => [...arrayOf(old, field), operand];
  if (!Array.isArray(each))
    throw badValue(
      `The argument to $each in $push must be an array but it was of type: ${typeName(each)}`,
    );
  for (const name of operand.keys()) {
    if (!PUSH_CLAUSES.includes(name)) throw badValue(`Unrecognized clause in $push: ${name}`);
  }
  const position = whole(operand.get('$position'), '$position');
  const slice = whole(operand.get('$slice'), '$slice');
  const by = operand.get('$sort');
  const order = by === undefined ? null : sorter(by, collation);
  return (old) => {
    const list = [...arrayOf(old, field)];
    const at =
      position === null
        ? list.length
        : position < 0
          ? Math.max(0, list.length + position)
          : position;
    list.splice(at, 0, ...each);
    if (order) list.sort(order);
    if (slice === null) return list;
    return slice === 0 ? [] : slice > 0 ? list.slice(0, slice) : list.slice(slice);
  };
};

function whole(v: Value | undefined, name: string): number | null {
  if (v === undefined) return null;
  const n = toWhole(v);
  if (n === null)
    throw badValue(
      `The value for ${name} must be an integer value but was given type: ${typeName(v)}`,
    );
  return Number(n > MAX_PLACE ? MAX_PLACE : n < -MAX_PLACE ? -MAX_PLACE : n);
}

function sorter(spec: Value, collation: Collation | null): (a: Value, b: Value) => number {
  if (isNumber(spec)) {
    const way = toDouble(spec);
    if (way !== 1 && way !== -1) throw badValue('The $sort element value must be either 1 or -1');
    return (a, b) => compare(foldValue(a, collation), foldValue(b, collation)) * way;
  }
  if (!isDoc(spec) || spec.size === 0)
    throw badValue(
      'The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields',
    );
  const fields = parseSort(spec) ?? [];
  const key = (v: Value): Value[] => sortKey(fields, v instanceof Map ? v : new Map(), collation);
  return (a, b) => compareKeys(fields, key(a), key(b));
}

const same = (a: Value, b: Value, collation: Collation | null): boolean =>
  equal(foldValue(a, collation), foldValue(b, collation));

const addToSet: Operator = (field, operand, { collation }) => {
  const many = isDoc(operand) && operand.keys().next().value === '$each';
  const each = many ? operand.get('$each') : [operand];
  if (!Array.isArray(each))
    throw typeMismatch(
      `The argument to $each in $addToSet must be an array but it was of type ${typeName(each ?? null)}`,
    );
  if (many && operand.size > 1) throw badValue('Found unexpected fields after $each in $addToSet');
  return (old) => {
    const list = [...arrayOf(old, field)];
    for (const v of each) if (!list.some((x) => same(x, v, collation))) list.push(v);
    return list;
  };
};

const pop: Operator = (field, operand) => {
  const way = isNumber(operand) ? toDouble(operand) : 0;
  if (way !== 1 && way !== -1)
    throw failedToParse(`$pop expects 1 or -1, found: ${typeName(operand)}`);
  return (old) => {
    if (old === undefined) return undefined;
    if (!Array.isArray(old))
      throw typeMismatch(
        `Path '${field}' contains an element of non-array type '${typeName(old)}'`,
      );
    return way === 1 ? old.slice(0, -1) : old.slice(1);
  };
};

const isFilter = (v: Doc): boolean => v.keys().next().value?.startsWith('$') === true;

/** Which elements `$pull` takes out: those equal to a value, or those a condition holds of. */
function pullTest(operand: Value, collation: Collation | null): (v: Value) => boolean {
  if (operand instanceof Regex) return matchesRegex(operand);
  if (!isDoc(operand)) return (v) => same(v, operand, collation);
  if (isFilter(operand)) {
    // Bare operators speak of the element: it is looked at as the one field of a document.
    const matcher = parseFilter(new Map([['element', operand]]), { collation });
    return (v) => matcher.test(new Map([['element', v]]));
  }
  const matcher = parseFilter(operand, { collation });
  return (v) => v instanceof Map && matcher.test(v);
}

const without =
  (drop: (v: Value) => boolean, name: string): Change =>
  (old) => {
    if (old === undefined) return undefined;
    if (!Array.isArray(old)) throw badValue(`Cannot apply ${name} to a non-array value`);
    return old.filter((v) => !drop(v));
  };

/** The update operators of arrays. */
export const ARRAY_OPERATORS: readonly (readonly [string, Operator])[] = [
  ['$push', push],
  ['$addToSet', addToSet],
  ['$pop', pop],
  ['$pull', (_, operand, { collation }) => without(pullTest(operand, collation), '$pull')],
  [
    '$pullAll',
    (_, operand, { collation }) => {
      if (!Array.isArray(operand))
        throw badValue(`$pullAll requires an array argument but was given a ${typeName(operand)}`);
      return without((v) => operand.some((x) => same(x, v, collation)), '$pullAll');
    },
  ],
];
