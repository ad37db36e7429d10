import type { Value } from '../values/types.ts';
import { conflict } from './operators.ts';
import type { PathContext } from './paths.ts';

/** True for a path with a `$`, `$[]` or `$[id]`, which only a document gives a meaning. */
export const isDynamic = (path: readonly string[]): boolean =>
  path.some((part) => part === '$' || part.startsWith('$['));

/**
 * Refuses an update two of whose paths come to one place in a document, or to one inside of the
 * other, such as `a.$[].x` and `a.0.x`.
 * @throws CommandError 40
 */
export function checkPlaces(
  doc: Value,
  paths: readonly (readonly string[])[],
  context: Pick<PathContext, 'position' | 'filters'>,
): void {
  const seen: string[] = [];
  for (const path of paths) {
    const places = concrete(doc, path, context);
    for (const place of places) {
      const other = seen.find(
        (x) => x === place || x.startsWith(`${place}.`) || place.startsWith(`${x}.`),
      );
      if (other !== undefined)
        throw conflict(path.join('.'), other.length < place.length ? other : place);
    }
    seen.push(...places);
  }
}

/** The places a path stands for in a document; what cannot be resolved is left to the update. */
function concrete(
  doc: Value,
  path: readonly string[],
  context: Pick<PathContext, 'position' | 'filters'>,
): string[] {
  let places: { readonly node: Value | undefined; readonly at: readonly string[] }[] = [
    { node: doc, at: [] },
  ];
  for (const part of path) {
    places = places.flatMap(({ node, at }) =>
      indexesOf(node, part, at, context).map((name) => ({
        node: child(node, name),
        at: [...at, name],
      })),
    );
  }
  return places.map(({ at }) => at.join('.'));
}

function indexesOf(
  node: Value | undefined,
  part: string,
  at: readonly string[],
  context: Pick<PathContext, 'position' | 'filters'>,
): string[] {
  if (!Array.isArray(node)) return [part];
  if (part === '$') return [String(context.position(at.join('.')))];
  if (!part.startsWith('$[')) return [part];
  const test = part === '$[]' ? () => true : context.filters.get(part.slice(2, -1));
  return node.flatMap((item, i) => (test?.(item) ? [String(i)] : []));
}

const child = (node: Value | undefined, name: string): Value | undefined =>
  node instanceof Map ? node.get(name) : Array.isArray(node) ? node[Number(name)] : undefined;
