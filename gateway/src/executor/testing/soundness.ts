import type { ExecutionResult } from 'graphql';

type Path = readonly (string | number)[];

/**
 * What is unsound in an answer that was made while subgraphs failed: a value that the whole answer has not, or a null
 * that no error explains. Nothing if it is what is left of the whole answer.
 */
export function unsound(whole: ExecutionResult, got: ExecutionResult): string | undefined {
  const places = (got.errors ?? []).map(({ path }) => path ?? []);
  const walk = (want: unknown, have: unknown, path: Path): string | undefined => {
    const here = path.join('.');
    if (have === null || have === undefined) {
      const isExplained = want === null || places.some((place) => onOneWay(place, path));
      return isExplained ? undefined : `${here} is null without an error`;
    }
    if (typeof have !== 'object') return have === want ? undefined : `${here} has another value`;
    if (typeof want !== 'object' || want === null) return `${here} ought to be a leaf or null`;
    const keys = Object.keys(have);
    // Of an interface object whose type could not be found out, only what the interface has can be answered, and in the
    // order in which it is asked of the interface: a fragment on a type may have asked for a field earlier.
    const mayLack = places.some((place) => onOneWay(place, path));
    const wanted = Object.keys(want).filter((key) => !mayLack || keys.includes(key));
    const inOrder = (names: readonly string[]) => (mayLack ? names.toSorted() : names).join();
    if (inOrder(wanted) !== inOrder(keys)) return `${here} has other keys`;
    for (const key of keys) {
      const at = Array.isArray(have) ? Number(key) : key;
      const found = walk(valueOf(want, key), valueOf(have, key), [...path, at]);
      if (found) return found;
    }
    return undefined;
  };
  return walk(whole.data ?? null, got.data ?? null, []);
}

const valueOf = (object: object, key: string): unknown => (object as Record<string, unknown>)[key];

function onOneWay(one: Path, other: Path): boolean {
  const common = Math.min(one.length, other.length);
  return one.slice(0, common).every((part, index) => part === other[index]);
}
