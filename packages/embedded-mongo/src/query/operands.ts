import { badValue } from '../values/errors.ts';
import { toDouble } from '../values/number.ts';
import { Regex, isDoc, isNumber, typesOfAlias, type Doc, type Value } from '../values/types.ts';

/** True for a document of operators, such as `{$gt: 5}`. */
export const isOperatorDoc = (v: Value): v is Doc => {
  if (!isDoc(v)) return false;
  const first = v.keys().next().value;
  return (
    first !== undefined &&
    first.startsWith('$') &&
    first !== '$ref' &&
    first !== '$id' &&
    first !== '$db'
  );
};

/** The expression of `$regex` with its `$options`. */
export function regexOf(pattern: Value, options: Value | undefined): Regex {
  if (options !== undefined && typeof options !== 'string')
    throw badValue('$options has to be a string');
  if (pattern instanceof Regex) return new Regex(pattern.pattern, options ?? pattern.options);
  if (typeof pattern !== 'string') throw badValue('$regex has to be a string');
  return new Regex(pattern, options ?? '');
}

/** The list of `$in` and `$nin`. */
export function listOf(op: string, operand: Value): Value[] {
  if (!Array.isArray(operand)) throw badValue(`${op} needs an array`);
  if (operand.some(isOperatorDoc)) throw badValue(`cannot nest $ under ${op}`);
  return operand;
}

/** The type bytes that `$type` asks for. */
export function typeSet(operand: Value): Set<number> {
  const wanted = Array.isArray(operand) ? operand : [operand];
  const out = new Set<number>();
  for (const alias of wanted) {
    const key = typeof alias === 'string' ? alias : isNumber(alias) ? toDouble(alias) : null;
    const types = key === null ? null : typesOfAlias(key);
    if (!types) throw badValue(`Unknown type name alias: ${String(key)}`);
    for (const type of types) out.add(type);
  }
  return out;
}
