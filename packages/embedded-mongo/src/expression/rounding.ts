import { decimalFromDouble, decimalFromString, decimalToString } from '../values/decimal.ts';
import { CommandError } from '../values/errors.ts';
import { toWhole, wholeOrDouble } from '../values/number.ts';
import { Decimal128, Double, isNumber, typeName, type Value } from '../values/types.ts';
import { isNothing, operands, unary, wrongType, type Operators } from './expr.ts';

type Mode = 'even' | 'cut' | 'up' | 'down';

// Rounding works on the decimal text of the number: a power of ten is never multiplied in binary.
function rounded(v: Value | undefined, places: number, mode: Mode, name: string): Value {
  if (isNothing(v)) return null;
  if (!isNumber(v)) throw wrongType(name, 'numeric types', typeName(v));
  if ((typeof v === 'number' || typeof v === 'bigint') && places >= 0) return v;
  if (v instanceof Decimal128)
    return decimalFromString(roundText(decimalToString(v), places, mode)) ?? v;
  if (v instanceof Double) {
    if (!Number.isFinite(v.value)) return v;
    // A double is rounded by what it really is: 2.675 is a little less, and no tie.
    const text = decimalToString(decimalFromDouble(v.value, 34));
    return new Double(Number(roundText(text, places, mode)));
  }
  return wholeOrDouble(BigInt(roundText(String(v), places, mode)), typeof v === 'bigint');
}

function roundText(text: string, places: number, mode: Mode): string {
  const m = /^(-?)(\d+)(?:\.(\d*))?(?:E([+-]\d+))?$/.exec(text);
  if (!m) return text;
  const [, sign = '', head = '', tail = '', exponent = '0'] = m;
  const scale = tail.length - Number(exponent) - places;
  if (scale <= 0) return text;
  const digits = BigInt(head + tail);
  const length = head.length + tail.length;
  // Everything is behind the place that is kept: only the direction counts.
  const unit = 10n ** BigInt(Math.min(scale, length + 1));
  const rest = digits % unit;
  let kept = digits / unit;
  if (goesAway({ mode, negative: sign === '-', rest, unit, kept })) kept += 1n;
  if (places <= 0) return `${sign}${kept * 10n ** BigInt(-places)}`;
  const padded = kept.toString().padStart(places + 1, '0');
  return `${sign}${padded.slice(0, -places)}.${padded.slice(-places)}`;
}

function goesAway(of: {
  readonly mode: Mode;
  readonly negative: boolean;
  readonly rest: bigint;
  readonly unit: bigint;
  readonly kept: bigint;
}): boolean {
  const { mode, negative, rest, unit, kept } = of;
  if (mode === 'up') return !negative && rest > 0n;
  if (mode === 'down') return negative && rest > 0n;
  return mode === 'even' && (rest * 2n > unit || (rest * 2n === unit && kept % 2n === 1n));
}

const toPlace =
  (mode: 'even' | 'cut'): Operators[string] =>
  (argument, compile, name) => {
    const [value, place] = operands(argument, compile, name, [1, 2]);
    return (env) => {
      const given = place ? place(env) : 0;
      if (isNothing(given)) return null;
      const places = toWhole(given);
      if (places === null)
        throw new CommandError(51082, `precision argument to ${name} must be a integral value`);
      if (places < -20n || places > 100n)
        throw new CommandError(
          51083,
          `cannot apply ${name} with precision value ${places} value must be in [-20, 100]`,
        );
      return rounded(value?.(env), Number(places), mode, name);
    };
  };

/** Rounding operators; the type of the number stays. */
export const roundingOperators: Operators = {
  $ceil: unary((v, name) => rounded(v, 0, 'up', name)),
  $floor: unary((v, name) => rounded(v, 0, 'down', name)),
  $round: toPlace('even'),
  $trunc: toPlace('cut'),
};
