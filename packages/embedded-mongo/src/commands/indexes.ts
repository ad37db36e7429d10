import type { Collection, Index } from '../catalog/collection.ts';
import { DocumentSource } from '../cursors/document-source.ts';
import { parseIndex, type IndexDefinition } from '../index/definition.ts';
import { keysOf } from '../index/entries.ts';
import { sameKey } from '../index/planner.ts';
import { duplicateKey, entryKey } from '../index/write.ts';
import type { Writer } from '../transactions/writer.ts';
import { equal } from '../values/compare.ts';
import { decode } from '../values/decode.ts';
import { encode } from '../values/encode.ts';
import { CommandError, code } from '../values/errors.ts';
import { show } from '../values/show.ts';
import { isDoc, type Doc, type Value } from '../values/types.ts';
import { exclusively, logCommand } from './collections.ts';
import {
  countField,
  docField,
  docList,
  namespaceOf,
  targetOf,
  type Context,
  type Handler,
} from './context.ts';
import { openCursor } from './reply.ts';

const MAX_INDEXES = 64;

/** `createIndexes` */
export const createIndexes: Handler = async (context) => {
  const { body, engine, transaction } = context;
  const ns = namespaceOf(context);
  const specs = docList(body, 'indexes');
  if (specs.length === 0)
    throw new CommandError(code.BadValue, 'Must specify at least one index to create');
  specs.forEach((spec) => parseIndex(spec));
  const existing = engine.collection(ns, transaction);
  if (transaction) {
    const own = transaction.created.get(ns);
    if (existing && !own)
      throw new CommandError(
        code.OperationNotSupportedInTransaction,
        `Cannot create new indexes on existing collection ${ns} in a multi-document transaction.`,
      );
    return build(context, own ?? engine.create(ns, new Map(), transaction), {
      specs,
      writer: transaction,
      created: !own,
    });
  }
  const missing = existing
    ? specs.some(
        (spec) =>
          !isThere(
            parseIndex(inheriting(spec, existing)),
            existing.indexes.map((index) => index.definition),
          ),
      )
    : true;
  return exclusively(context, missing ? [existing] : [], (unit) => {
    const now = engine.catalog.get(ns);
    return build(context, now ?? engine.create(ns, new Map(), unit), {
      specs,
      writer: unit,
      created: !now,
    });
  });
};

interface BuildInput {
  readonly specs: readonly Doc[];
  readonly writer: Writer;
  readonly created: boolean;
}

function build(
  context: Context,
  collection: Collection,
  input: BuildInput,
): {
  numIndexesBefore: number;
  numIndexesAfter: number;
  createdCollectionAutomatically: boolean;
  note?: string;
} {
  const { engine } = context;
  const before = collection.indexes.length;
  const fresh: IndexDefinition[] = [];
  for (const spec of input.specs) {
    const definition = parseIndex(inheriting(spec, collection));
    if (!isThere(definition, [...collection.indexes.map((index) => index.definition), ...fresh]))
      fresh.push(definition);
  }
  if (before + fresh.length > MAX_INDEXES)
    throw new CommandError(
      code.CannotCreateIndex,
      `add index fails, too many indexes for ${collection.ns}`,
    );
  const built = fresh.map((definition) => fill(context, collection, definition, input.writer));
  for (const index of built) {
    collection.indexes.push(index);
    logCommand(input.writer, collection, [
      ['kind', 'createIndexes'],
      ['index', index.definition.source],
    ]);
  }
  if (built.length > 0) {
    // Snapshots from before the build would miss documents in the new index.
    if (!context.transaction && !input.created)
      engine.catalog.changedAt.set(collection.ns, engine.clock.next());
    collection.persist();
  }
  const numIndexesAfter = collection.indexes.length;
  const note = built.length === 0 ? { note: 'all indexes already exist' } : {};
  return {
    numIndexesBefore: before,
    numIndexesAfter,
    createdCollectionAutomatically: input.created,
    ...note,
  };
}

// An index takes the collation of its collection unless it names its own.
function inheriting(spec: Doc, collection: Collection): Doc {
  const own = collection.options.get('collation');
  return own === undefined || spec.has('collation')
    ? spec
    : new Map<string, Value>([...spec, ['collation', own]]);
}

