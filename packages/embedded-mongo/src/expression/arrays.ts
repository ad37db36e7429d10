import { CommandError, badValue, failedToParse } from '../values/errors.ts';
import { truthy } from '../values/make.ts';
import { INT32_MAX, INT32_MIN, toDouble } from '../values/number.ts';
import { isDoc, isNumber, typeName, type Value } from '../values/types.ts';
import { equal } from '../values/compare.ts';
import { foldValue } from '../query/text-fold.ts';
import {
  binary,
  isNothing,
  named,
  operands,
  unary,
  variadic,
  withVariables,
  wrongType,
  type Expr,
  type Operators,
} from './expr.ts';

const MAX_RANGE = 1_000_000;

function listOf(v: Value | undefined, name: string): Value[] {
  if (!Array.isArray(v)) throw wrongType(name, 'arrays', typeName(v));
  return v;
}

function whole(v: Value | undefined, name: string): number {
  const n = isNumber(v) ? toDouble(v) : Number.NaN;
  if (!Number.isInteger(n)) throw badValue(`${name} requires whole numbers, found ${typeName(v)}`);
  return n;
}

const element = (v: Value | undefined, at: number, name: string): Value | undefined => {
  if (isNothing(v)) return null;
  return listOf(v, name).at(at);
};

// The name of the element variable is part of the source, not an expression.
function variableName(argument: Value, name: string): string {
  const as = isDoc(argument) ? (argument.get('as') ?? 'this') : 'this';
  if (typeof as !== 'string') throw failedToParse(`${name}: 'as' must be a string`);
  return as;
}

const without = (argument: Value, field: string): Value =>
  isDoc(argument) ? new Map([...argument].filter(([key]) => key !== field)) : argument;

const filter: Operators[string] = (argument, compile, name) => {
  const as = variableName(argument, name);
  const fields = named(without(without(argument, 'as'), 'cond'), compile, name, {
    required: ['input'],
    optional: ['limit'],
  });
  const cond = compile(isDoc(argument) ? (argument.get('cond') ?? null) : null, [as]);
  return (env) => {
    const input = fields.input?.(env);
    if (isNothing(input)) return null;
    const most = fields.limit?.(env);
    const limit = isNothing(most) ? Infinity : whole(most, name);
    if (limit < 1)
      throw new CommandError(327391, `${name}: 'limit' must be greater than 0, found ${limit}`);
    const out: Value[] = [];
    for (const v of listOf(input, name)) {
      if (out.length >= limit) break;
      if (truthy(cond(withVariables(env, [[as, v]])))) out.push(v);
    }
    return out;
  };
};

const map: Operators[string] = (argument, compile, name) => {
  const as = variableName(argument, name);
  const fields = named(without(without(argument, 'as'), 'in'), compile, name, {
    required: ['input'],
  });
  const inner = compile(isDoc(argument) ? (argument.get('in') ?? null) : null, [as]);
  return (env) => {
    const input = fields.input?.(env);
    if (isNothing(input)) return null;
    return listOf(input, name).map((v) => inner(withVariables(env, [[as, v]])) ?? null);
  };
};

const reduce: Operators[string] = (argument, compile, name) => {
  const fields = named(without(argument, 'in'), compile, name, {
    required: ['input', 'initialValue'],
  });
  const inner = compile(isDoc(argument) ? (argument.get('in') ?? null) : null, ['value', 'this']);
  return (env) => {
    const input = fields.input?.(env);
    if (isNothing(input)) return null;
    let value = fields.initialValue?.(env);
    for (const v of listOf(input, name)) {
      value = inner(
        withVariables(env, [
          ['value', value],
          ['this', v],
        ]),
      );
    }
    return value;
  };
};

const slice: Operators[string] = (argument, compile, name) => {
  const [input, a, b] = operands(argument, compile, name, [2, 3]) as [Expr, Expr, Expr | undefined];
  return (env) => {
    const list = input(env);
    const start = a(env);
    const count = b ? b(env) : 1;
    if (isNothing(list) || isNothing(start) || isNothing(count)) return null;
    const first = whole(start, name);
    if (!b)
      return first >= 0 ? listOf(list, name).slice(0, first) : listOf(list, name).slice(first);
    const size = whole(count, name);
    if (size <= 0) throw new CommandError(28729, 'Third argument to $slice must be positive');
    const from = first >= 0 ? first : Math.max(0, listOf(list, name).length + first);
    return listOf(list, name).slice(from, from + size);
  };
};

// What $range counts are int32, so its ends are.
function place(v: Value | undefined, name: string): number {
  if (!isNumber(v)) throw wrongType(name, 'numbers', typeName(v));
  const n = toDouble(v);
  if (!Number.isInteger(n) || n > INT32_MAX || n < INT32_MIN)
    throw new CommandError(
      34444,
      `${name} requires values that can be represented as 32-bit integers, found ${n}`,
    );
  return n;
}

const range: Operators[string] = (argument, compile, name) => {
  const [start, end, step] = operands(argument, compile, name, [2, 3]) as [
    Expr,
    Expr,
    Expr | undefined,
  ];
  return (env) => {
    const from = place(start(env), name);
    const to = place(end(env), name);
    const by = step ? place(step(env), name) : 1;
    if (by === 0) throw new CommandError(34449, '$range requires a non-zero step value');
    const size = Math.max(0, Math.ceil((to - from) / by));
    if (size > MAX_RANGE) throw badValue(`$range would produce more than ${MAX_RANGE} values`);
    return Array.from({ length: size }, (_, i) => from + i * by);
  };
};

/** Array operators. */
export const arrayOperators: Operators = {
  $size: unary((v, name) => listOf(v, name).length),
  $isArray: unary((v) => Array.isArray(v)),
  $arrayElemAt: binary((v, at, name) => (isNothing(at) ? null : element(v, whole(at, name), name))),
  $first: unary((v, name) => element(v, 0, name)),
  $last: unary((v, name) => element(v, -1, name)),
  $concatArrays: variadic((list, name) =>
    list.some(isNothing) ? null : list.flatMap((v) => listOf(v, name)),
  ),
  $reverseArray: unary((v, name) => (isNothing(v) ? null : [...listOf(v, name)].reverse())),
  $indexOfArray: (argument, compile, name) => {
    const [input, wanted, start, end] = operands(argument, compile, name, [2, 4]);
    return (env) => {
      const list = input?.(env);
      if (isNothing(list)) return null;
      const { collation } = env;
      const find = foldValue(wanted?.(env) ?? null, collation);
      const from = start ? whole(start(env), name) : 0;
      if (from < 0) throw new CommandError(40097, `${name} requires indexes of zero or more`);
      const to = end ? whole(end(env), name) : Infinity;
      return listOf(list, name).findIndex(
        (v, i) => i >= from && i < to && equal(foldValue(v, collation), find),
      );
    };
  },
  $slice: slice,
  $range: range,
  $filter: filter,
  $map: map,
  $reduce: reduce,
};
