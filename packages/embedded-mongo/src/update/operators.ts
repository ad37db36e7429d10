import { compare, equal } from '../values/compare.ts';
import { CommandError, badValue, code, failedToParse, typeMismatch } from '../values/errors.ts';
import { add, multiply, toDouble, type Numeric } from '../values/number.ts';
import {
  clone,
  isDoc,
  isNumber,
  Regex,
  type Timestamp,
  typeName,
  UtcDate,
  type Doc,
  type Value,
} from '../values/types.ts';
import { compareKeys, parseSort, sortKey } from '../sort/sort.ts';
import { matchesRegex } from '../query/predicates.ts';
import { elementTest, parseFilter } from '../query/parse.ts';
import type { Change } from './paths.ts';

/** The moment an update runs at. */
export interface UpdateClock {
  readonly nowMs: number;
  readonly clusterTime: Timestamp;
}

/** Makes the change of one operator for one field. */
type Operator = (field: string, operand: Value, clock: UpdateClock) => Change;

const isFilterDoc = (v: Doc): boolean => [...v.keys()].some((name) => name.startsWith('$'));

const arithmetic =
  (
    name: string,
    apply: (old: Numeric, by: Numeric) => Numeric,
    missing: (by: Numeric) => Numeric,
  ): Operator =>
  (field, operand) => {
    if (!isNumber(operand))
      throw typeMismatch(
        `Cannot ${name === '$inc' ? 'increment' : 'multiply'} with non-numeric argument: {${field}: ${typeName(operand)}}`,
      );
    return (old) => {
      if (old === undefined) return missing(operand);
      if (!isNumber(old))
        throw typeMismatch(
          `Cannot apply ${name} to a value of non-numeric type. The field '${field}' is of type ${typeName(old)}`,
        );
      return apply(old, operand);
    };
  };

const bound =
  (way: 1 | -1): Operator =>
  (_, operand) =>
  (old) =>
    old === undefined || compare(operand, old) * way > 0 ? operand : old;

function arrayOf(old: Value | undefined, field: string): Value[] {
  if (old === undefined) return [];
  if (Array.isArray(old)) return old;
  throw badValue(
    `The field '${field}' must be an array but is of type ${typeName(old)} in document`,
  );
}

const currentDate: Operator = (field, operand, clock) => {
  const type = isDoc(operand) ? operand.get('$type') : operand;
  if (type === true || type === 'date') return () => new UtcDate(clock.nowMs);
  if (type === 'timestamp') return () => clock.clusterTime;
  throw badValue(`The '$type' of $currentDate for '${field}' must be 'date' or 'timestamp'`);
};

const push: Operator = (field, operand) => {
  const each = isDoc(operand) && operand.has('$each') ? operand.get('$each') : null;
  if (each === null || !isDoc(operand)) return (old) => [...arrayOf(old, field), operand];
  if (!Array.isArray(each))
    throw badValue(
      `The argument to $each in $push must be an array but it was of type ${typeName(each)}`,
    );
  for (const name of operand.keys()) {
    if (!['$each', '$slice', '$sort', '$position'].includes(name))
      throw badValue(`Unrecognized clause in $push: ${name}`);
  }
  const position = whole(operand.get('$position'), '$position');
  const slice = whole(operand.get('$slice'), '$slice');
  const order = operand.has('$sort') ? sorter(operand.get('$sort') as Value) : null;
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
  const n = isNumber(v) ? toDouble(v) : Number.NaN;
  if (!Number.isInteger(n))
    throw badValue(
      `The value for ${name} must be an integer value but was given type: ${typeName(v)}`,
    );
  return n;
}

function sorter(spec: Value): (a: Value, b: Value) => number {
  if (isNumber(spec)) {
    const way = toDouble(spec);
    if (way !== 1 && way !== -1) throw badValue('The $sort element value must be either 1 or -1');
    return (a, b) => compare(a, b) * way;
  }
  const fields = parseSort(spec) ?? [];
  const key = (v: Value): Value[] => sortKey(fields, v instanceof Map ? v : new Map(), null);
  return (a, b) => compareKeys(fields, key(a), key(b));
}

const addToSet: Operator = (field, operand) => {
  const each = isDoc(operand) && operand.has('$each') ? operand.get('$each') : [operand];
  if (!Array.isArray(each))
    throw typeMismatch(
      `The argument to $each in $addToSet must be an array but it was of type ${typeName(each ?? null)}`,
    );
  return (old) => {
    const list = [...arrayOf(old, field)];
    for (const v of each) if (!list.some((x) => equal(x, v))) list.push(v);
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

function pullTest(operand: Value): (v: Value) => boolean {
  if (operand instanceof Regex) return matchesRegex(operand);
  if (!isDoc(operand)) return (v) => equal(v, operand);
  if (isFilterDoc(operand)) return elementTest(operand);
  const matcher = parseFilter(operand);
  return (v) => v instanceof Map && matcher.test(v);
}

const without =
  (field: string, drop: (v: Value) => boolean): Change =>
  (old) => {
    if (old === undefined) return undefined;
    if (!Array.isArray(old))
      throw badValue(`Cannot apply $pull to a non-array value at '${field}'`);
    return old.filter((v) => !drop(v));
  };

const bit: Operator = (field, operand) => {
  if (!isDoc(operand) || operand.size === 0)
    throw badValue('The $bit modifier needs a document of and, or, xor');
  return (old) => {
    let value: Value | undefined = old ?? 0;
    for (const [op, by] of operand) {
      if (!['and', 'or', 'xor'].includes(op))
        throw badValue(`The $bit modifier only supports 'and', 'or', and 'xor', not '${op}'`);
      if (typeof value !== 'number' && typeof value !== 'bigint')
        throw badValue(`Cannot apply $bit to a value of non-integral type at '${field}'`);
      if (typeof by !== 'number' && typeof by !== 'bigint')
        throw badValue('The $bit modifier field must be an Integer(32/64 bit)');
      const [x, y] = [BigInt(value), BigInt(by)];
      const result: bigint = op === 'and' ? x & y : op === 'or' ? x | y : x ^ y;
      value = typeof value === 'number' && typeof by === 'number' ? Number(result) : result;
    }
    return value;
  };
};

/** The update operators that change one field by its old value. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['$set', (_, operand) => () => clone(operand)],
  ['$setOnInsert', (_, operand) => () => clone(operand)],
  ['$unset', () => () => undefined],
  [
    '$inc',
    arithmetic(
      '$inc',
      (old, by) => add(old, by, 'refuse'),
      (by) => by,
    ),
  ],
  [
    '$mul',
    arithmetic(
      '$mul',
      (old, by) => multiply(old, by, 'refuse'),
      (by) => multiply(0, by),
    ),
  ],
  ['$min', bound(-1)],
  ['$max', bound(1)],
  ['$currentDate', currentDate],
  ['$push', push],
  ['$addToSet', addToSet],
  ['$pop', pop],
  ['$pull', (field, operand) => without(field, pullTest(operand))],
  [
    '$pullAll',
    (field, operand) => {
      if (!Array.isArray(operand)) throw badValue('$pullAll requires an array argument');
      return without(field, (v) => operand.some((x) => equal(x, v)));
    },
  ],
  ['$bit', bit],
]);

/** Operators that leave missing fields missing. */
export const NEVER_CREATES: ReadonlySet<string> = new Set(['$unset', '$pop', '$pull', '$pullAll']);

/** The error of two operators on one path. */
export const conflict = (path: string, at: string): CommandError =>
  new CommandError(
    code.ConflictingUpdateOperators,
    `Updating the path '${path}' would create a conflict at '${at}'`,
  );
