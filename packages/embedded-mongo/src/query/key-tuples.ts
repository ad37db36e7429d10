import { UNDEFINED, type Doc, type Value } from '../values/types.ts';
import { arrayIndex, type Path } from './path.ts';

/** Two of the paths lead into arrays of their own: their values have no order. */
export class ParallelArrays extends Error {
  /** Which of the paths. */
  readonly places: readonly number[];

  constructor(places: readonly number[]) {
    super('parallel arrays');
    this.places = places;
  }
}

/** What a document has at several paths together. */
export interface KeyTuples {
  /** The value at each path; undefined where there is none. */
  readonly tuples: readonly (readonly (Value | undefined)[])[];
  /** True when an array gave them, be it a single one. */
  readonly multikey: boolean;
  /** True when there is anything at any of the paths, if only an empty array. */
  readonly present: boolean;
}

/** Where one path of a tuple has got to; a settled one has its value. */
interface Walk {
  readonly node: Value | undefined;
  readonly rest: Path;
  readonly settled: boolean;
}

/**
 * The tuples of values a document has at several paths together, as an index holds them and a sort
 * compares them: one for each element of an array that the paths share. An empty array at the end
 * of a path is the deprecated undefined, below null.
 * @throws ParallelArrays when two paths lead into arrays of their own
 */
export function keyTuples(doc: Doc, paths: readonly Path[]): KeyTuples {
  const found: Found = { tuples: [], multikey: false, present: false };
  expand(
    paths.map((rest) => ({ node: doc, rest, settled: false })),
    found,
  );
  return found;
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

interface Found {
  readonly tuples: (Value | undefined)[][];
  multikey: boolean;
  present: boolean;
}

function expand(walks: readonly Walk[], found: Found): void {
  const walked = walks.map(walk);
  const array = walked.find((w) => !w.settled)?.node;
  if (!Array.isArray(array)) {
    if (walked.some((w) => w.node !== undefined)) found.present = true;
    found.tuples.push(walked.map((w) => w.node));
    return;
  }
  const blocked = walked.flatMap((w, place) => (w.settled ? [] : place));
  if (blocked.some((place) => walked[place]?.node !== array)) throw new ParallelArrays(blocked);
  found.multikey = true;
  if (array.length === 0) {
    found.present = true;
    expand(
      walked.map((w) => (w.settled ? w : atEmptyArray(w))),
      found,
    );
    return;
  }
  for (const item of array) {
    expand(
      walked.map((w) => (w.settled ? w : intoElement(w, item))),
      found,
    );
  }
}

// An empty array has a place of its own, below null; a path into it is just missing.
const atEmptyArray = (w: Walk): Walk => ({
  ...w,
  node: w.rest.length > 0 ? undefined : UNDEFINED,
  settled: true,
});

function intoElement(w: Walk, item: Value): Walk {
  if (w.rest.length === 0) return { ...w, node: item, settled: true };
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
