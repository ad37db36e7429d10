import type { Doc, Value } from '../values/types.ts';
import type { Variables } from '../expression/compile.ts';
import type { Matcher } from '../query/matcher.ts';
import type { Collation } from '../query/text-fold.ts';
import { headOf, splitPath } from '../query/path.ts';
import { readSpec, type Computed, type Shape, type Spec } from './spec.ts';
import { addPath, assign, emptyTree, exclude, include, reach } from './tree.ts';

/** A compiled projection. */
export interface Projection {
  readonly apply: (doc: Doc) => Doc;
  /** Top-level fields it reads; null when it reads all of them. */
  readonly fields: ReadonlySet<string> | null;
}

/** Whether the projection belongs to a find (`$slice`, `$elemMatch`, positional `$`) or to a `$project`. */
export interface ProjectionOptions {
  readonly kind: 'find' | 'aggregate';
  readonly variables: Variables;
  readonly collation: Collation | null;
  /** The filter, for positional `$`. */
  readonly filter?: Matcher;
}

/**
 * Compiles a projection document.
 * @throws CommandError 31253/31254 when it mixes inclusion and exclusion, 31249/31250 on colliding paths
 */
export function compileProjection(spec: Doc, options: ProjectionOptions): Projection {
  const parts = readSpec(spec, options);
  return parts.including ? inclusion(parts) : exclusion(parts);
}

function inclusion(parts: Spec): Projection {
  const { plain, computed, elements, slices } = parts;
  const shaped = [...elements, ...slices];
  const tree = emptyTree<true>();
  if (parts.id !== false) addPath(tree, ['_id'], true);
  for (const field of [...plain, ...shaped.map(([name]) => name)]) {
    if (field !== '_id') addPath(tree, splitPath(field), true);
  }
  // Arrays and documents on the way to a computed field stay, for it is set inside of them.
  for (const [field] of computed) reach(tree, splitPath(field).slice(0, -1));
  const shape = shaper(shaped);
  const compute = computer(computed);
  // Computed fields may read anything, so the whole document is needed for them.
  const fields =
    computed.length > 0 || elements.length > 0
      ? null
      : new Set([...(parts.id === false ? [] : ['_id']), ...[...tree.children.keys()].map(headOf)]);
  return { fields, apply: (doc) => compute(doc, shape(doc, include(doc, tree))) };
}

function exclusion(parts: Spec): Projection {
  const tree = emptyTree<true>();
  if (parts.id === false) addPath(tree, ['_id'], true);
  for (const field of parts.plain) addPath(tree, splitPath(field), true);
  const shape = shaper(parts.slices);
  return { fields: null, apply: (doc) => shape(doc, exclude(doc, tree)) };
}

function computer(computed: readonly Computed[]): (doc: Doc, out: Doc) => Doc {
  if (computed.length === 0) return (_, out) => out;
  return (doc, out) => {
    const tree = emptyTree<() => Value | undefined>();
    for (const [field, compute] of computed) addPath(tree, splitPath(field), () => compute(doc));
    return assign(out, tree) as Doc;
  };
}

type Shaped = readonly (readonly [string, Shape])[];

function shaper(shapes: Shaped): (doc: Doc, out: Doc) => Doc {
  if (shapes.length === 0) return (_, out) => out;
  return (doc, out) => {
    for (const [field, shape] of shapes)
      reshape(out, splitPath(field), (value) => shape(doc, value));
    return out;
  };
}

function reshape(
  out: Doc,
  path: readonly string[],
  shape: (value: Value | undefined) => Value | undefined,
): void {
  const [head = '', ...rest] = path;
  const value = out.get(head);
  if (rest.length > 0) {
    if (value !== undefined) out.set(head, reshapeInside(value, rest, shape));
    return;
  }
  const shaped = shape(value);
  if (shaped === undefined) out.delete(head);
  else out.set(head, shaped);
}

function reshapeInside(
  value: Value,
  path: readonly string[],
  shape: (value: Value | undefined) => Value | undefined,
): Value {
  if (Array.isArray(value)) return value.map((item) => reshapeInside(item, path, shape));
  if (!(value instanceof Map)) return value;
  const copy = new Map(value);
  reshape(copy, path, shape);
  return copy;
}
