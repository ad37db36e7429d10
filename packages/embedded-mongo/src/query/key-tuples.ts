import { badValue } from '../values/errors.ts';
import { UNDEFINED, type Doc, type Value } from '../values/types.ts';
import { arrayIndex, type Path } from './path.ts';

/** Where one path of a tuple has got to; a settled one has its value. */
interface Walk {
  readonly node: Value | undefined;
  readonly rest: Path;
  readonly settled: boolean;
}

/**
 * The tuples of values a document has at several paths together, as an index holds them: one for
 * each element of an array that the paths share. An empty array at the end of a path is the
 * deprecated undefined, below null; what is not there is null.
 * @throws CommandError 2 when two paths lead into arrays of their own
 */
export function keyTuples(doc: Doc, paths: readonly Path[]): Value[][] {
  const out: Value[][] = [];
  expand(
    paths.map((rest) => ({ node: doc, rest, settled: false })),
    out,
  );
  return out;
}

/** The value at a path when no array lies on it or at its end; `null` also for a missing one. */
export function plainValue(doc: Doc, path: Path): Value | Value[] {
  let node: Value | undefined = doc;
  for (const part of path) {
    if (Array.isArray(node)) return node;
    node = node instanceof Map ? node.get(part) : undefined;
  }
  return node ?? null;
}

function expand(walks: readonly Walk[], out: Value[][]): void {
  const walked = walks.map(walk);
  const blocked = walked.filter((w) => !w.settled);
  const array = blocked[0]?.node;
  if (!Array.isArray(array)) {
    out.push(walked.map((w) => w.node ?? null));
    return;
  }
  if (blocked.some((w) => w.node !== array))
    throw badValue('cannot sort with keys that are parallel arrays');
  const items: readonly (Value | undefined)[] = array.length > 0 ? array : [undefined];
  for (const item of items) {
    expand(
      walked.map((w) => (w.settled ? w : intoElement(w, item))),
      out,
    );
  }
}

// No item at all stands for the empty array.
function intoElement(w: Walk, item: Value | undefined): Walk {
  if (w.rest.length === 0) return { ...w, node: item ?? UNDEFINED, settled: true };
  return item instanceof Map ? { ...w, node: item } : { ...w, node: undefined, settled: true };
}

function walk(w: Walk): Walk {
  if (w.settled) return w;
  let { node, rest } = w;
  for (;;) {
    if (Array.isArray(node)) {
      const index = rest.length > 0 ? arrayIndex(rest[0] as string) : -1;
      if (index < 0 || index >= node.length) return { node, rest, settled: false };
      node = node[index];
      rest = rest.slice(1);
    } else if (rest.length === 0) return { node, rest, settled: true };
    else {
      node = node instanceof Map ? node.get(rest[0] as string) : undefined;
      if (node === undefined) return { node, rest, settled: true };
      rest = rest.slice(1);
    }
  }
}
