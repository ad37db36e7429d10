import { encodeKey } from '../values/encode-key.ts';
import { CommandError, failedToParse, typeMismatch, unknownField } from '../values/errors.ts';
import { isDoc, type Doc, type Value } from '../values/types.ts';
import { compileExpression } from '../expression/compile.ts';
import { splitPath, valueAt } from '../query/path.ts';
import { foldValue } from '../query/text-fold.ts';
import type { StageContext } from './stage.ts';

/** Documents of one partition with the values that name it, by path. */
export interface Partition {
  readonly names: readonly (readonly [string, Value | undefined])[];
  readonly docs: Doc[];
}

/** Spreads documents over partitions, in order of first sight. */
export type Partitioner = (docs: readonly Doc[]) => Partition[];

/**
 * Reads `partitionBy` (an expression) or `partitionByFields` (paths) of a stage.
 * @throws CommandError 6050204 when both are there, 14 on a wrong type
 */
export function partitioner(spec: Doc, context: StageContext): Partitioner {
  const by = spec.get('partitionBy');
  const fields = spec.get('partitionByFields');
  if (by !== undefined && fields !== undefined)
    throw new CommandError(
      6050204,
      "Maximum one of 'partitionBy' and 'partitionByFields' can be specified",
    );
  const paths = pathsOf(fields);
  const compute =
    by === undefined ? null : compileExpression(by, context.variables, context.collation);
  return (docs) => {
    const found = new Map<string, Partition>();
    for (const doc of docs) {
      const names = paths.map((path) => [path, valueAt(doc, splitPath(path))] as const);
      const values = compute ? [compute(doc) ?? null] : names.map(([, value]) => value ?? null);
      const key = encodeKey(foldValue(values, context.collation));
      let partition = found.get(key);
      if (!partition) found.set(key, (partition = { names, docs: [] }));
      partition.docs.push(doc);
    }
    return [...found.values()];
  };
}

function pathsOf(fields: Value | undefined): string[] {
  if (fields === undefined) return [];
  if (!Array.isArray(fields))
    throw typeMismatch("'partitionByFields' must be an array of field paths");
  return fields.map((path) => {
    if (typeof path !== 'string' || path === '' || path.startsWith('$'))
      throw typeMismatch("'partitionByFields' must hold field paths");
    return path;
  });
}

/** The options of a stage, all of them known. @throws CommandError 9/40415 */
export function optionsOf(spec: Value, name: string, known: readonly string[]): Doc {
  if (!isDoc(spec)) throw failedToParse(`the ${name} stage specification must be an object`);
  for (const field of spec.keys()) if (!known.includes(field)) throw unknownField(name, field);
  return spec;
}
