import { CommandError, badValue, code } from '../values/errors.ts';
import { show } from '../values/show.ts';
import type { Doc, Value } from '../values/types.ts';
import { arrayIndex } from '../query/path.ts';

/** What an operator makes of one field: `undefined` removes it. */
export type Change = (old: Value | undefined) => Value | undefined;

/** How a path with placeholders is resolved. */
export interface PathContext {
  /** The element the filter matched, for `$`; -1 when there is none. */
  readonly position: (arrayPath: string) => number;
  /** Element tests of `arrayFilters` by identifier, for `$[id]`. */
  readonly filters: ReadonlyMap<string, (v: Value) => boolean>;
  /** True when missing fields on the way are made. */
  readonly creates: boolean;
}

const MAX_ARRAY_GROWTH = 1_500_000;

/** Applies a change to every field a path stands for. The document is changed in place. */
export function modify(
  doc: Doc,
  path: readonly string[],
  change: Change,
  context: PathContext,
): void {
  step(doc, path, 0, change, context);
}

function step(
  node: Value,
  path: readonly string[],
  at: number,
  change: Change,
  context: PathContext,
): void {
  const part = path[at] as string;
  if (Array.isArray(node)) {
    for (const index of elements(node, part, path.slice(0, at).join('.'), context)) {
      intoArray(node, index, path, at, change, context);
    }
    return;
  }
  if (part.startsWith('$['))
    throw badValue(
      `Cannot apply array updates to non-array element ${path[at - 1] ?? ''}: ${show(node)}`,
    );
  if (!(node instanceof Map)) {
    if (!context.creates) return;
    throw new CommandError(
      code.PathNotViable,
      `Cannot create field '${part}' in element {${path[at - 1] ?? ''}: ${show(node)}}`,
    );
  }
  if (part === '$') {
    throw badValue('The positional operator did not find the match needed from the query.');
  }
  if (at === path.length - 1) {
    const value = change(node.get(part));
    if (value === undefined) node.delete(part);
    else node.set(part, value);
    return;
  }
  const child = node.get(part);
  const arrayWanted = (path[at + 1] as string).startsWith('$[');
  if (child !== undefined) step(child, path, at + 1, change, context);
  else if (context.creates && !arrayWanted) {
    const made: Doc = new Map();
    step(made, path, at + 1, change, context);
    if (made.size > 0) node.set(part, made);
  } else if (arrayWanted) {
    throw badValue(
      `The path '${path.slice(0, at + 1).join('.')}' must exist in the document in order to apply array updates.`,
    );
  }
}

function elements(list: Value[], part: string, arrayPath: string, context: PathContext): number[] {
  if (part === '$[]') return list.map((_, i) => i);
  if (part === '$') {
    const at = context.position(arrayPath);
    if (at < 0)
      throw badValue('The positional operator did not find the match needed from the query.');
    return [at];
  }
  if (part.startsWith('$[')) {
    const id = part.slice(2, -1);
    const test = context.filters.get(id);
    if (!test) throw badValue(`No array filter found for identifier '${id}' in path`);
    return list.flatMap((item, i) => (test(item) ? [i] : []));
  }
  const index = arrayIndex(part);
  if (index >= 0) return [index];
  if (!context.creates) return [];
  throw new CommandError(
    code.PathNotViable,
    `Cannot create field '${part}' in element {${arrayPath.split('.').at(-1) ?? ''}: ${show(list)}}`,
  );
}

function intoArray(
  list: Value[],
  index: number,
  path: readonly string[],
  at: number,
  change: Change,
  context: PathContext,
): void {
  if (index >= list.length + MAX_ARRAY_GROWTH)
    throw badValue(`Can't set index ${index}: the array would grow too much`);
  const old = list[index];
  if (at < path.length - 1) {
    if (old !== undefined) {
      step(old, path, at + 1, change, context);
      return;
    }
    if (!context.creates) return;
    const made: Doc = new Map();
    step(made, path, at + 1, change, context);
    fill(list, index, made);
    return;
  }
  const value = change(old);
  if (value !== undefined) fill(list, index, value);
  else if (old !== undefined) list[index] = null; // $unset keeps the places of the others
}

function fill(list: Value[], index: number, value: Value): void {
  while (list.length < index) list.push(null);
  list[index] = value;
}
