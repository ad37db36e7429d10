import { CommandError } from '../values/errors.ts';
import type { Doc, Value } from '../values/types.ts';

/** A set of field paths as a tree; a leaf says what happens to its field. */
export interface Tree<Leaf> {
  readonly children: Map<string, Tree<Leaf>>;
  leaf?: Leaf;
}

/** A tree without paths. */
export const emptyTree = <Leaf>(): Tree<Leaf> => ({ children: new Map() });

/**
 * Adds a path to a tree.
 * @throws CommandError 31249 when the path is a prefix of another one, 31250 when another is of it
 */
export function addPath<Leaf>(tree: Tree<Leaf>, path: readonly string[], leaf: Leaf): void {
  let node = tree;
  for (const [at, part] of path.entries()) {
    if (node.leaf !== undefined)
      throw new CommandError(
        31250,
        `Path collision at ${path.join('.')} remaining portion ${path.slice(at).join('.')}`,
      );
    let next = node.children.get(part);
    if (!next) node.children.set(part, (next = emptyTree()));
    node = next;
  }
  if (node.leaf !== undefined || node.children.size > 0)
    throw new CommandError(31249, `Path collision at ${path.join('.')}`);
  node.leaf = leaf;
}

/** Makes the nodes of a path, so that documents and arrays on it are kept without their fields. */
export function reach<Leaf>(tree: Tree<Leaf>, path: readonly string[]): void {
  let node = tree;
  for (const part of path) {
    if (node.leaf !== undefined) return;
    let next = node.children.get(part);
    if (!next) node.children.set(part, (next = emptyTree()));
    node = next;
  }
}

/** Keeps only the fields of the tree. */
export function include(v: Doc, tree: Tree<unknown>): Doc {
  const out: Doc = new Map();
  for (const [name, value] of v) {
    const node = tree.children.get(name);
    if (!node) continue;
    if (node.leaf !== undefined) out.set(name, value);
    else {
      const kept = includeValue(value, node);
      if (kept !== undefined) out.set(name, kept);
    }
  }
  return out;
}

function includeValue(v: Value, tree: Tree<unknown>): Value | undefined {
  if (v instanceof Map) return include(v, tree);
  if (!Array.isArray(v)) return undefined;
  return v.flatMap((item) => {
    const kept = includeValue(item, tree);
    return kept === undefined ? [] : [kept];
  });
}

/** Leaves out the fields of the tree. */
export function exclude(v: Doc, tree: Tree<unknown>): Doc {
  const out: Doc = new Map();
  for (const [name, value] of v) {
    const node = tree.children.get(name);
    if (!node) out.set(name, value);
    else if (node.leaf === undefined) out.set(name, excludeValue(value, node));
  }
  return out;
}

function excludeValue(v: Value, tree: Tree<unknown>): Value {
  if (v instanceof Map) return exclude(v, tree);
  return Array.isArray(v) ? v.map((item) => excludeValue(item, tree)) : v;
}

/** Sets computed fields; inside arrays every document gets them, and what is no document becomes one. */
export function assign(
  v: Value | undefined,
  tree: Tree<() => Value | undefined>,
): Value | undefined {
  if (tree.leaf) return tree.leaf();
  if (Array.isArray(v)) return v.map((item) => assign(item, tree) ?? null);
  const out: Doc = v instanceof Map ? new Map(v) : new Map();
  for (const [name, node] of tree.children) {
    const value = assign(out.get(name), node);
    if (value === undefined) out.delete(name);
    else out.set(name, value);
  }
  return out;
}
