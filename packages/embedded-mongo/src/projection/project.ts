import { CommandError, badValue, notImplemented } from '../values/errors.ts';
import { truthy } from '../values/make.ts';
import { toDouble } from '../values/number.ts';
import { isDoc, isNumber, type Doc, type Value } from '../values/types.ts';
import { compileExpression, type Variables } from '../expression/compile.ts';
import { elementTest } from '../query/parse.ts';
import type { Matcher } from '../query/matcher.ts';
import { headOf, splitPath } from '../query/path.ts';
import { addPath, assign, emptyTree, exclude, include } from './tree.ts';
import { positional } from './positional.ts';

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
  /** The filter, for positional `$`. */
  readonly filter?: Matcher;
}

type Compute = (doc: Doc) => Value | undefined;
/** Changes one field in place of showing it as it is. */
type Shape = (doc: Doc, value: Value | undefined) => Value | undefined;

interface Parts {
  readonly included: string[];
  readonly excluded: string[];
  readonly computed: [string, Compute][];
  readonly slices: [string, Shape][];
  readonly elements: [string, Shape][];
  id: boolean | null;
}

/**
 * Compiles a projection document.
 * @throws CommandError 31253/31254 when it mixes inclusion and exclusion, 31250 on colliding paths
 */
export function compileProjection(spec: Doc, options: ProjectionOptions): Projection {
  const parts: Parts = {
    included: [],
    excluded: [],
    computed: [],
    slices: [],
    elements: [],
    id: null,
  };
  collect('', spec, parts, options);
  const { included, excluded, computed, elements } = parts;
  const including =
    included.length > 0 ||
    computed.length > 0 ||
    elements.length > 0 ||
    (parts.id === true && excluded.length === 0 && parts.slices.length === 0);
  if (including && excluded.length > 0) {
    const field = excluded[0] as string;
    throw new CommandError(31254, `Cannot do exclusion on field ${field} in inclusion projection`);
  }
  return including ? inclusion(parts) : exclusion(parts);
}

function collect(prefix: string, spec: Doc, parts: Parts, options: ProjectionOptions): void {
  for (const [name, value] of spec) {
    if (name === '')
      throw new CommandError(51270, 'FieldPath cannot be constructed with empty string');
    collectField(prefix === '' ? name : `${prefix}.${name}`, value, parts, options);
  }
}

function collectField(field: string, value: Value, parts: Parts, options: ProjectionOptions): void {
  const flag = typeof value === 'boolean' || isNumber(value);
  if (flag && field === '_id') {
    parts.id = truthy(value);
  } else if (flag && truthy(value)) {
    if (options.kind === 'find' && field.endsWith('.$'))
      parts.elements.push([field.slice(0, -2), firstMatch(field.slice(0, -2), options)]);
    else parts.included.push(field);
  } else if (flag) parts.excluded.push(field);
  else if (isDoc(value)) collectDoc(field, value, parts, options);
  else parts.computed.push([field, compileExpression(value, options.variables)]);
}

function collectDoc(field: string, value: Doc, parts: Parts, options: ProjectionOptions): void {
  const [op] = value.keys();
  if (!op?.startsWith('$')) {
    if (value.size === 0)
      throw new CommandError(51270, 'An empty sub-projection is not a valid value');
    collect(field, value, parts, options);
    return;
  }
  const operand = value.get(op) as Value;
  if (op === '$meta') throw notImplemented('a $meta projection');
  if (options.kind === 'find' && op === '$elemMatch')
    parts.elements.push([field, elementOf(operand)]);
  else if (options.kind === 'find' && op === '$slice' && !isExpressionSlice(operand))
    parts.slices.push([field, sliceOf(operand)]);
  else parts.computed.push([field, compileExpression(value, options.variables)]);
}

const isExpressionSlice = (v: Value): boolean => Array.isArray(v) && !v.every(isNumber);

