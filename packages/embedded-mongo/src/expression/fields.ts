import { CommandError, code } from '../values/errors.ts';
import { isDoc, typeName, type Doc, type Value } from '../values/types.ts';
import { isNothing, named, wrongType, type Compile, type Expr, type Operators } from './expr.ts';

/** The name of a field, which is a constant: a text, or a `$literal` of one. */
function constantName(v: Value | undefined, name: string): string {
  const literal = isDoc(v) && v.size === 1 ? (v.get('$literal') ?? v.get('$const')) : undefined;
  const field = literal ?? v;
  if (typeof field !== 'string')
    throw new CommandError(
      5654602,
      `${name} requires 'field' to evaluate to type String, but got ${typeName(field)}`,
    );
  if (literal === undefined && field.startsWith('$'))
    throw new CommandError(
      5654600,
      `A field path reference which is not allowed in this context. Did you mean {$literal: '${field}'}?`,
    );
  return field;
}

const without = (argument: Value, field: string): Value =>
  isDoc(argument) ? new Map([...argument].filter(([key]) => key !== field)) : argument;

function getField(argument: Value, compile: Compile, name: string): Expr {
  const long = isDoc(argument) && argument.has('field');
  const field = constantName(long ? argument.get('field') : argument, name);
  const input = long
    ? named(without(argument, 'field'), compile, name, { required: [], optional: ['input'] })
    : null;
  if (long && !argument.has('input'))
    throw new CommandError(code.FailedToParse, `${name} requires 'input' to be specified`);
  return (env) => {
    const source = input?.input ? input.input(env) : env.root;
    if (isNothing(source)) return source === undefined ? undefined : null;
    return isDoc(source) ? source.get(field) : undefined;
  };
}

function changed(
  argument: Value,
  compile: Compile,
  name: string,
  parts: readonly ('input' | 'value')[],
): Expr {
  const field = constantName(isDoc(argument) ? argument.get('field') : undefined, name);
  const fields = named(without(argument, 'field'), compile, name, { required: parts });
  return (env) => {
    const input = fields.input?.(env);
    if (isNothing(input)) return null;
    if (!isDoc(input)) throw wrongType(name, 'objects', typeName(input));
    const out: Doc = new Map(input);
    const value = fields.value?.(env);
    if (value === undefined) out.delete(field);
    else out.set(field, value);
    return out;
  };
}

/** Operators for one field by its name, which may hold dots and dollars. */
export const fieldOperators: Operators = {
  $getField: getField,
  $setField: (argument, compile, name) => changed(argument, compile, name, ['input', 'value']),
  $unsetField: (argument, compile, name) => changed(argument, compile, name, ['input']),
};
