import { CommandError, code, failedToParse, notImplemented } from '../values/errors.ts';
import { show } from '../values/show.ts';
import { isDoc, type Doc, type Value } from '../values/types.ts';
import type { Collation } from '../query/text-fold.ts';
import { arrayOperators } from './arrays.ts';
import { arrayOrderOperators } from './array-order.ts';
import { arithmeticOperators } from './arithmetic.ts';
import { bitOperators } from './bits.ts';
import { conversionOperators } from './conversions.ts';
import { dateArithmeticOperators } from './date-arithmetic.ts';
import { dateFieldOperators } from './date-fields.ts';
import { dateTextOperators } from './date-text.ts';
import { fieldOperators } from './fields.ts';
import { logicOperators } from './logic.ts';
import { objectOperators } from './objects.ts';
import { powerOperators } from './powers.ts';
import { regexOperators } from './regex-find.ts';
import { roundingOperators } from './rounding.ts';
import { statisticsOperators } from './statistics.ts';
import { stringOperators } from './strings.ts';
import {
  REFUSED_OPERATORS,
  type Compile,
  type Env,
  type Expr,
  type Operators,
  type Variables,
} from './expr.ts';
import { setOperators } from './sets.ts';

export type { Env, Expr, Variables } from './expr.ts';

const OPERATORS: ReadonlyMap<string, Operators[string]> = new Map(
  [
    arithmeticOperators,
    arrayOperators,
    arrayOrderOperators,
    bitOperators,
    conversionOperators,
    dateArithmeticOperators,
    dateFieldOperators,
    dateTextOperators,
    fieldOperators,
    logicOperators,
    objectOperators,
    powerOperators,
    regexOperators,
    roundingOperators,
    setOperators,
    statisticsOperators,
    stringOperators,
  ].flatMap((table) => Object.entries(table)),
);

const BUILT_IN = new Set(['ROOT', 'CURRENT', 'REMOVE', 'NOW', 'CLUSTER_TIME']);
const MAX_EXPRESSION_DEPTH = 100;

/**
 * Compiles an aggregation expression to a function of a document; `undefined` is "missing".
 * @param variables values of `let` (and `NOW`) that `$$name` may read
 * @param collation how text is compared
 * @throws CommandError 168 on an unknown operator, 17276 on an unknown variable
 */
export function compileExpression(
  source: Value,
  variables: Variables,
  collation: Collation | null = null,
): (doc: Doc) => Value | undefined {
  const expr = compileExpr(source, new Set(variables.keys()));
  return (doc) => expr({ root: doc, variables, collation });
}

/** Compiles an expression whose variables are given later, with each document. */
export function compileExpr(source: Value, scope: ReadonlySet<string>, depth = 0): Expr {
  if (depth > MAX_EXPRESSION_DEPTH)
    throw failedToParse(`expressions are limited to ${MAX_EXPRESSION_DEPTH} levels`);
  const compile: Compile = (v, extra) =>
    compileExpr(v, extra ? new Set([...scope, ...extra]) : scope, depth + 1);
  if (typeof source === 'string') return compileText(source, scope);
  if (Array.isArray(source)) {
    const items = source.map((item) => compile(item));
    return (env) => items.map((item) => item(env) ?? null);
  }
  return isDoc(source) ? compileDoc(source, compile) : () => source;
}

function compileText(text: string, scope: ReadonlySet<string>): Expr {
  if (!text.startsWith('$')) return () => text;
  if (text === '$') throw new CommandError(16872, "'$' by itself is not a valid FieldPath");
  if (!text.startsWith('$$')) {
    const path = fieldPath(text.slice(1));
    return (env) => follow(env.root, path, 0);
  }
  const [name = '', ...path] = text.slice(2).split('.');
  if (!BUILT_IN.has(name) && !scope.has(name))
    throw new CommandError(17276, `Use of undefined variable: ${name}`);
  checkParts(path, text);
  if (name === 'ROOT' && scope.has(name)) return (env) => follow(env.variables.get(name), path, 0); // $redact reads inside of the root
  if (name === 'ROOT' || (name === 'CURRENT' && !scope.has(name)))
    return (env) => follow(env.root, path, 0);
  if (name === 'REMOVE') return () => undefined;
  return (env) => follow(env.variables.get(name), path, 0);
}

function fieldPath(text: string): string[] {
  const path = text.split('.');
  checkParts(path, text);
  return path;
}

function checkParts(path: readonly string[], text: string): void {
  if (path.length > 0 && path.at(-1) === '')
    throw new CommandError(40353, "FieldPath must not end with a '.'.");
  if (path.includes(''))
    throw new CommandError(15998, 'FieldPath field names may not be empty strings.');
  if (path.some((part) => part.startsWith('$')))
    throw new CommandError(
      16410,
      `FieldPath field names may not start with '$'. Consider using $getField or $setField. Found '${text}'`,
    );
}

/** Walks a field path as expressions do: an array on the way gives an array of what its documents have. */
export function follow(
  node: Value | undefined,
  path: readonly string[],
  at: number,
): Value | undefined {
  const part = path[at];
  if (part === undefined) return node;
  if (node instanceof Map) return follow(node.get(part), path, at + 1);
  if (!Array.isArray(node)) return undefined;
  const out: Value[] = [];
  for (const item of node) {
    // An array inside of the array is not looked into.
    const found = item instanceof Map ? follow(item, path, at) : undefined;
    if (found !== undefined) out.push(found);
  }
  return out;
}

function compileDoc(source: Doc, compile: Compile): Expr {
  const [first] = source.keys();
  if (first?.startsWith('$')) {
    if (source.size !== 1)
      throw new CommandError(
        15983,
        `an object representing an expression must have exactly one field: ${show(source)}`,
      );
    return compileOperator(first, source.get(first) as Value, compile);
  }
  const fields = [...source].map(([name, value]) => {
    if (name.includes('.'))
      throw new CommandError(16412, `FieldPath field names may not contain '.': '${name}'`);
    if (name.startsWith('$'))
      throw new CommandError(
        16410,
        `FieldPath field names may not start with '$'. Found '${name}'`,
      );
    return [name, compile(value)] as const;
  });
  return (env: Env) => {
    const out: Doc = new Map();
    for (const [name, expr] of fields) {
      const value = expr(env);
      if (value !== undefined) out.set(name, value);
    }
    return out;
  };
}

function compileOperator(name: string, argument: Value, compile: Compile): Expr {
  if (name === '$literal' || name === '$const') return () => argument;
  const operator = OPERATORS.get(name);
  if (operator) return operator(argument, compile, name);
  if (REFUSED_OPERATORS.has(name)) throw notImplemented(`the expression operator ${name}`);
  throw new CommandError(code.InvalidPipelineOperator, `Unrecognized expression '${name}'`);
}
