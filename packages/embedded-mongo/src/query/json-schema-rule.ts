import { failedToParse, typeMismatch } from '../values/errors.ts';
import { isDoc, typeName, type Doc, type Value } from '../values/types.ts';

/** The keyword a value failed and the path it failed at, or null when it is fine. */
export type SchemaCheck = (
  v: Value,
) => { readonly keyword: string; readonly path: string; readonly value: Value } | null;

/** A check of a value at a path. */
export type Rule = (v: Value, path: string) => ReturnType<SchemaCheck>;

/** The rule of one keyword from a test of values. */
export const check =
  (keyword: string, holds: (v: Value) => boolean): Rule =>
  (v, path) =>
    holds(v) ? null : { keyword, path, value: v };

/** A field below a path. */
export const join = (path: string, name: string): string =>
  path === '' ? name : `${path}.${name}`;

/** An operand that is a list of something. @throws CommandError 14/9 */
export function listOf(keyword: string, operand: Value): Value[] {
  if (!Array.isArray(operand))
    throw typeMismatch(
      `$jsonSchema keyword '${keyword}' must be an array, but found an element of type ${typeName(operand)}`,
    );
  if (operand.length === 0)
    throw failedToParse(`$jsonSchema keyword '${keyword}' cannot be an empty array`);
  return operand;
}

/** An operand that is a list of different texts. @throws CommandError 14/9 */
export function textsOf(keyword: string, operand: Value): string[] {
  const names = listOf(keyword, operand).map((name) => {
    if (typeof name !== 'string')
      throw typeMismatch(
        `$jsonSchema keyword '${keyword}' must be an array of strings, but found an element of type: ${typeName(name)}`,
      );
    return name;
  });
  if (new Set(names).size < names.length)
    throw failedToParse(`$jsonSchema keyword '${keyword}' array cannot contain duplicate values`);
  return names;
}

/** An operand that is a document. @throws CommandError 14 */
export function docOf(keyword: string, operand: Value): Doc {
  if (!isDoc(operand))
    throw typeMismatch(
      `$jsonSchema keyword '${keyword}' must be an object, but found an element of type ${typeName(operand)}`,
    );
  return operand;
}
