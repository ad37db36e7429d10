import { badValue } from '../values/errors.ts';
import { compare, equal } from '../values/compare.ts';
import { truthy } from '../values/make.ts';
import { isDoc, type Doc, type Value } from '../values/types.ts';
import type { Collection, Index } from '../catalog/collection.ts';
import { conjuncts, type Leaf, type Matcher, type Node } from '../query/matcher.ts';
import { sameCollation, type Collation } from '../query/text-fold.ts';
import type { SortSpec } from '../sort/sort.ts';
import { fieldBounds, intervalOf, type FieldBounds } from './bounds.ts';

/** How the documents of one collection are found. */
export type Plan =
  | { readonly kind: 'collection'; readonly reverse: boolean }
  | { readonly kind: 'or'; readonly branches: readonly Plan[] }
  | IndexPlan;

/** A walk over some intervals of one index. */
export interface IndexPlan {
  readonly kind: 'index';
  readonly index: Index;
  /** Half-open intervals of keys, without the index id, in index order. */
  readonly intervals: readonly (readonly [string, string])[];
  readonly reverse: boolean;
  /** True when the walk is already in the order the sort asks for. */
  readonly sorted: boolean;
  /** True when every entry found is a match, so that the filter need not be tested again. */
  readonly exact: boolean;
  /** True when the intervals are full keys of a unique index. */
  readonly points: boolean;
  /** The intervals in words, by field, for `explain`. */
  readonly bounds: () => readonly (readonly [field: string, texts: readonly string[]])[];
  readonly score: number;
}

/** What a plan is made for. */
export interface PlanInput {
  readonly matcher: Matcher;
  readonly sort: SortSpec | null;
  readonly collation: Collation | null;
  /** An index name, a key pattern, or `{$natural: ±1}`. */
  readonly hint?: Value | undefined;
}

const MAX_INTERVALS = 2000;

/**
 * Chooses how to find documents. The filter is tested again on everything found (unless `exact`),
 * so that bounds need only be wide enough.
 * @throws CommandError 2 when a hint names no index
 */
export function choosePlan(collection: Collection, input: PlanInput): Plan {
  const hinted = input.hint === undefined ? null : hintOf(collection, input.hint);
  if (hinted && 'kind' in hinted) return hinted;
  const nodes = conjuncts(input.matcher.root);
  const conditions = { nodes, leaves: nodes.flatMap((node) => node.leaf ?? []) };
  if (hinted) return indexPlan(hinted, conditions, input) ?? wholeIndex(hinted);
  let best: IndexPlan | null = null;
  for (const index of collection.indexes) {
    if (index.definition.hidden) continue;
    const plan = indexPlan(index, conditions, input);
    if (plan?.points && plan.exact) return plan; // no other finds less
    if (plan && plan.score > 0 && (!best || plan.score > best.score)) best = plan;
  }
  return best ?? orPlan(collection, nodes, input) ?? { kind: 'collection', reverse: false };
}

function hintOf(collection: Collection, hint: Value): Index | Plan {
  if (isDoc(hint) && hint.has('$natural'))
    return { kind: 'collection', reverse: compare(hint.get('$natural') ?? 1, 0) < 0 };
  const found = collection.indexes.find((index) =>
    isDoc(hint)
      ? sameKey(index.definition.source.get('key') as Doc, hint)
      : index.definition.name === hint,
  );
  if (!found)
    throw badValue(
      'error processing query: planner returned error: hint provided does not correspond to an existing index',
    );
  return found;
}

/** True when two key patterns have the same fields in the same order and directions. */
export const sameKey = (a: Doc, b: Doc): boolean => equal(a, b);

function orPlan(collection: Collection, nodes: readonly Node[], input: PlanInput): Plan | null {
  const or = nodes.find((node) => node.or)?.or;
  if (!or) return null;
  const branches: Plan[] = [];
  for (const node of or) {
    const plan = choosePlan(collection, {
      matcher: { ...input.matcher, root: node },
      sort: null,
      collation: input.collation,
    });
    if (plan.kind === 'collection') return null;
    branches.push(plan.kind === 'index' ? { ...plan, exact: false } : plan);
  }
  return { kind: 'or', branches };
}

function wholeIndex(index: Index): IndexPlan {
  return {
    kind: 'index',
    index,
    intervals: [['', '\u00ff']],
    reverse: false,
    sorted: false,
    exact: false,
    points: false,
    score: 0,
    bounds: () => index.definition.parts.map((part) => [part.field, ['[MinKey, MaxKey]']] as const),
  };
}

interface Conditions {
  readonly nodes: readonly Node[];
  readonly leaves: readonly Leaf[];
}

