import { CommandError, code } from '../values/errors.ts';
import { typeName, type Value } from '../values/types.ts';
import { isNothing, unary, variadic, wrongType, type Operators } from './expr.ts';

const isWhole = (v: Value): v is number | bigint => typeof v === 'number' || typeof v === 'bigint';

// int32 with int32 stays int32; one int64 among the operands makes the result int64.
const fold = (start: bigint, apply: (a: bigint, b: bigint) => bigint): Operators[string] =>
  variadic((list, name) => {
    let result = start;
    let long = false;
    for (const v of list) {
      if (isNothing(v)) return null;
      if (!isWhole(v))
        throw new CommandError(
          code.TypeMismatch,
          `${name} only supports int and long operands, not ${typeName(v)}.`,
        );
      long ||= typeof v === 'bigint';
      result = apply(result, BigInt(v));
    }
    return long ? result : Number(result);
  });

/** Bitwise operators over int32 and int64. */
export const bitOperators: Operators = {
  $bitAnd: fold(-1n, (a, b) => a & b),
  $bitOr: fold(0n, (a, b) => a | b),
  $bitXor: fold(0n, (a, b) => a ^ b),
  $bitNot: unary((v, name) => {
    if (isNothing(v)) return null;
    if (!isWhole(v)) throw wrongType(name, 'int or long', typeName(v));
    return typeof v === 'number' ? -v - 1 : -v - 1n;
  }),
};
