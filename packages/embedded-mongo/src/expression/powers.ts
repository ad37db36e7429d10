import { decimalIsNegative, decimalIsZero, decimalSqrt } from '../values/decimal-math.ts';
import { CommandError, notImplemented } from '../values/errors.ts';
import { toDouble, wholeOrDouble, type Numeric } from '../values/number.ts';
import { Decimal128, Double, isNumber, typeName, type Value } from '../values/types.ts';
import { binary, isNothing, unary, wrongType, type Operators } from './expr.ts';

function numeric(v: Value, name: string): Numeric {
  if (!isNumber(v)) throw wrongType(name, 'numeric types', typeName(v));
  return v;
}

// A double would be a wrong answer for a decimal, and the type of a number never changes.
function double(v: Value, name: string): number {
  const n = numeric(v, name);
  if (n instanceof Decimal128) throw notImplemented(`${name} of a decimal`);
  return toDouble(n);
}

interface Range {
  readonly least: number;
  readonly most?: number;
  readonly code: number;
  readonly says: string;
}

const real = (apply: (n: number) => number, range?: Range): Operators[string] =>
  unary((v, name) => {
    if (isNothing(v)) return null;
    const n = double(v, name);
    if (range && (n < range.least || n > (range.most ?? Infinity)))
      throw new CommandError(range.code, `${name} ${range.says}, but is ${n}`);
    return new Double(apply(n));
  });

function power(a: Value | undefined, b: Value | undefined, name: string): Value {
  if (isNothing(a) || isNothing(b)) return null;
  const [x, y] = [double(a, name), double(b, name)];
  if (x === 0 && y < 0)
    throw new CommandError(28764, '$pow cannot take a base of 0 and a negative exponent');
  if (a instanceof Double || b instanceof Double) return new Double(x ** y);
  const [base, exponent] = [BigInt(a as number | bigint), BigInt(b as number | bigint)];
  const long = typeof a === 'bigint' || typeof b === 'bigint';
  if (base === 1n || (base === -1n && exponent % 2n === 0n)) return wholeOrDouble(1n, long);
  if (base === -1n) return wholeOrDouble(-1n, long);
  if (exponent < 0n || (exponent > 64n && base !== 0n)) return new Double(x ** y);
  return wholeOrDouble(base ** exponent, long);
}

function logarithm(a: Value | undefined, b: Value | undefined, name: string): Value {
  if (isNothing(a) || isNothing(b)) return null;
  if (!isNumber(a))
    throw new CommandError(28756, `$log's argument must be numeric, not ${typeName(a)}`);
  if (!isNumber(b))
    throw new CommandError(28757, `$log's base must be numeric, not ${typeName(b)}`);
  const [x, base] = [double(a, name), double(b, name)];
  if (x <= 0)
    throw new CommandError(28758, `$log's argument must be a positive number, but is ${x}`);
  if (base <= 0 || base === 1)
    throw new CommandError(
      28759,
      `$log's base must be a positive number not equal to 1, but is ${base}`,
    );
  return new Double(Math.log(x) / Math.log(base));
}

const positive = (code: number): Range => ({
  least: Number.MIN_VALUE,
  code,
  says: 'only takes positive numbers',
});
const within = (least: number, most: number): Range => ({
  least,
  most,
  code: 50989,
  says: `cannot apply outside of [${least},${most}]`,
});
const HALF_TURN = 180;

/** Powers, roots, logarithms, trigonometry: doubles, and of decimals the square root only. */
export const powerOperators: Operators = {
  $sqrt: unary((v, name) => {
    if (isNothing(v)) return null;
    const n = numeric(v, name);
    const below =
      n instanceof Decimal128 ? decimalIsNegative(n) && !decimalIsZero(n) : toDouble(n) < 0;
    if (below) throw new CommandError(28714, "$sqrt's argument must be greater than or equal to 0");
    return n instanceof Decimal128 ? decimalSqrt(n) : new Double(Math.sqrt(toDouble(n)));
  }),
  $exp: real(Math.exp),
  $ln: real(Math.log, positive(28766)),
  $log10: real(Math.log10, positive(28761)),
  $log: binary(logarithm),
  $pow: binary(power),
  $sin: real(Math.sin, within(-Number.MAX_VALUE, Number.MAX_VALUE)),
  $cos: real(Math.cos, within(-Number.MAX_VALUE, Number.MAX_VALUE)),
  $tan: real(Math.tan, within(-Number.MAX_VALUE, Number.MAX_VALUE)),
  $asin: real(Math.asin, within(-1, 1)),
  $acos: real(Math.acos, within(-1, 1)),
  $atan: real(Math.atan),
  $sinh: real(Math.sinh),
  $cosh: real(Math.cosh),
  $tanh: real(Math.tanh),
  $asinh: real(Math.asinh),
  $acosh: real(Math.acosh, within(1, Infinity)),
  $atanh: real(Math.atanh, within(-1, 1)),
  $atan2: binary((a, b, name) => {
    if (isNothing(a) || isNothing(b)) return null;
    return new Double(Math.atan2(double(a, name), double(b, name)));
  }),
  $degreesToRadians: real((n) => n * (Math.PI / HALF_TURN)),
  $radiansToDegrees: real((n) => n * (HALF_TURN / Math.PI)),
};
