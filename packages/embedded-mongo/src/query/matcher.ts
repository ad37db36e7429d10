import type { Doc, Value } from '../values/types.ts';
import type { Collation } from './text-fold.ts';

/** What the planner may know about a leaf of a filter. */
export interface Leaf {
  readonly path: string;
  readonly op: '$eq' | '$in' | '$gt' | '$gte' | '$lt' | '$lte' | '$regex' | '$exists' | 'other';
  readonly value: Value;
  /** True for `$ne`, `$nin` and `$not`: they hold of no element in particular. */
  readonly negated: boolean;
}

/** One node of a compiled filter. */
export interface Node {
  readonly test: (doc: Doc) => boolean;
  /** Children of an `$and`; a leaf has none. */
  readonly and?: readonly Node[];
  readonly or?: readonly Node[];
  readonly leaf?: Leaf;
}

/** A compiled filter. */
export interface Matcher {
  readonly test: (doc: Doc) => boolean;
  readonly root: Node;
  /** Top-level fields the filter reads; null when it may read all of them. */
  readonly fields: ReadonlySet<string> | null;
  readonly collation: Collation | null;
  /** True when every document matches. */
  readonly all: boolean;
}

/** The leaves and `$or` nodes that must all hold. */
export function conjuncts(node: Node, out: Node[] = []): Node[] {
  if (node.and) for (const child of node.and) conjuncts(child, out);
  else out.push(node);
  return out;
}
