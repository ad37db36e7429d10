import { compare } from '../values/compare.ts';
import { CommandError, badValue, code, typeMismatch } from '../values/errors.ts';
import { add, multiply, type Numeric } from '../values/number.ts';
import { show } from '../values/show.ts';
import {
  clone,
  isDoc,
  isNumber,
  type Timestamp,
  typeName,
  UtcDate,
  type Value,
} from '../values/types.ts';
import { foldValue, type Collation } from '../query/text-fold.ts';
import { ARRAY_OPERATORS } from './array-operators.ts';
import type { Change } from './paths.ts';

/** What an operator knows beside its operand: the moment of the update and the order of text. */
export interface UpdateSetting {
  readonly nowMs: number;
  readonly clusterTime: Timestamp;
  readonly collation: Collation | null;
}

/** Makes the change of one operator for one field. */
export type Operator = (field: string, operand: Value, setting: UpdateSetting) => Change;

const arithmetic =
  (
    name: '$inc' | '$mul',
    apply: (old: Numeric, by: Numeric) => Numeric | null,
    missing: (by: Numeric) => Numeric,
  ): Operator =>
  (field, operand) => {
    if (!isNumber(operand))
      throw typeMismatch(
        `Cannot ${name === '$inc' ? 'increment' : 'multiply'} with non-numeric argument: {${field}: ${show(operand)}}`,
      );
    return (old) => {
      if (old === undefined) return missing(operand);
      if (!isNumber(old))
        throw typeMismatch(
          `Cannot apply ${name} to a value of non-numeric type. The document has the field '${field}' of non-numeric type ${typeName(old)}`,
        );
      const result = apply(old, operand);
      if (result === null)
        throw badValue(
          `Failed to apply ${name} operations to current value (${show(old)}): the result overflows a 64-bit integer`,
        );
      return result;
    };
  };

const bound =
  (way: 1 | -1): Operator =>
  (_, operand, { collation }) => {
    const folded = foldValue(operand, collation);
    return (old) =>
      old === undefined || compare(folded, foldValue(old, collation)) * way > 0 ? operand : old;
  };

const currentDate: Operator = (_, operand, { nowMs, clusterTime }) => {
  if (typeof operand === 'boolean') return () => new UtcDate(nowMs);
  if (!isDoc(operand))
    throw badValue(
      `${typeName(operand)} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}).`,
    );
  for (const name of operand.keys())
    if (name !== '$type') throw badValue(`Unrecognized $currentDate option: ${name}`);
  const type = operand.get('$type');
  if (type === 'date') return () => new UtcDate(nowMs);
  if (type === 'timestamp') return () => clusterTime;
  throw badValue(
    "The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: 'date'}}}",
  );
};

const BITWISE: ReadonlyMap<string, (a: bigint, b: bigint) => bigint> = new Map([
  ['and', (a: bigint, b: bigint) => a & b],
  ['or', (a: bigint, b: bigint) => a | b],
  ['xor', (a: bigint, b: bigint) => a ^ b],
]);

const isWhole = (v: Value): v is number | bigint => typeof v === 'number' || typeof v === 'bigint';

const bit: Operator = (field, operand) => {
  if (!isDoc(operand))
    throw badValue(
      `The $bit modifier is not compatible with a ${typeName(operand)}. You must pass in an embedded document: {$bit: {field: {and/or/xor: #}}`,
    );
  const steps = [...operand].map(([name, by]) => {
    const apply = BITWISE.get(name);
    if (!apply)
      throw badValue(`The $bit modifier only supports 'and', 'or', and 'xor', not '${name}'`);
    if (!isWhole(by))
      throw badValue(
        `The $bit modifier field must be an Integer(32/64 bit); a '${typeName(by)}' is not supported here: {${name}: ${show(by)}}`,
      );
    return (value: number | bigint): number | bigint => {
      const result = apply(BigInt(value), BigInt(by));
      return typeof value === 'number' && typeof by === 'number' ? Number(result) : result;
    };
  });
  if (steps.length === 0)
    throw badValue(
      'You must pass in at least one bitwise operation. The format is: {$bit: {field: {and/or/xor: #}}',
    );
  return (old = 0) => {
    if (!isWhole(old))
      throw badValue(
        `Cannot apply $bit to a value of non-integral type. The field ${field} is of non-integer type ${typeName(old)}`,
      );
    let value = old;
    for (const step of steps) value = step(value);
    return value;
  };
};

const orNull = (apply: () => Numeric): Numeric | null => {
  try {
    return apply();
  } catch (error) {
    if (error instanceof CommandError && error.code === code.BadValue) return null;
    throw error;
  }
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
      (old, by) => orNull(() => add(old, by, 'refuse')),
      (by) => by,
    ),
  ],
  [
    '$mul',
    arithmetic(
      '$mul',
      (old, by) => orNull(() => multiply(old, by, 'refuse')),
      (by) => multiply(0, by),
    ),
  ],
  ['$min', bound(-1)],
  ['$max', bound(1)],
  ['$currentDate', currentDate],
  ['$bit', bit],
  ...ARRAY_OPERATORS,
]);

/** Operators that leave missing fields missing. */
export const NEVER_CREATES: ReadonlySet<string> = new Set(['$unset', '$pop', '$pull', '$pullAll']);

/** The error of two operators on one path. */
export const conflict = (path: string, at: string): CommandError =>
  new CommandError(
    code.ConflictingUpdateOperators,
    `Updating the path '${path}' would create a conflict at '${at}'`,
  );
