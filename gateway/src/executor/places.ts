import { isJsonObject, type JsonObject, own } from './own-keys.ts';

/** A place in an answer: keys and indices from the top. */
export type Path = readonly (string | number)[];

const EACH = '@';

/** The objects at a place of a plan, where `@` crosses a list. Lists of lists are crossed as well. */
export function objectsAt(root: JsonObject, at: readonly string[]): JsonObject[] {
  const found: JsonObject[] = [];
  const walk = (value: unknown, depth: number): void => {
    if (Array.isArray(value)) {
      const inside = at[depth] === EACH ? depth + 1 : depth;
      for (const item of value) walk(item, inside);
      return;
    }
    if (!isJsonObject(value)) return;
    const key = at[depth];
    if (key === undefined) found.push(value);
    else if (key === EACH) walk(value, depth + 1);
    else walk(own(value, key), depth + 1);
  };
  walk(root, 0);
  return found;
}

/** The paths of the same objects in the same order. Walked only when there is an error to place. */
export function pathsAt(root: JsonObject, at: readonly string[]): Path[] {
  const found: Path[] = [];
  const walk = (value: unknown, depth: number, here: Path): void => {
    if (Array.isArray(value)) {
      const inside = at[depth] === EACH ? depth + 1 : depth;
      for (const [index, item] of value.entries()) walk(item, inside, [...here, index]);
      return;
    }
    if (!isJsonObject(value)) return;
    const key = at[depth];
    if (key === undefined) found.push(here);
    else if (key === EACH) walk(value, depth + 1, here);
    else walk(own(value, key), depth + 1, [...here, key]);
  };
  walk(root, 0, []);
  return found;
}

/** Whether one place lies on the way to the other. */
export function isRelated(one: Path, other: Path): boolean {
  const common = Math.min(one.length, other.length);
  for (let index = 0; index < common; index += 1) if (one[index] !== other[index]) return false;
  return true;
}