function firstMatch(field: string, options: ProjectionOptions): Shape {
  const { filter } = options;
  if (!filter)
    throw badValue(
      "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array",
    );
  const find = positional(filter, field);
  return (doc, value) => {
    if (!Array.isArray(value)) return value;
    const at = find(doc);
    if (at < 0)
      throw new CommandError(
        51246,
        "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array",
      );
    return [value[at] ?? null];
  };
}

function elementOf(operand: Value): Shape {
  const test = elementTest(operand);
  return (_, value) => {
    const found = Array.isArray(value) ? value.find((item) => test(item)) : undefined;
    return found === undefined ? undefined : [found];
  };
}

function sliceOf(operand: Value): Shape {
  const [a, b] = (Array.isArray(operand) ? operand : [operand]).map((v) => {
    if (!isNumber(v)) throw new CommandError(28724, 'First argument to $slice must be a number');
    return Math.trunc(toDouble(v));
  });
  const skip = b === undefined ? 0 : (a ?? 0);
  const take = b ?? a ?? 0;
  if (b !== undefined && b <= 0)
    throw new CommandError(28724, 'Third argument to $slice must be positive');
  return (_, value) => {
    if (!Array.isArray(value)) return value;
    if (b === undefined && take < 0) return value.slice(take);
    const from = skip < 0 ? Math.max(0, value.length + skip) : skip;
    return value.slice(from, from + take);
  };
}

function inclusion(parts: Parts): Projection {
  const { included, computed, elements, slices } = parts;
  const tree = emptyTree<true>();
  if (parts.id !== false) addPath(tree, ['_id'], true);
  for (const field of [
    ...included,
    ...elements.map(([field]) => field),
    ...slices.map(([field]) => field),
  ]) {
    if (field !== '_id') addPath(tree, splitPath(field), true);
  }
  const shape = shaper([...elements, ...slices]);
  const compute = computer(computed);
  // Computed fields may read anything, so the whole document is needed for them.
  const fields =
    computed.length > 0
      ? null
      : new Set([...(parts.id === false ? [] : ['_id']), ...[...tree.children.keys()].map(headOf)]);
  return {
    fields: elements.length > 0 ? null : fields,
    apply: (doc) => compute(doc, shape(doc, include(doc, tree))),
  };
}

function exclusion(parts: Parts): Projection {
  const tree = emptyTree<true>();
  if (parts.id === false) addPath(tree, ['_id'], true);
  for (const field of parts.excluded) addPath(tree, splitPath(field), true);
  const shape = shaper(parts.slices);
  return { fields: null, apply: (doc) => shape(doc, exclude(doc, tree)) };
}

function computer(computed: readonly (readonly [string, Compute])[]): (doc: Doc, out: Doc) => Doc {
  if (computed.length === 0) return (_, out) => out;
  const check = emptyTree<true>();
  for (const [field] of computed) addPath(check, splitPath(field), true);
  return (doc, out) => {
    const tree = emptyTree<() => Value | undefined>();
    for (const [field, compute] of computed) addPath(tree, splitPath(field), () => compute(doc));
    return assign(out, tree) as Doc;
  };
}

function shaper(shapes: readonly (readonly [string, Shape])[]): (doc: Doc, out: Doc) => Doc {
  if (shapes.length === 0) return (_, out) => out;
  return (doc, out) => {
    for (const [field, shape] of shapes) reshape(doc, out, splitPath(field), shape);
    return out;
  };
}

function reshape(doc: Doc, out: Doc, path: readonly string[], shape: Shape): void {
  const [head = '', ...rest] = path;
  const value = out.get(head);
  if (rest.length > 0) {
    if (!(value instanceof Map)) return;
    const copy = new Map(value);
    out.set(head, copy);
    reshape(doc, copy, rest, shape);
    return;
  }
  const shaped = shape(doc, value);
  if (shaped === undefined) out.delete(head);
  else out.set(head, shaped);
}
