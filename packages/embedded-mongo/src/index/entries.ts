import { CommandError, code } from '../values/errors.ts';
import { complement, encodeKey } from '../values/encode-key.ts';
import type { Doc, Value } from '../values/types.ts';
import { UNDEFINED } from '../values/types.ts';
import { arrayIndex, type Path } from '../query/path.ts';
import { foldValue } from '../query/text-fold.ts';
import type { IndexDefinition, KeyPart } from './definition.ts';

/** The keys one document has in one index (without the index id and the record id). */
export interface Keys {
  readonly keys: readonly string[];
  readonly multikey: boolean;
}

const NONE: Keys = { keys: [], multikey: false };

interface Cursor {
  readonly part: KeyPart;
  readonly node: Value | undefined;
  readonly rest: Path;
  readonly settled: boolean;
}

/**
 * The index keys of a document: one, several when a field is an array, none when a sparse or
 * partial index leaves the document out.
 * @throws CommandError 171 when two fields of one index are arrays of their own
 */
export function keysOf(definition: IndexDefinition, doc: Doc): Keys {
  if (definition.partial && !definition.partial.test(doc)) return NONE;
  const { parts } = definition;
  const [only] = parts;
  if (only && parts.length === 1 && only.path.length === 1) {
    const value = doc.get(only.field);
    if (!Array.isArray(value)) {
      return definition.sparse && value === undefined
        ? NONE
        : { keys: [partKey(definition, only, value ?? null)], multikey: false };
    }
  }
  const found = { any: false, multikey: false, keys: new Set<string>() };
  expand(
    definition,
    parts.map((part) => ({ part, node: doc, rest: part.path, settled: false })),
    found,
  );
  return definition.sparse && !found.any
    ? NONE
    : { keys: [...found.keys], multikey: found.multikey };
}

/** The key bytes of one field's value. */
export function partKey(definition: IndexDefinition, part: KeyPart, value: Value): string {
  const key = encodeKey(definition.collation ? foldValue(value, definition.collation) : value);
  return part.descending ? complement(key) : key;
}

function expand(
  definition: IndexDefinition,
  cursors: readonly Cursor[],
  found: { any: boolean; multikey: boolean; keys: Set<string> },
): void {
  const walked = cursors.map(walk);
  const blocked = walked.filter((c) => !c.settled);
  const array = blocked[0]?.node;
  if (!Array.isArray(array)) {
    if (walked.some((c) => c.node !== undefined)) found.any = true;
    found.keys.add(walked.map((c) => partKey(definition, c.part, c.node ?? null)).join(''));
    return;
  }
  const other = blocked.find((c) => c.node !== array);
  if (other) {
    const names = blocked.map((c) => c.part.field).join('] [');
    throw new CommandError(
      code.CannotIndexParallelArrays,
      `cannot index parallel arrays [${names}]`,
    );
  }
  found.multikey = true;
  if (array.length === 0) {
    // An empty array has a key of its own, below null; a path into it is just missing.
    found.any = true;
    expand(
      definition,
      walked.map((c) =>
        c.settled ? c : { ...c, node: c.rest.length > 0 ? undefined : UNDEFINED, settled: true },
      ),
      found,
    );
    return;
  }
  for (const item of array) {
    expand(
      definition,
      walked.map((c) => (c.settled ? c : intoElement(c, item))),
      found,
    );
  }
}

function intoElement(c: Cursor, item: Value): Cursor {
  if (c.rest.length === 0) return { ...c, node: item, settled: true };
  return item instanceof Map ? { ...c, node: item } : { ...c, node: undefined, settled: true };
}

function walk(c: Cursor): Cursor {
  if (c.settled) return c;
  let { node, rest } = c;
  for (;;) {
    if (Array.isArray(node)) {
      const index = rest.length > 0 ? arrayIndex(rest[0] as string) : -1;
      if (index < 0 || index >= node.length) return { ...c, node, rest };
      node = node[index];
      rest = rest.slice(1);
    } else if (rest.length === 0) return { ...c, node, rest, settled: true };
    else if (node instanceof Map) {
      node = node.get(rest[0] as string);
      rest = rest.slice(1);
    } else return { ...c, node: undefined, rest, settled: true };
  }
}
