import { conjuncts, type Leaf, type Matcher, type Node } from '../query/matcher.ts';
import { splitPath, valueAt, type Path } from '../query/path.ts';
import type { Doc, Value } from '../values/types.ts';

/**
 * Finds which element of an array the filter matched: what `$` stands for in projections and
 * updates. Conditions on the array itself decide; without one, MongoDB takes the element another
 * array was matched by. The answer is -1 when no condition speaks of any array.
 */
export function positional(filter: Matcher, field: string): (doc: Doc) => number {
  const nodes = conjuncts(filter.root).flatMap((node) =>
    node.or ? node.or.flatMap((child) => conjuncts(child)) : [node],
  );
  const leaves = nodes.filter((node): node is LeafNode => node.leaf !== undefined && counts(node));
  const path = splitPath(field);
  const own = leaves.filter(({ leaf }) => leaf.path === field || leaf.path.startsWith(`${field}.`));
  return (doc) => {
    if (!Array.isArray(valueAt(doc, path))) return -1;
    const found = own.map((node) => elementOf(doc, node, path)).filter((at) => at >= 0);
    // As in MongoDB, the last condition that speaks about the array decides.
    if (found.length > 0) return found.at(-1) ?? -1;
    const elsewhere = leaves.map((node) => {
      const array = firstArray(doc, splitPath(node.leaf.path));
      return array ? elementOf(doc, node, array) : -1;
    });
    return elsewhere.findLast((at) => at >= 0) ?? -1;
  };
}

type LeafNode = Node & { readonly leaf: Leaf };

const counts = (node: Node): boolean =>
  node.leaf !== undefined &&
  !node.leaf.negated &&
  // That an array exists says nothing of its elements; that they have a field does.
  (node.leaf.op !== '$exists' || node.leaf.path.includes('.'));

function elementOf(doc: Doc, node: LeafNode, path: Path): number {
  const array = valueAt(doc, path);
  if (!Array.isArray(array)) return -1;
  return array.findIndex((item) => node.test(withOnly(doc, path, [item])));
}

/** The path of the outermost array on the way along a path. */
function firstArray(doc: Doc, path: Path): Path | null {
  for (let length = 1; length <= path.length; length++) {
    const prefix = path.slice(0, length);
    if (Array.isArray(valueAt(doc, prefix))) return prefix;
  }
  return null;
}

// The document with the array cut down to one element.
function withOnly(v: Doc, path: Path, array: Value[]): Doc {
  const [head = '', ...rest] = path;
  const child = v.get(head);
  const out: Doc = new Map(v);
  out.set(head, rest.length > 0 && child instanceof Map ? withOnly(child, rest, array) : array);
  return out;
}
