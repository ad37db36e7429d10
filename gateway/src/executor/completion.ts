import { type JsonObject, own, setOwn } from './own-keys.ts';
import type { Path } from './places.ts';

/** Something that the subgraphs sent and the schema does not allow. */
export interface Fault {
  readonly path: Path;
  readonly message: string;
}

/** Where in the answer the shaping is. Linked, because it becomes a path only when there is a fault. */
export interface Link {
  readonly parent: Link | undefined;
  readonly key: string | number;
}

/**
 * One pass over the answer. The first pass notes only that something is wrong; a second one, with `faults`, is made
 * for the few answers where it is, and finds the places.
 */
export interface Pass {
  failed: boolean;
  readonly faults: Fault[] | undefined;
}

/** In place of a value that may not be null and is: its parent becomes null. */
export const BUBBLE = Symbol('null bubbles');

/** Makes a value of the answer from what the subgraphs sent. */
export type Complete = (value: unknown, pass: Pass, at: Link | undefined) => unknown;

/** One field of an object of the answer. */
export interface FieldShape {
  readonly key: string;
  /** Its key in what the subgraphs sent. */
  readonly innerKey: string;
  readonly complete: Complete;
}

export function note(pass: Pass, at: Link | undefined, message: string): void {
  pass.failed = true;
  pass.faults?.push({ path: pathTo(at), message });
}

/** Makes a list; null if one of its items may not be null and is. */
export function completeList(
  values: readonly unknown[],
  item: Complete,
  pass: Pass,
  at: Link | undefined,
): unknown[] | null {
  const { faults } = pass;
  const list: unknown[] = [];
  let bubbles = false;
  for (let index = 0; index < values.length; index += 1) {
    const made = item(values[index], pass, faults && { parent: at, key: index });
    if (made !== BUBBLE) list.push(made);
    else if (!faults) return null;
    else bubbles = true; // the other items may have faults of their own
  }
  return bubbles ? null : list;
}

/** Makes an object, with its keys in the order of the fields; null if one of them may not be null and is. */
export function completeObject(
  object: JsonObject,
  fields: readonly FieldShape[],
  pass: Pass,
  at: Link | undefined,
): JsonObject | null {
  const { faults } = pass;
  const made: JsonObject = {};
  let bubbles = false;
  for (const { key, innerKey, complete } of fields) {
    const value = complete(own(object, innerKey), pass, faults && { parent: at, key });
    if (value !== BUBBLE) setOwn(made, key, value);
    else if (!faults) return null;
    else bubbles = true;
  }
  return bubbles ? null : made;
}

function pathTo(link: Link | undefined): Path {
  const path: (string | number)[] = [];
  for (let each = link; each; each = each.parent) path.push(each.key);
  return path.reverse();
}
