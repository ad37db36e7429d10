import { CommandError, code } from '../values/errors.ts';
import { complement, encodeKey } from '../values/encode-key.ts';
import type { Doc, Value } from '../values/types.ts';
import { keyTuples, ParallelArrays, type KeyTuples } from '../query/key-tuples.ts';
import { foldValue } from '../query/text-fold.ts';
import type { IndexDefinition, KeyPart } from './definition.ts';

/** The keys one document has in one index (without the index id and the record id). */
export interface Keys {
  readonly keys: readonly string[];
  readonly multikey: boolean;
}

const NONE: Keys = { keys: [], multikey: false };

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
  const { tuples, multikey, present } = tuplesOf(definition, doc);
  if (definition.sparse && !present) return NONE;
  const keys = tuples.map((tuple) =>
    parts.map((part, i) => partKey(definition, part, tuple[i] ?? null)).join(''),
  );
  return { keys: multikey ? [...new Set(keys)] : keys, multikey };
}

/** The key bytes of one field's value. */
export function partKey(definition: IndexDefinition, part: KeyPart, value: Value): string {
  const key = encodeKey(definition.collation ? foldValue(value, definition.collation) : value);
  return part.descending ? complement(key) : key;
}

function tuplesOf({ parts }: IndexDefinition, doc: Doc): KeyTuples {
  try {
    return keyTuples(
      doc,
      parts.map((part) => part.path),
    );
  } catch (error) {
    if (!(error instanceof ParallelArrays)) throw error;
    const names = error.places.map((place) => parts[place]?.field).join('] [');
    throw new CommandError(
      code.CannotIndexParallelArrays,
      `cannot index parallel arrays [${names}]`,
    );
  }
}
