import { encode } from '../values/encode.ts';
import { CommandError, failedToParse } from '../values/errors.ts';
import { Binary, Double, isDoc, typeName, type Doc, type Value } from '../values/types.ts';
import { isNothing, unary, variadic, withVariables, wrongType, type Operators } from './expr.ts';

function fromPairs(v: Value | undefined, name: string): Value {
  if (isNothing(v)) return null;
  if (!Array.isArray(v)) throw wrongType(name, 'arrays', typeName(v));
  const out: Doc = new Map();
  for (const pair of v) {
    const key = isDoc(pair) ? pair.get('k') : Array.isArray(pair) ? pair[0] : undefined;
    const value = isDoc(pair) ? pair.get('v') : Array.isArray(pair) ? pair[1] : undefined;
    if (typeof key !== 'string' || value === undefined)
      throw new CommandError(40398, `${name} needs pairs of a string and a value`);
    out.set(key, value);
  }
  return out;
}

/** Operators over documents and variables. */
export const objectOperators: Operators = {
  $mergeObjects: variadic((list, name) => {
    const only = list.length === 1 ? list[0] : undefined;
    const out: Doc = new Map();
    for (const v of Array.isArray(only) ? only : list) {
      if (isNothing(v)) continue;
      if (!isDoc(v)) throw wrongType(name, 'objects', typeName(v));
      for (const [key, value] of v) out.set(key, value);
    }
    return out;
  }),
  $objectToArray: unary((v, name) => {
    if (isNothing(v)) return null;
    if (!isDoc(v)) throw wrongType(name, 'objects', typeName(v));
    return [...v].map(
      ([k, value]) =>
        new Map<string, Value>([
          ['k', k],
          ['v', value],
        ]),
    );
  }),
  $arrayToObject: unary(fromPairs),
  $let: (argument, compile, name) => {
    if (!isDoc(argument) || !isDoc(argument.get('vars')) || !argument.has('in'))
      throw failedToParse(`${name} requires 'vars' and 'in'`);
    const vars = [...(argument.get('vars') as Doc)].map(
      ([key, value]) => [key, compile(value)] as const,
    );
    const inner = compile(
      argument.get('in') as Value,
      vars.map(([key]) => key),
    );
    return (env) =>
      inner(
        withVariables(
          env,
          vars.map(([key, expr]) => [key, expr(env)] as const),
        ),
      );
  },
  $rand: () => () => new Double(Math.random()),
  $bsonSize: unary((v, name) => {
    if (isNothing(v)) return null;
    if (!isDoc(v)) throw wrongType(name, 'objects', typeName(v));
    return encode(v).length;
  }),
  $binarySize: unary((v, name) => {
    if (isNothing(v)) return null;
    if (typeof v === 'string') return Buffer.byteLength(v);
    if (v instanceof Binary) return v.bytes.length;
    throw wrongType(name, 'strings and binData', typeName(v));
  }),
};
