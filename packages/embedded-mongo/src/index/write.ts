import type { Collection, Index } from '../catalog/collection.ts';
import type { Change } from '../changes/entry.ts';
import { describeUpdate } from '../changes/describe.ts';
import type { Writer } from '../transactions/writer.ts';
import { truthy } from '../values/make.ts';
import { CommandError, code } from '../values/errors.ts';
import { uint32Key } from '../values/encode-key.ts';
import { show } from '../values/show.ts';
import { isDoc, type Doc, type Value } from '../values/types.ts';
import { idOf, valuesAt } from '../query/path.ts';
import type { IndexDefinition } from './definition.ts';
import { keysOf, partKey } from './entries.ts';

/** A document in both its forms. */
export interface Image {
  readonly doc: Doc;
  readonly bytes: Buffer;
}

/** One change of one document. */
export interface DocumentWrite {
  readonly rid: number;
  readonly before: Image | null;
  readonly after: Image | null;
  /** A whole-document replacement is told apart from an update by change streams. */
  readonly replacement?: boolean;
}

const ridKey = (rid: number): string =>
  uint32Key(Math.floor(rid / 2 ** 32)) + uint32Key(rid % 2 ** 32);

/** The full key of an entry; entries of indexes that are not unique end with the record id. */
export const entryKey = (index: Index, key: string, rid: number): string =>
  index.definition.unique ? index.from + key : index.from + key + ridKey(rid);

interface IndexChange {
  readonly index: Index;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/**
 * Writes one document with all its index entries and its oplog change, or throws before anything
 * was written.
 * @throws CommandError 11000 on a unique key, 171 on parallel arrays, 112 or Blocked on a conflict
 */
export function writeDocument(writer: Writer, collection: Collection, write: DocumentWrite): void {
  const { rid, before, after } = write;
  if (collection.build) writer.yieldTo(collection.build);
  const changes: IndexChange[] = [];
  if (before) writer.claim(collection.docs, rid);
  for (const index of collection.indexes)
    changes.push(indexChange(writer, collection, index, write));
  for (const { index, removed, added } of changes) {
    for (const key of removed) writer.put(index.entries, key, { before: rid, after: null });
    for (const key of added) writer.put(index.entries, key, { before: null, after: rid });
  }
  writer.put(collection.docs, rid, { before: before?.bytes ?? null, after: after?.bytes ?? null });
  if (!before) writer.counted(collection, 1);
  else if (!after) writer.counted(collection, -1);
  writer.log(changeOf(collection, write));
}

function indexChange(
  writer: Writer,
  collection: Collection,
  index: Index,
  write: DocumentWrite,
): IndexChange {
  const { rid, before, after } = write;
  const { definition } = index;
  const old = before ? keysOf(definition, before.doc) : null;
  const now = after ? keysOf(definition, after.doc) : null;
  if (now?.multikey && !index.multikey) {
    index.multikey = true; // kept even if this write fails: it only makes plans more careful
    collection.persist();
  }
  const oldKeys = new Set(old?.keys.map((key) => entryKey(index, key, rid)));
  const newKeys = new Set(now?.keys.map((key) => entryKey(index, key, rid)));
  const removed = [...oldKeys].filter((key) => !newKeys.has(key));
  const added = [...newKeys].filter((key) => !oldKeys.has(key));
  if (!definition.unique) return { index, removed, added };
  for (const key of removed) writer.claim(index.entries, key);
  for (const key of added) {
    writer.claim(index.entries, key);
    const holder = writer.view.get(index.entries, key);
    if (holder !== null && holder !== rid && after)
      throw duplicateKey(collection, definition, after.doc, key.slice(index.from.length));
  }
  return { index, removed, added };
}

/** The error of a unique index, worded as MongoDB words it. */
export function duplicateKey(
  collection: Collection,
  definition: IndexDefinition,
  doc: Doc,
  key: string,
): CommandError {
  const keyValue: Doc = new Map();
  let at = 0;
  for (const part of definition.parts) {
    const values: Value[] = valuesAt(doc, part.path).map((v) => v ?? null);
    const hit = values.find((v) => key.startsWith(partKey(definition, part, v), at)) ?? null;
    keyValue.set(part.field, hit);
    at += partKey(definition, part, hit).length;
  }
  const keyPattern = definition.source.get('key') as Doc;
  return new CommandError(
    code.DuplicateKey,
    `E11000 duplicate key error collection: ${collection.ns} index: ${definition.name} dup key: ${show(keyValue)}`,
    { extra: { keyPattern, keyValue } },
  );
}

function keepsImages(collection: Collection): boolean {
  const images = collection.options.get('changeStreamPreAndPostImages');
  return isDoc(images) && truthy(images.get('enabled'));
}

function changeOf(collection: Collection, write: DocumentWrite): Change {
  const { before, after } = write;
  const images = keepsImages(collection);
  const base = {
    ns: collection.ns,
    uuid: collection.uuid,
    id: idOf((after ?? before)?.doc ?? new Map()),
    ...(images && before ? { before: before.bytes } : {}),
    ...(images && after && before ? { after: after.bytes } : {}),
  };
  if (!after) return { op: 'd', ...base };
  if (!before) return { op: 'i', ...base, doc: after.bytes };
  if (write.replacement) return { op: 'r', ...base, doc: after.bytes };
  return { op: 'u', ...base, description: describeUpdate(before.doc, after.doc) };
}
