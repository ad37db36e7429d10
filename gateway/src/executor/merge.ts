import { isJsonObject, type JsonObject, own, setOwn } from './own-keys.ts';

/**
 * Merges the answer of a subgraph into what is known already. A null never erases a value that another subgraph
 * gave for the same place; lists are merged item by item.
 */
export function merge(known: JsonObject, answer: JsonObject): void {
  for (const key of Object.keys(answer)) {
    const after = merged(own(known, key), answer[key]);
    if (after !== undefined) setOwn(known, key, after);
  }
}

function merged(before: unknown, after: unknown): unknown {
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
}
