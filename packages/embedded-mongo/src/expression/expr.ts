import { CommandError, code, failedToParse } from '../values/errors.ts';
import { isDoc, type Doc, type Value } from '../values/types.ts';
import type { Collation } from '../query/text-fold.ts';

/** Values of `$$name` variables. */
export type Variables = ReadonlyMap<string, Value | undefined>;

/** What an expression is evaluated in. */
export interface Env {
  readonly root: Value | undefined;
  readonly variables: Variables;
  /** How text is compared; null is by its bytes. */
  readonly collation: Collation | null;
}

/** A compiled expression; `undefined` is "missing". */
export type Expr = (env: Env) => Value | undefined;

/** Compiles a part of an expression, with names of variables it may use in addition. */
export type Compile = (source: Value, extraVariables?: readonly string[]) => Expr;

/** A table of operators by name. */
export type Operators = Readonly<
  Record<string, (argument: Value, compile: Compile, name: string) => Expr>
>;

/** Operators MongoDB has and this engine refuses by name. */
export const REFUSED_OPERATORS: ReadonlySet<string> = new Set([
  '$function',
  '$accumulator',
  '$meta',
  '$toHashedIndexKey',
  '$sampleRate',
  '$encStrStartsWith',
]);

/** True for missing, null and undefined: what most operators answer with null. */
export const isNothing = (v: Value | undefined): v is undefined | null =>
  v === undefined || v === null || (typeof v === 'object' && 'kind' in v && v.kind === 'undefined');

/** Evaluates with a variable added. */
export const withVariables = (
  env: Env,
  added: readonly (readonly [string, Value | undefined])[],
): Env => ({
  ...env,
  variables: new Map([...env.variables, ...added]),
});

/** The arguments of an operator: an array is the list of them, anything else the only one. */
export function operands(
  argument: Value,
  compile: Compile,
  name: string,
  count: readonly [number, number],
): Expr[] {
  const list = Array.isArray(argument) ? argument : [argument];
  const [least, most] = count;
  if (list.length < least || list.length > most) {
    const wanted = least === most ? `exactly ${least}` : `at least ${least} and at most ${most}`;
    throw new CommandError(
      16020,
      `Expression ${name} takes ${wanted} arguments. ${list.length} were passed in.`,
    );
  }
  return list.map((item) => compile(item));
}

/** An operator of one argument. */
export const unary =
  (apply: (v: Value | undefined, name: string, env: Env) => Value | undefined): Operators[string] =>
  (argument, compile, name) => {
    const [only] = operands(argument, compile, name, [1, 1]) as [Expr];
    return (env) => apply(only(env), name, env);
  };

/** An operator of two arguments. */
export const binary =
  (
    apply: (
      a: Value | undefined,
      b: Value | undefined,
      name: string,
      env: Env,
    ) => Value | undefined,
  ): Operators[string] =>
  (argument, compile, name) => {
    const [a, b] = operands(argument, compile, name, [2, 2]) as [Expr, Expr];
    return (env) => apply(a(env), b(env), name, env);
  };

/** An operator of any number of arguments. */
export const variadic =
  (
    apply: (list: (Value | undefined)[], name: string, env: Env) => Value | undefined,
  ): Operators[string] =>
  (argument, compile, name) => {
    const list = operands(argument, compile, name, [0, 10_000]);
    return (env) =>
      apply(
        list.map((item) => item(env)),
        name,
        env,
      );
  };

/** The fields of an operator that takes a document, each compiled; unknown fields are refused. */
export function named<N extends string>(
  argument: Value,
  compile: Compile,
  name: string,
  fields: { readonly required: readonly N[]; readonly optional?: readonly N[] },
): Partial<Record<N, Expr>> & { readonly source: Doc } {
  if (!isDoc(argument)) throw failedToParse(`${name} requires an object as an argument`);
  const known: readonly string[] = [...fields.required, ...(fields.optional ?? [])];
  for (const field of argument.keys()) {
    if (!known.includes(field)) throw failedToParse(`Unrecognized parameter to ${name}: ${field}`);
  }
  const out: Partial<Record<string, Expr>> = {};
  for (const field of fields.required) {
    if (!argument.has(field)) throw failedToParse(`Missing '${field}' parameter to ${name}`);
  }
  for (const [field, value] of argument) out[field] = compile(value);
  return { ...(out as Partial<Record<N, Expr>>), source: argument };
}

// The codes by which MongoDB tells operators apart that were given a value of the wrong type.
const TYPE_ERRORS: ReadonlyMap<string, number> = new Map([
  ['$abs', 28765],
  ['$ceil', 28765],
  ['$floor', 28765],
  ['$sqrt', 28765],
  ['$exp', 28765],
  ['$ln', 28765],
  ['$log10', 28765],
  ['$bitNot', 28765],
  ['$round', 51081],
  ['$trunc', 51081],
  ['$mod', 16611],
  ['$pow', 28762],
  ['$concat', 16702],
  ['$toLower', 16007],
  ['$toUpper', 16007],
  ['$strcasecmp', 16007],
  ['$substr', 16007],
  ['$substrBytes', 16007],
  ['$substrCP', 16007],
  ['$strLenCP', 34471],
  ['$strLenBytes', 34473],
  ['$split', 40085],
  ['$indexOfBytes', 40091],
  ['$indexOfCP', 40093],
  ['$trim', 50699],
  ['$ltrim', 50699],
  ['$rtrim', 50699],
  ['$replaceOne', 51746],
  ['$replaceAll', 51746],
  ['$regexMatch', 51104],
  ['$regexFind', 51104],
  ['$regexFindAll', 51104],
  ['$size', 17124],
  ['$arrayElemAt', 28689],
  ['$first', 28689],
  ['$last', 28689],
  ['$slice', 28724],
  ['$concatArrays', 28664],
  ['$filter', 28651],
  ['$map', 16883],
  ['$reduce', 40080],
  ['$reverseArray', 34435],
  ['$indexOfArray', 40090],
  ['$range', 34443],
  ['$zip', 34468],
  ['$sortArray', 2942504],
  ['$in', 40081],
  ['$setUnion', 17043],
  ['$setIntersection', 17047],
  ['$setDifference', 17048],
  ['$setEquals', 17044],
  ['$setIsSubset', 17046],
  ['$allElementsTrue', 17040],
  ['$anyElementTrue', 17041],
  ['$objectToArray', 40390],
  ['$arrayToObject', 40386],
  ['$mergeObjects', 40400],
  ['$setField', 4161105],
  ['$unsetField', 4161105],
  ['$binarySize', 51276],
  ['$bsonSize', 31393],
  ['$tsSecond', 5687301],
  ['$tsIncrement', 5687302],
]);

/** An error about a value of the wrong type inside an expression. */
export const wrongType = (name: string, wanted: string, got: string): CommandError =>
  new CommandError(
    TYPE_ERRORS.get(name) ?? code.TypeMismatch,
    `${name} only supports ${wanted}, not ${got}`,
  );
