import { compare } from '../values/compare.ts';
import { CommandError, badValue } from '../values/errors.ts';
import { toDouble } from '../values/number.ts';
import { isDoc, isNumber, typeName, type Value } from '../values/types.ts';
import { foldValue, type Collation } from '../query/text-fold.ts';
import { compareKeys, parseSort, sortKey } from '../sort/sort.ts';
import {
  isNothing,
  named,
  wrongType,
  type Compile,
  type Env,
  type Expr,
  type Operators,
} from './expr.ts';

/** How many items `$firstN` and its kin ask for. @throws CommandError 5787902/5787903/5787908 */
export function countOf(n: Value | undefined): number {
  if (!isNumber(n))
    throw new CommandError(
      5787902,
      `Value for 'n' must be of integral type, but found ${typeName(n)}`,
    );
  const count = toDouble(n);
  if (!Number.isInteger(count))
    throw new CommandError(5787903, `Value for 'n' must be of integral type, but found ${count}`);
  if (count < 1) throw new CommandError(5787908, `'n' must be greater than 0, found ${count}`);
  return count;
}

/** The `n` smallest (`way` -1) or largest (1) values, in that order; null and missing do not count. */
export const bestOf = (
  list: readonly (Value | undefined)[],
  n: number,
  by: { readonly way: 1 | -1; readonly collation: Collation | null },
): Value[] =>
  list
    .filter((v) => !isNothing(v))
    .sort((a, b) => compare(foldValue(a, by.collation), foldValue(b, by.collation)) * -by.way)
    .slice(0, n);

const some =
  (take: (list: Value[], n: number, env: Env) => Value[]): Operators[string] =>
  (argument, compile, name) => {
    const fields = named(argument, compile, name, { required: ['n', 'input'] });
    return (env) => {
      const n = countOf(fields.n?.(env));
      const input = fields.input?.(env);
      if (!Array.isArray(input)) throw new CommandError(5788200, 'Input must be an array');
      return take(input, n, env);
    };
  };

function sortArray(argument: Value, compile: Compile, name: string): Expr {
  const by = isDoc(argument) ? argument.get('sortBy') : undefined;
  const rest = isDoc(argument)
    ? new Map([...argument].filter(([field]) => field !== 'sortBy'))
    : argument;
  const fields = named(rest, compile, name, { required: ['input'] });
  const order = orderOf(by);
  return (env) => {
    const input = fields.input?.(env);
    if (isNothing(input)) return null;
    if (!Array.isArray(input)) throw wrongType(name, 'arrays', typeName(input));
    return [...input].sort(order(env.collation));
  };
}

/** The order a `sortBy` asks for: 1 or -1 compares whole values, a document compares fields. */
function orderOf(
  by: Value | undefined,
): (collation: Collation | null) => (a: Value, b: Value) => number {
  if (isNumber(by)) {
    const way = toDouble(by);
    if (way !== 1 && way !== -1)
      throw badValue('$sort key ordering must be 1 (for ascending) or -1 (for descending)');
    return (collation) => (a, b) => compare(foldValue(a, collation), foldValue(b, collation)) * way;
  }
  const spec = isDoc(by) ? parseSort(by) : null;
  if (!spec)
    throw new CommandError(2942507, "$sortArray requires 'sortBy' to be 1, -1 or a sort pattern");
  return (collation) => {
    const key = (v: Value): Value[] => sortKey(spec, isDoc(v) ? v : new Map(), collation);
    return (a, b) => compareKeys(spec, key(a), key(b));
  };
}

function zip(argument: Value, compile: Compile, name: string): Expr {
  if (!isDoc(argument))
    throw new CommandError(34460, `$zip only supports an object as an argument`);
  for (const field of argument.keys()) {
    if (!['inputs', 'defaults', 'useLongestLength'].includes(field))
      throw new CommandError(34464, `$zip found an unknown argument: ${field}`);
  }
  const inputs = argument.get('inputs');
  const defaults = argument.get('defaults');
  const longest = argument.get('useLongestLength') ?? false;
  if (!Array.isArray(inputs))
    throw new CommandError(34461, 'inputs must be an array of expressions');
  if (inputs.length === 0) throw new CommandError(34465, '$zip requires at least one input array');
  if (defaults !== undefined && !Array.isArray(defaults))
    throw new CommandError(34462, 'defaults must be an array of expressions');
  if (typeof longest !== 'boolean')
    throw new CommandError(34463, 'useLongestLength must be a bool');
  if (defaults && !longest)
    throw new CommandError(34466, 'cannot specify defaults unless useLongestLength is true');
  if (defaults && defaults.length !== inputs.length)
    throw new CommandError(34467, 'defaults and inputs must have the same length');
  const lists = inputs.map((item) => compile(item));
  const fill = defaults?.map((item) => compile(item)) ?? [];
  return (env) => {
    const values = lists.map((list) => list(env));
    if (values.some(isNothing)) return null;
    const arrays = values.map((v) => {
      if (!Array.isArray(v)) throw wrongType(name, 'arrays', typeName(v));
      return v;
    });
    const lengths = arrays.map((list) => list.length);
    const size = longest ? Math.max(...lengths) : Math.min(...lengths);
    const absent = fill.map((item) => item(env) ?? null);
    return Array.from({ length: size }, (_, at) =>
      arrays.map((list, i) => list[at] ?? absent[i] ?? null),
    );
  };
}

/** Operators that order arrays, take some of their items or put arrays side by side. */
export const arrayOrderOperators: Operators = {
  $firstN: some((list, n) => list.slice(0, n)),
  $lastN: some((list, n) => list.slice(-n)),
  $maxN: some((list, n, { collation }) => bestOf(list, n, { way: 1, collation })),
  $minN: some((list, n, { collation }) => bestOf(list, n, { way: -1, collation })),
  $sortArray: sortArray,
  $zip: zip,
};
