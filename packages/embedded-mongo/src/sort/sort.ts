import { compare } from '../values/compare.ts';
import { CommandError, badValue, code, notImplemented } from '../values/errors.ts';
import { toDouble } from '../values/number.ts';
import { isDoc, isNumber, type Doc, type Value } from '../values/types.ts';
import { keyTuples, plainValue } from '../query/key-tuples.ts';
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

/** Bytes of documents a sort may hold in memory; above it the command is refused (292). */
export const SORT_LIMIT_BYTES = 100 * 1024 * 1024;

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
  for (const tuple of keyTuples(doc, paths)) {
    const key = tuple.map((v) => foldValue(v, collation));
    if (best === undefined || compareKeys(spec, key, best) < 0) best = key;
  }
  return best ?? [];
}

/** Orders two sort keys. */
export function compareKeys(spec: SortSpec, a: readonly Value[], b: readonly Value[]): number {
  for (const [i, { descending }] of spec.entries()) {
    const c = compare(a[i] ?? null, b[i] ?? null);
    if (c !== 0) return descending ? -c : c;
  }
  return 0;
}

/** Collects items and gives them back in order; with a bound it keeps only the first so many. */
export class Sorter<Item> {
  private readonly spec: SortSpec;
  private readonly keep: number;
  private rows: { readonly key: readonly Value[]; readonly item: Item }[] = [];
  private bytes = 0;

  constructor(spec: SortSpec, keep = Infinity) {
    this.spec = spec;
    this.keep = keep;
  }

  /** @throws CommandError 292 above the memory limit */
  add(key: readonly Value[], item: Item, bytes: number): void {
    this.rows.push({ key, item });
    this.bytes += bytes;
    if (this.rows.length > this.keep * 2 + 1000) this.cut();
    if (this.bytes > SORT_LIMIT_BYTES) {
      throw new CommandError(
        code.QueryExceededMemoryLimit,
        `Sort exceeded memory limit of ${SORT_LIMIT_BYTES} bytes, but did not opt in to external sorting.`,
      );
    }
  }

  done(): Item[] {
    this.cut();
    return this.rows.map((row) => row.item);
  }

  private cut(): void {
    this.rows.sort((a, b) => compareKeys(this.spec, a.key, b.key));
    if (this.rows.length <= this.keep) return;
    this.bytes *= this.keep / this.rows.length;
    this.rows.length = this.keep;
  }
}