function isThere(wanted: IndexDefinition, existing: readonly IndexDefinition[]): boolean {
  for (const other of existing) {
    const sameName = other.name === wanted.name;
    const alike =
      sameKey(other.source.get('key') as Doc, wanted.source.get('key') as Doc) &&
      sameRules(other, wanted);
    if (!sameName && !alike) continue;
    if (sameName && alike && sameOptions(other, wanted)) return true;
    if (sameName) {
      if (alike)
        throw new CommandError(
          code.IndexOptionsConflict,
          `An equivalent index already exists with the same name but different options. Requested index: ${show(wanted.source)}, existing index: ${show(other.source)}`,
        );
      throw new CommandError(
        code.IndexKeySpecsConflict,
        `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index: ${show(wanted.source)}, existing index: ${show(other.source)}`,
      );
    }
    if (sameOptions(other, wanted))
      throw new CommandError(
        code.IndexOptionsConflict,
        `Index already exists with a different name: ${other.name}`,
      );
    throw new CommandError(
      code.IndexOptionsConflict,
      `An equivalent index already exists with a different name and options. Requested index: ${show(wanted.source)}, existing index: ${show(other.source)}`,
    );
  }
  return false;
}

const option = (definition: IndexDefinition, name: string): Value =>
  definition.source.get(name) ?? null;
// What tells two indexes over one key apart, since 5.0 also `unique` and `sparse`.
const sameRules = (a: IndexDefinition, b: IndexDefinition): boolean =>
  a.unique === b.unique &&
  a.sparse === b.sparse &&
  equal(option(a, 'collation'), option(b, 'collation')) &&
  equal(option(a, 'partialFilterExpression'), option(b, 'partialFilterExpression'));
const sameOptions = (a: IndexDefinition, b: IndexDefinition): boolean =>
  a.expireAfterSeconds === b.expireAfterSeconds;

// Fills a new index from the documents there are; nothing is kept when a unique key is there twice.
function fill(
  context: Context,
  collection: Collection,
  definition: IndexDefinition,
  writer: Writer,
): Index {
  const { engine } = context;
  const index = engine.catalog.prepareIndex(definition.source);
  const all = { from: collection.from, to: collection.to, reverse: false };
  try {
    for (const [rid, bytes] of writer.view.scan(collection.docs, all)) {
      const doc = decode(bytes);
      const { keys, multikey } = keysOf(definition, doc);
      if (multikey) index.multikey = true;
      for (const key of keys) {
        const full = entryKey(index, key, rid);
        if (definition.unique && writer.view.get(index.entries, full) !== null)
          throw duplicateKey(collection, definition, doc, key);
        writer.put(index.entries, full, rid);
      }
    }
  } catch (error) {
    if (!context.transaction) engine.catalog.dropEntries(index);
    throw error;
  }
  return index;
}

/** `listIndexes` */
export const listIndexes: Handler = (context) => {
  const ns = namespaceOf(context);
  const collection = targetOf(context);
  if (!collection) throw new CommandError(code.NamespaceNotFound, `ns does not exist: ${ns}`);
  const cursor = docField(context.body, 'cursor');
  return openCursor(context, {
    ns,
    source: new DocumentSource(
      collection.indexes.map((index) => encode(index.definition.source)),
      () => Promise.resolve(),
    ),
    batchSize: (cursor && countField(cursor, 'batchSize')) ?? 1000,
  });
};

/** `dropIndexes` */
export const dropIndexes: Handler = async (context) => {
  const { body, engine } = context;
  const ns = namespaceOf(context);
  const collection = engine.catalog.get(ns);
  if (!collection) throw new CommandError(code.NamespaceNotFound, `ns not found ${ns}`);
  const nIndexesWas = collection.indexes.length;
  const wanted = body.get('index');
  if (wanted === undefined)
    throw new CommandError(
      code.IDLFailedToParse,
      "BSON field 'dropIndexes.index' is missing but a required field",
    );
  const list = (Array.isArray(wanted) ? wanted : [wanted]).flatMap((v) => named(collection, v));
  await exclusively(context, [collection], (unit) => {
    collection.indexes = collection.indexes.filter((index) => !list.includes(index));
    for (const index of list) {
      engine.catalog.dropEntries(index);
      logCommand(unit, collection, [
        ['kind', 'dropIndexes'],
        ['index', index.definition.source],
      ]);
    }
    collection.persist();
  });
  return { nIndexesWas };
};

function named(collection: Collection, v: Value): Index[] {
  if (v === '*') return collection.indexes.slice(1);
  const found = collection.indexes.find(({ definition }) =>
    isDoc(v) ? sameKey(definition.source.get('key') as Doc, v) : definition.name === v,
  );
  if (!found)
    throw new CommandError(
      code.IndexNotFound,
      isDoc(v)
        ? `can't find index with key: ${show(v)}`
        : `index not found with name [${String(v)}]`,
    );
  if (found.definition.name === '_id_')
    throw new CommandError(code.InvalidOptions, 'cannot drop _id index');
  return [found];
}