function indexPlan(index: Index, conditions: Conditions, input: PlanInput): IndexPlan | null {
  const { nodes, leaves } = conditions;
  if (!usable(index, leaves)) return null;
  const { parts } = index.definition;
  const bounded: FieldBounds[] = [];
  for (const part of parts) {
    const own = leaves.filter((leaf) => leaf.path === part.field);
    const bounds = own.length > 0 ? fieldBounds(index, part, own, input.collation) : null;
    if (!bounds) break;
    bounded.push(bounds);
    if (!bounds.points) break;
  }
  const { intervals, fields } = intervalsOf(index, bounded);
  const order = sortedBy(index, fields, input);
  const equalities = fields.filter((f) => f.points).length;
  const full = equalities === parts.length && index.definition.unique;
  const used = new Set(parts.slice(0, fields.length).map((part) => part.field));
  const exact =
    fields.every((f) => f.exact) &&
    nodes.every((node) => node.leaf && used.has(node.leaf.path)) &&
    sameCollation(index.definition.collation, input.collation);
  return {
    kind: 'index',
    index,
    intervals,
    reverse: order === 'reverse',
    sorted: order !== null,
    exact,
    points: full,
    score:
      (full ? 100 : 0) +
      equalities * 10 +
      (order ? 5 : 0) +
      (fields.length > equalities ? 3 : 0) +
      (index.definition.partial && fields.length > 0 ? 1 : 0),
    bounds: () =>
      parts.map(
        (part, i) =>
          [part.field, fields[i]?.ranges.map((r) => r.text()) ?? ['[MinKey, MaxKey]']] as const,
      ),
  };
}

/** The intervals, and the fields they bound: not all of them when they would be too many. */
function intervalsOf(
  index: Index,
  fields: readonly FieldBounds[],
): {
  readonly intervals: readonly (readonly [string, string])[];
  readonly fields: readonly FieldBounds[];
} {
  let intervals: (readonly [string, string])[] = [['', '\u00ff']];
  let prefixes = [''];
  for (const [i, field] of fields.entries()) {
    const descending = index.definition.parts[i]?.descending ?? false;
    const own = field.ranges.map((range) => intervalOf(range, descending));
    if (descending) own.reverse();
    if (own.length * prefixes.length > MAX_INTERVALS)
      return { intervals, fields: fields.slice(0, i) };
    intervals = prefixes.flatMap((prefix) =>
      own
        .filter(([from, to]) => from < to)
        .map(([from, to]) => [prefix + from, prefix + to] as const),
    );
    if (field.points) prefixes = prefixes.flatMap((prefix) => own.map(([from]) => prefix + from));
  }
  return { intervals, fields };
}

/** Whether the index order, after its single-valued fields, is the order of the sort. */
function sortedBy(
  index: Index,
  fields: readonly FieldBounds[],
  input: PlanInput,
): 'forward' | 'reverse' | null {
  const { sort } = input;
  if (
    !sort ||
    sort.length === 0 ||
    index.multikey ||
    !sameCollation(index.definition.collation, input.collation)
  )
    return null;
  const { parts } = index.definition;
  const fixed = new Set(
    parts.filter((_, i) => fields[i]?.points && fields[i]?.ranges.length === 1).map((p) => p.field),
  );
  const many = fields.some((f) => f.points && f.ranges.length > 1);
  if (many) return null;
  const rest = parts.filter((part) => !fixed.has(part.field));
  let way: 'forward' | 'reverse' | null = null;
  let at = 0;
  for (const { field, descending } of sort) {
    if (fixed.has(field)) continue;
    const part = rest[at++];
    if (!part || part.field !== field) return null;
    const one = part.descending === descending ? 'forward' : 'reverse';
    if (way && way !== one) return null;
    way = one;
  }
  return way ?? 'forward';
}

function usable(index: Index, leaves: readonly Leaf[]): boolean {
  const { partial, sparse, parts } = index.definition;
  if (
    partial &&
    !conjuncts(partial.root).every(
      (node) => node.leaf !== undefined && implied(node.leaf, node, leaves),
    )
  )
    return false;
  return (
    !sparse ||
    parts.some((part) => leaves.some((leaf) => leaf.path === part.field && impliesPresent(leaf)))
  );
}

function impliesPresent(leaf: Leaf): boolean {
  if (leaf.op === '$exists') return truthy(leaf.value);
  if (leaf.op === '$in') return Array.isArray(leaf.value) && leaf.value.every((v) => v !== null);
  return leaf.op !== 'other' && leaf.value !== null;
}

/** True when the filter's own leaves make sure that one condition of a partial index holds. */
function implied(wanted: Leaf, node: Node, leaves: readonly Leaf[]): boolean {
  // A condition on null is also met by documents that do not have the field at all.
  const holds = (v: Value): boolean =>
    node.test(nested(wanted.path.split('.'), v)) && (v !== null || node.test(new Map()));
  return leaves.some((leaf) => {
    if (leaf.path !== wanted.path) return false;
    if (leaf.op === wanted.op && leaf.op !== 'other' && equal(leaf.value, wanted.value))
      return true;
    if (leaf.op === '$eq' && !Array.isArray(leaf.value)) return holds(leaf.value);
    if (leaf.op === '$in' && Array.isArray(leaf.value))
      return leaf.value.length > 0 && leaf.value.every((v) => !Array.isArray(v) && holds(v));
    if (wanted.op === '$exists') return truthy(wanted.value) && impliesPresent(leaf);
    const up = leaf.op === '$gt' || leaf.op === '$gte';
    const down = leaf.op === '$lt' || leaf.op === '$lte';
    const sameWay = (up && wanted.op.startsWith('$gt')) || (down && wanted.op.startsWith('$lt'));
    return sameWay && holds(leaf.value);
  });
}

const nested = (path: readonly string[], v: Value): Doc => {
  const [head = '', ...rest] = path;
  return new Map([[head, rest.length > 0 ? nested(rest, v) : v]]);
};
