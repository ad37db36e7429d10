import { CommandError, badValue } from '../values/errors.ts';
import { toDouble } from '../values/number.ts';
import { Deviation, percentiles } from '../values/statistics.ts';
import { isDoc, isNumber, Timestamp, typeName, type Value } from '../values/types.ts';
import { isNothing, named, unary, variadic, wrongType, type Operators } from './expr.ts';

const deviation = (of: 'population' | 'sample'): Operators[string] =>
  variadic((list) => {
    const result = new Deviation();
    for (const v of list.length === 1 && Array.isArray(list[0]) ? list[0] : list)
      if (isNumber(v)) result.add(v);
    return result.value(of);
  });

/** The shares a `$percentile` asks for. @throws CommandError 7750301/7750303 */
export function sharesOf(p: Value | undefined): number[] {
  if (!Array.isArray(p) || p.length === 0)
    throw new CommandError(7750301, "'p' must be an array of numbers from [0.0, 1.0]");
  return p.map((share) => {
    const n = isNumber(share) ? toDouble(share) : Number.NaN;
    if (!(n >= 0 && n <= 1))
      throw new CommandError(7750303, "'p' must be an array of numbers from [0.0, 1.0]");
    return n;
  });
}

/** Refuses every method of `$median` and `$percentile` but the one MongoDB 8.0 has. */
export function checkMethod(argument: Value, name: string): void {
  const method = isDoc(argument) ? argument.get('method') : undefined;
  if (method !== 'approximate')
    throw badValue(`${name}: 'method' must be 'approximate', found ${String(method)}`);
}

const ranked =
  (many: boolean): Operators[string] =>
  (argument, compile, name) => {
    checkMethod(argument, name);
    const fields = named(argument, compile, name, {
      required: many ? ['input', 'p', 'method'] : ['input', 'method'],
    });
    return (env) => {
      const input = fields.input?.(env);
      const numbers = (Array.isArray(input) ? input : [input]).filter((v) => isNumber(v));
      const found = percentiles(numbers, many ? sharesOf(fields.p?.(env)) : [0.5]);
      if (many) return found;
      return found[0] ?? null;
    };
  };

const ofTimestamp = (read: (t: Timestamp) => number): Operators[string] =>
  unary((v, name) => {
    if (isNothing(v)) return null;
    if (!(v instanceof Timestamp)) throw wrongType(name, 'timestamps', typeName(v));
    return BigInt(read(v));
  });

/** Statistics over arrays, and the two halves of a timestamp. */
export const statisticsOperators: Operators = {
  $stdDevPop: deviation('population'),
  $stdDevSamp: deviation('sample'),
  $percentile: ranked(true),
  $median: ranked(false),
  $tsSecond: ofTimestamp((t) => t.seconds),
  $tsIncrement: ofTimestamp((t) => t.ordinal),
};
