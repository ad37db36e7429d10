import type { Kinds } from './kinds.ts';
import { isJsonObject, type JsonObject, own, setOwn } from './own-keys.ts';

/** Merges the answer of a subgraph into what is known already. */
export type Merge = (known: JsonObject, answer: JsonObject) => void;

/**
 * How answers are merged: a null never erases a value that another subgraph gave for the same place, lists are merged
 * item by item, and the name of a type is never replaced by that of an interface, which is all that some subgraphs
 * know.
 */
export function mergeBy(kinds: Kinds): Merge {
  const merge: Merge = (known, answer) => {
    for (const key of Object.keys(answer)) {
      const before = own(known, key);
      const after = answer[key];
      if (key === '__typename' && isLessExact(after, before)) continue;
      const both = merged(before, after);
      if (both !== undefined) setOwn(known, key, both);
    }
  };
  const isLessExact = (name: unknown, known: unknown): boolean =>
    name !== known && typeof name === 'string' && kinds.meets(known, name);
  const merged = (before: unknown, after: unknown): unknown => {
    if (before === undefined || before === null) return after;
    if (after === undefined || after === null) return before;
    if (Array.isArray(before) && Array.isArray(after)) {
      for (const [index, item] of after.entries()) before[index] = merged(before[index], item);
      return before;
    }
    if (isJsonObject(before) && isJsonObject(after)) {
      merge(before, after);
      return before;
    }
    return after;
  };
  return merge;
}
