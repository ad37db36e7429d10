import { compare } from '../values/compare.ts';
import { CommandError } from '../values/errors.ts';
import { truthy } from '../values/make.ts';
import { foldValue, type Collation } from '../query/text-fold.ts';
import { isDoc, UNDEFINED, type Value } from '../values/types.ts';
import {
  binary,
  isNothing,
  named,
  operands,
  unary,
  variadic,
  type Expr,
  type Operators,
} from './expr.ts';

// A missing value sorts below null in expressions, as deprecated undefined does.
const order = (a: Value | undefined, b: Value | undefined, collation: Collation | null): number =>
  compare(foldValue(a ?? missing(a), collation), foldValue(b ?? missing(b), collation));
const missing = (v: Value | undefined): Value => (v === null ? null : UNDEFINED);

function condParts(
  argument: Value,
  compile: Parameters<Operators[string]>[1],
  name: string,
): [Expr, Expr, Expr] {
  if (Array.isArray(argument))
    return operands(argument, compile, name, [3, 3]) as [Expr, Expr, Expr];
  const fields = named(argument, compile, name, { required: ['if', 'then', 'else'] });
  return [fields.if, fields.then, fields.else] as [Expr, Expr, Expr];
}

/** Comparison, boolean and conditional operators. */
export const logicOperators: Operators = {
  $eq: binary((a, b, _, { collation }) => order(a, b, collation) === 0),
  $ne: binary((a, b, _, { collation }) => order(a, b, collation) !== 0),
  $gt: binary((a, b, _, { collation }) => order(a, b, collation) > 0),
  $gte: binary((a, b, _, { collation }) => order(a, b, collation) >= 0),
  $lt: binary((a, b, _, { collation }) => order(a, b, collation) < 0),
  $lte: binary((a, b, _, { collation }) => order(a, b, collation) <= 0),
  $cmp: binary((a, b, _, { collation }) => Math.sign(order(a, b, collation))),
  $not: unary((v) => !truthy(v)),
  $and: (argument, compile, name) => {
    const list = operands(argument, compile, name, [0, 10_000]);
    return (env) => list.every((item) => truthy(item(env)));
  },
  $or: (argument, compile, name) => {
    const list = operands(argument, compile, name, [0, 10_000]);
    return (env) => list.some((item) => truthy(item(env)));
  },
  $cond: (argument, compile, name) => {
    const [test, then, otherwise] = condParts(argument, compile, name);
    return (env) => (truthy(test(env)) ? then(env) : otherwise(env));
  },
  $ifNull: (argument, compile, name) => {
    const list = operands(argument, compile, name, [2, 10_000]);
    return (env) => {
      let value: Value | undefined;
      for (const item of list) {
        value = item(env);
        if (!isNothing(value)) return value;
      }
      return value;
    };
  },
  $switch: (argument, compile, name) => {
    if (!isDoc(argument) || !Array.isArray(argument.get('branches')))
      throw new CommandError(40061, `${name} expected an array for 'branches'`);
    if ((argument.get('branches') as Value[]).length === 0)
      throw new CommandError(40068, `${name} requires at least one branch.`);
    for (const field of argument.keys()) {
      if (field !== 'branches' && field !== 'default')
        throw new CommandError(40067, `${name} found an unknown argument: ${field}`);
    }
    const branches = (argument.get('branches') as Value[]).map((branch) => {
      const fields = named(branch, compile, `${name} branch`, { required: ['case', 'then'] });
      return [fields.case, fields.then] as [Expr, Expr];
    });
    const fallback = argument.get('default');
    const otherwise = fallback === undefined ? null : compile(fallback);
    return (env) => {
      for (const [test, then] of branches) if (truthy(test(env))) return then(env);
      if (!otherwise)
        throw new CommandError(
          40066,
          `${name} could not find a matching branch for an input, and no default was specified.`,
        );
      return otherwise(env);
    };
  },
  $max: variadic((list, _, { collation }) => extreme(list, 1, collation)),
  $min: variadic((list, _, { collation }) => extreme(list, -1, collation)),
};

/** The largest (`way` 1) or smallest (-1) value that is not null or missing; one array is looked into. */
export function extreme(
  list: readonly (Value | undefined)[],
  way: 1 | -1,
  collation: Collation | null,
): Value {
  const only = list.length === 1 ? list[0] : undefined;
  const values = Array.isArray(only) ? only : list;
  let best: Value | undefined;
  for (const v of values) {
    if (isNothing(v)) continue;
    if (best === undefined || order(v, best, collation) * way > 0) best = v;
  }
  return best ?? null;
}
