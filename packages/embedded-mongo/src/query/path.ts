import type { Doc, Value } from '../values/types.ts';

/** A field path such as `a.b.0`, split once. */
export type Path = readonly string[];

/** Splits a dotted path. */
export const splitPath = (path: string): Path => path.split('.');

/** The array position a path part may stand for, or -1. */
export function arrayIndex(part: string): number {
  if (part.length === 0 || part.length > 8) return -1;
  for (let i = 0; i < part.length; i++) {
    const unit = part.charCodeAt(i);
    if (unit < 48 || unit > 57) return -1;
  }
  return part.length > 1 && part.charCodeAt(0) === 48 ? -1 : Number(part);
}

/** Whether the last array of a path is looked into, or only taken as a whole. */
export type Leaf = 'elements' | 'whole';

/**
 * True when some value at the path passes the test. Arrays on the way are looked into, elements
 * that are no documents offer nothing there, and a field that is not there is tested as `undefined`.
 */
export function anyAt(
  node: Value | undefined,
  path: Path,
  test: (v: Value | undefined) => boolean,
  leaf: Leaf = 'elements',
  at = 0,
): boolean {
  const part = path[at];
  if (part === undefined) return atLeaf(node, test, leaf);
  if (node instanceof Map) return anyAt(node.get(part), path, test, leaf, at + 1);
  if (!Array.isArray(node)) return test(undefined);
  for (const item of node) {
    if (item instanceof Map && anyAt(item, path, test, leaf, at)) return true;
  }
  const index = arrayIndex(part);
  return index >= 0 && index < node.length && anyAt(node[index], path, test, leaf, at + 1);
}

function atLeaf(
  node: Value | undefined,
  test: (v: Value | undefined) => boolean,
  leaf: Leaf,
): boolean {
  if (leaf === 'elements' && Array.isArray(node)) {
    for (const item of node) if (test(item)) return true;
  }
  return test(node);
}

/** Every value at a path as `distinct` and sort see them: arrays at the end give their elements. */
export function valuesAt(
  node: Value | undefined,
  path: Path,
  at = 0,
  out: (Value | undefined)[] = [],
): (Value | undefined)[] {
  const part = path[at];
  if (part === undefined) {
    if (Array.isArray(node)) out.push(...node);
    else out.push(node);
    return out;
  }
  if (node instanceof Map) return valuesAt(node.get(part), path, at + 1, out);
  if (!Array.isArray(node)) {
    out.push(undefined);
    return out;
  }
  const index = arrayIndex(part);
  if (index >= 0 && index < node.length) valuesAt(node[index], path, at + 1, out);
  for (const item of node) if (item instanceof Map) valuesAt(item, path, at, out);
  return out;
}

/** The one value at a path without looking into arrays (a numeric part may pick an element). */
export function valueAt(node: Value | undefined, path: Path): Value | undefined {
  let current = node;
  for (const part of path) {
    if (current instanceof Map) current = current.get(part);
    else if (Array.isArray(current)) current = current[arrayIndex(part)];
    else return undefined;
  }
  return current;
}

/** The top-level field of a dotted path. */
export const headOf = (path: string): string => {
  const dot = path.indexOf('.');
  return dot < 0 ? path : path.slice(0, dot);
};

/** The document's `_id`; every stored document has one. */
export const idOf = (doc: Doc): Value => doc.get('_id') ?? null;
