import type { Collection } from '../catalog/collection.ts';
import { writeDocument } from '../index/write.ts';
import { Blocked, type Writer } from '../transactions/writer.ts';
import { decode } from '../values/decode.ts';
import { encode } from '../values/encode.ts';
import { CommandError, code } from '../values/errors.ts';
import { Regex, Undefined, typeName, type Doc, type Value } from '../values/types.ts';
import type { Context } from './context.ts';

/** Largest document, as in MongoDB. */
export const MAX_DOCUMENT = 16 * 1024 * 1024;
const MAX_DEPTH = 180;

/**
 * Runs a step of a write. Inside a transaction it runs once. Outside it is a unit of its own with
 * its own oplog row; when it meets a lock it waits for the owner's end and runs again.
 * @param keep called after the step in the same atomic turn (results of retryable writes)
 */
export async function runStep<Result>(
  context: Context,
  step: (writer: Writer) => Result,
  keep?: (result: Result) => void,
): Promise<Result> {
  const { engine, transaction } = context;
  if (transaction) {
    transaction.checkOpen();
    return step(transaction);
  }
  if (keep && context.retryable) context.peer.faults?.onRetryableWrite(context.peer);
  for (;;) {
    const unit = engine.unit();
    try {
      const result = step(unit);
      keep?.(result);
      return result;
    } catch (error) {
      if (!(error instanceof Blocked)) throw error;
      await context.budget.waitFor(error.owner.done);
    } finally {
      unit.finish();
    }
  }
}

/** The collection of a write, made when it is not there yet. */
export function collectionFor(context: Context, ns: string, writer: Writer): Collection {
  const { engine, transaction } = context;
  const found = engine.collection(ns, transaction);
  if (found) return found;
  const owner = engine.creating.get(ns);
  if (owner && owner !== transaction) {
    if (transaction)
      throw new CommandError(code.WriteConflict, `${ns} is being created by another transaction`);
    throw new Blocked(owner);
  }
  return engine.create(ns, new Map(), writer);
}

/** A document ready to be stored: `_id` first and of an allowed type, in size and depth. */
export function storable(doc: Doc): { readonly doc: Doc; readonly bytes: Buffer } {
  const id = doc.get('_id');
  checkId(id);
  let out = doc;
  if (doc.keys().next().value !== '_id') {
    out = new Map<string, Value>([['_id', id as Value]]);
    for (const [name, value] of doc) if (name !== '_id') out.set(name, value);
  }
  if (depthOf(out) > MAX_DEPTH)
    throw new CommandError(
      code.Overflow,
      `Document exceeds maximum nested object depth of ${MAX_DEPTH}`,
    );
  const bytes = encode(out);
  if (bytes.length > MAX_DOCUMENT) {
    throw new CommandError(
      code.BSONObjectTooLarge,
      `BSONObj size: ${bytes.length} is invalid. Size must be between 0 and ${MAX_DOCUMENT}`,
    );
  }
  return { doc: out, bytes };
}

function checkId(id: Value | undefined): void {
  if (Array.isArray(id) || id instanceof Regex || id instanceof Undefined) {
    throw new CommandError(
      code.InvalidIdField,
      `The '_id' value cannot be of type ${typeName(id)}`,
    );
  }
  if (!(id instanceof Map)) return;
  for (const name of id.keys()) {
    if (name.startsWith('$'))
      throw new CommandError(
        code.DollarPrefixedFieldName,
        `The dollar ($) prefixed field '${name}' in '_id.${name}' is not valid for storage.`,
      );
  }
}

function depthOf(v: Value): number {
  if (v instanceof Map) {
    let deepest = 0;
    for (const value of v.values())
      if (typeof value === 'object' && value !== null) deepest = Math.max(deepest, depthOf(value));
    return deepest + 1;
  }
  if (!Array.isArray(v)) return 0;
  let deepest = 0;
  for (const value of v)
    if (typeof value === 'object' && value !== null) deepest = Math.max(deepest, depthOf(value));
  return deepest + 1;
}

/** Inserts one document and gives its record id. */
export function insertDocument(
  context: Context,
  input: { readonly collection: Collection; readonly doc: Doc; readonly validate: boolean },
  writer: Writer,
): { readonly doc: Doc; readonly bytes: Buffer } {
  const { collection } = input;
  const withId: Doc = input.doc.has('_id')
    ? input.doc
    : new Map<string, Value>([['_id', context.engine.newId()], ...input.doc]);
  const after = storable(withId);
  if (input.validate) collection.validator?.(after.doc);
  writeDocument(writer, collection, {
    rid: context.engine.nextRid(collection),
    before: null,
    after,
  });
  return after;
}

/** The newest image of a record as a writer sees it; null when it is gone. */
export function imageOf(
  writer: Writer,
  collection: Collection,
  rid: number,
): { readonly doc: Doc; readonly bytes: Buffer } | null {
  const bytes = writer.view.get(collection.docs, rid);
  return bytes ? { doc: decode(bytes), bytes } : null;
}
