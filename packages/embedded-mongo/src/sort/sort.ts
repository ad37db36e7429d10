import { compare } from '../values/compare.ts';
import { CommandError, badValue, notImplemented } from '../values/errors.ts';
import { toDouble } from '../values/number.ts';
import { isDoc, isNumber, type Doc, type Value } from '../values/types.ts';
import { keyTuples, ParallelArrays, plainValue, type KeyTuples } from '../query/key-tuples.ts';
import { headOf, splitPath, type Path } from '../query/path.ts';
import { foldValue, type Collation } from '../query/text-fold.ts';

/** One field of a sort. */
export interface SortField {
  readonly field: string;
  readonly path: Path;
  readonly descending: boolean;
}

/** A sort, most significant field first. */
export type SortSpec = readonly SortField[];

/**
 * Reads a sort document; `{$natural: …}` is the caller's.
 * @throws CommandError 2 on a direction that is not 1 or -1
 */
export function parseSort(v: Value | undefined): SortSpec | null {
  if (v === undefined || v === null) return null;
  if (!isDoc(v)) throw badValue('the sort must be a document');
  if (v.size === 0 || v.has('$natural')) return null;
  return [...v].map(([field, direction]) => {
    if (isDoc(direction)) throw notImplemented('a $meta sort');
    const way = isNumber(direction) ? toDouble(direction) : 0;
    if (way !== 1 && way !== -1)
      throw badValue(
        `$sort key ordering must be 1 (for ascending) or -1 (for descending): ${field}`,
      );
    if (field === '' || field.startsWith('$'))
      throw new CommandError(16410, `FieldPath field names may not start with '$': '${field}'`);
    return { field, path: splitPath(field), descending: way < 0 };
  });
}

/** The top-level fields a sort reads. */
export const sortFields = (spec: SortSpec): string[] => spec.map(({ field }) => headOf(field));

/**
 * The values a document is sorted by. Of the elements of an array the tuple that comes first
 * counts, fields together, as in an index over them.
 * @throws CommandError 2 when two fields lead into arrays of their own
 */
export function sortKey(spec: SortSpec, doc: Doc, collation: Collation | null): Value[] {
  const plain = spec.map(({ path }) => plainValue(doc, path));
  if (!plain.some((v) => Array.isArray(v))) return plain.map((v) => foldValue(v, collation));
  const paths = spec.map(({ path }) => path);
  let best: Value[] | undefined;
  for (const tuple of tuplesAt(doc, paths)) {
    const key = tuple.map((v) => foldValue(v ?? null, collation));
    if (best === undefined || compareKeys(spec, key, best) < 0) best = key;
  }
  return best ?? [];
}

function tuplesAt(doc: Doc, paths: readonly Path[]): KeyTuples['tuples'] {
  try {
    return keyTuples(doc, paths).tuples;
  } catch (error) {
    if (!(error instanceof ParallelArrays)) throw error;
    throw badValue('cannot sort with keys that are parallel arrays');
  }
}

/** Orders two sort keys. */
export function compareKeys(spec: SortSpec, a: readonly Value[], b: readonly Value[]): number {
  for (const [i, { descending }] of spec.entries()) {
    const c = compare(a[i] ?? null, b[i] ?? null);
    if (c !== 0) return descending ? -c : c;
  }
  return 0;
}
