import { conjuncts, type Matcher } from '../query/matcher.ts';
import { valueAt, splitPath } from '../query/path.ts';
import type { Doc, Value } from '../values/types.ts';

/**
 * Finds which element of an array the filter matched: what `$` stands for in projections and
 * updates. The answer is -1 when no condition of the filter speaks about the array.
 */
export function positional(filter: Matcher, field: string): (doc: Doc) => number {
  const nodes = conjuncts(filter.root).flatMap((node) =>
    node.or ? node.or.flatMap((child) => conjuncts(child)) : [node],
  );
  const own = nodes.filter(
    (node) => node.leaf && (node.leaf.path === field || node.leaf.path.startsWith(`${field}.`)),
  );
  return (doc) => {
    const array = valueAt(doc, splitPath(field));
    if (!Array.isArray(array)) return -1;
    let found = -1;
    for (const node of own) {
      const at = array.findIndex((item) => node.test(withOnly(doc, splitPath(field), [item])));
      if (at >= 0) found = at; // as in MongoDB, the last condition that speaks about the array decides
    }
    return found;
  };
}

// The document with the array cut down to one element.
function withOnly(v: Doc, path: readonly string[], array: Value[]): Doc {
  const [head = '', ...rest] = path;
  const child = v.get(head);
  const out: Doc = new Map(v);
  out.set(head, rest.length > 0 && child instanceof Map ? withOnly(child, rest, array) : array);
  return out;
}
