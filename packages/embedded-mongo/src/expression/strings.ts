import { compareText } from '../values/compare.ts';
import { CommandError, badValue } from '../values/errors.ts';
import { toDouble } from '../values/number.ts';
import { BsonSymbol, isNumber, typeName, UtcDate, type Value } from '../values/types.ts';
import {
  binary,
  isNothing,
  named,
  operands,
  unary,
  variadic,
  wrongType,
  type Expr,
  type Operators,
} from './expr.ts';
import { toText } from './conversions.ts';

function textOrEmpty(v: Value | undefined, name: string): string {
  if (isNothing(v)) return '';
  if (typeof v === 'string') return v;
  if (v instanceof BsonSymbol) return v.value;
  if (isNumber(v) || v instanceof UtcDate) return toText(v);
  throw wrongType(name, 'strings', typeName(v));
}

function text(v: Value | undefined, name: string): string {
  if (typeof v !== 'string') throw wrongType(name, 'strings', typeName(v));
  return v;
}

function whole(v: Value | undefined, name: string): number {
  const n = isNumber(v) ? toDouble(v) : Number.NaN;
  if (!Number.isInteger(n)) throw badValue(`${name} requires whole numbers, found ${typeName(v)}`);
  return n;
}

const codePoints = (s: string): string[] => [...s];

// What $trim takes off by itself: MongoDB's list, which is not that of JavaScript.
const BLANKS =
  '\0 \t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a';

// Letters outside of ASCII keep their case, as in MongoDB.
const lower = (s: string): string => s.replace(/[A-Z]+/g, (m) => m.toLowerCase());
const upper = (s: string): string => s.replace(/[a-z]+/g, (m) => m.toUpperCase());

function trimmer(ends: 'both' | 'left' | 'right'): Operators[string] {
  return (argument, compile, name) => {
    const fields = named(argument, compile, name, { required: ['input'], optional: ['chars'] });
    return (env) => {
      const input = fields.input?.(env);
      if (isNothing(input)) return null;
      const given = fields.chars?.(env);
      if (fields.chars && isNothing(given)) return null;
      const chars = new Set(codePoints(given === undefined ? BLANKS : text(given, name)));
      const points = codePoints(text(input, name));
      let from = 0;
      let to = points.length;
      if (ends !== 'right') while (from < to && chars.has(points[from] as string)) from++;
      if (ends !== 'left') while (to > from && chars.has(points[to - 1] as string)) to--;
      return points.slice(from, to).join('');
    };
  };
}

function replacer(every: boolean): Operators[string] {
  return (argument, compile, name) => {
    const fields = named(argument, compile, name, { required: ['input', 'find', 'replacement'] });
    return (env) => {
      const parts = [fields.input, fields.find, fields.replacement].map((part) =>
        (part as Expr)(env),
      );
      if (parts.some(isNothing)) return null;
      const [input, find, replacement] = parts.map((part) => text(part, name)) as [
        string,
        string,
        string,
      ];
      return every
        ? input.replaceAll(find, () => replacement)
        : input.replace(find, () => replacement);
    };
  };
}

// A cut may not go through the middle of a character.
function byteSlice(bytes: Buffer, from: number, to: number, name: string): string {
  const inside = (at: number): boolean => at < bytes.length && ((bytes[at] ?? 0) & 0xc0) === 0x80;
  if (inside(from))
    throw new CommandError(
      28656,
      `${name}: Invalid range, starting index is in the middle of a UTF-8 character.`,
    );
  if (inside(to))
    throw new CommandError(
      28657,
      `${name}: Invalid range, ending index is in the middle of a UTF-8 character.`,
    );
  return bytes.subarray(from, Math.min(to, bytes.length)).toString('utf8');
}

const substring: Operators[string] = (argument, compile, name) => {
  const [input, start, length] = operands(argument, compile, name, [3, 3]) as [Expr, Expr, Expr];
  return (env) => {
    const from = whole(start(env), name);
    const size = whole(length(env), name);
    if (from < 0) throw new CommandError(34452, `${name}: starting index must be non-negative`);
    const s = textOrEmpty(input(env), name);
    if (name === '$substrCP')
      return codePoints(s)
        .slice(from, size < 0 ? undefined : from + size)
        .join('');
    return byteSlice(Buffer.from(s, 'utf8'), from, size < 0 ? Infinity : from + size, name);
  };
};

const indexOf: Operators[string] = (argument, compile, name) => {
  const [input, wanted, start, end] = operands(argument, compile, name, [2, 4]);
  return (env) => {
    const s = input?.(env);
    if (isNothing(s)) return null;
    const points =
      name === '$indexOfCP'
        ? codePoints(text(s, name))
        : [...Buffer.from(text(s, name)).toString('latin1')];
    const find =
      name === '$indexOfCP'
        ? text(wanted?.(env), name)
        : Buffer.from(text(wanted?.(env), name)).toString('latin1');
    const from = start ? whole(start(env), name) : 0;
    const to = end ? whole(end(env), name) : points.length;
    if (from < 0 || to < 0)
      throw new CommandError(40097, `${name} requires indexes of zero or more`);
    if (from > to || from > points.length) return -1;
    const at = points.slice(0, to).join('').indexOf(find, points.slice(0, from).join('').length);
    return at < 0 ? -1 : codePoints(points.join('').slice(0, at)).length;
  };
};

/** String operators. */
export const stringOperators: Operators = {
  $concat: variadic((list, name) => {
    let out = '';
    for (const v of list) {
      if (isNothing(v)) return null;
      out += text(v, name);
    }
    return out;
  }),
  $toLower: unary((v, name) => lower(textOrEmpty(v, name))),
  $toUpper: unary((v, name) => upper(textOrEmpty(v, name))),
  $strLenCP: unary((v, name) => codePoints(text(v, name)).length),
  $strLenBytes: unary((v, name) => Buffer.byteLength(text(v, name))),
  $strcasecmp: binary((a, b, name) =>
    Math.sign(compareText(upper(textOrEmpty(a, name)), upper(textOrEmpty(b, name)))),
  ),
  $split: binary((a, b, name) => {
    if (isNothing(a) || isNothing(b)) return null;
    if (b === '') throw new CommandError(40087, '$split requires a non-empty separator');
    return text(a, name).split(text(b, name));
  }),
  $substr: substring,
  $substrBytes: substring,
  $substrCP: substring,
  $indexOfCP: indexOf,
  $indexOfBytes: indexOf,
  $trim: trimmer('both'),
  $ltrim: trimmer('left'),
  $rtrim: trimmer('right'),
  $replaceOne: replacer(false),
  $replaceAll: replacer(true),
};
