import type { Collection, Index } from '../catalog/collection.ts';
import { DocumentSource } from '../cursors/document-source.ts';
import { parseIndex, type IndexDefinition } from '../index/definition.ts';
import { checkPartialFilter } from '../index/partial.ts';
import { sameKey } from '../index/planner.ts';
import type { Transaction } from '../transactions/writer.ts';
import { equal } from '../values/compare.ts';
import { encode } from '../values/encode.ts';
import { CommandError, code, notImplemented } from '../values/errors.ts';
import { show } from '../values/show.ts';
import { isDoc, type Doc, type Value } from '../values/types.ts';
import { buildIndexes, buildInTransaction, publishIndex } from './build-index.ts';
import { exclusively, logCommand } from './collections.ts';
import {
  countField,
  docField,
  docList,
  flag,
  namespaceOf,
  targetOf,
  type Context,
  type Handler,
  type Reply,
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
  for (const spec of specs) {
    parseIndex(spec);
    if (flag(spec, 'prepareUnique')) throw notImplemented("the index option 'prepareUnique'");
    checkPartialFilter(docField(spec, 'partialFilterExpression') ?? new Map());
  }
  if (transaction) return createInTransaction(context, transaction, { ns, specs });
  for (let owner = engine.creating.get(ns); owner; owner = engine.creating.get(ns)) {
    await context.budget.waitFor(owner.done);
  }
  const existing = engine.catalog.get(ns);
  if (existing && missing(existing, specs).length === 0)
    return created(existing, existing.indexes.length, false);
  return exclusively(context, [existing], async (unit) => {
    const now = engine.catalog.get(ns);
    const collection = now ?? engine.create(ns, new Map(), unit);
    const before = collection.indexes.length;
    await buildIndexes(context, collection, missing(collection, specs));
    return created(collection, before, !now);
  });
};

function createInTransaction(
  context: Context,
  transaction: Transaction,
  input: { readonly ns: string; readonly specs: readonly Doc[] },
): Reply {
  const { engine } = context;
  const own = transaction.created.get(input.ns);
  if (!own && engine.collection(input.ns, transaction))
    throw new CommandError(
      code.OperationNotSupportedInTransaction,
      `Cannot create new indexes on existing collection ${input.ns} in a multi-document transaction.`,
    );
  const collection = own ?? engine.create(input.ns, new Map(), transaction);
  const before = collection.indexes.length;
  for (const definition of missing(collection, input.specs))
    publishIndex(
      transaction,
      collection,
      buildInTransaction(context, { collection, definition }, transaction),
    );
  return created(collection, before, !own);
}

function created(collection: Collection, before: number, automatically: boolean): Reply {
  const numIndexesAfter = collection.indexes.length;
  return {
    numIndexesBefore: before,
    numIndexesAfter,
    createdCollectionAutomatically: automatically,
    ...(numIndexesAfter === before ? { note: 'all indexes already exist' } : {}),
  };
}

function missing(collection: Collection, specs: readonly Doc[]): IndexDefinition[] {
  const fresh: IndexDefinition[] = [];
  for (const spec of specs) {
    const definition = parseIndex(inheriting(spec, collection));
    const there = collection.indexes.map((index) => index.definition);
    if (!isThere(definition, [...there, ...fresh])) fresh.push(definition);
  }
  if (collection.indexes.length + fresh.length > MAX_INDEXES)
    throw new CommandError(
      code.CannotCreateIndex,
      `add index fails, too many indexes for ${collection.ns}`,
    );
  return fresh;
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

/** `listIndexes` */
export const listIndexes: Handler = (context) => {
  const ns = namespaceOf(context);
  const collection = targetOf(context);
  if (!collection) throw new CommandError(code.NamespaceNotFound, `ns does not exist: ${ns}`);
  const cursor = docField(context.body, 'cursor');
  return openCursor(context, {
    ns,
    source: new DocumentSource(collection.indexes.map((index) => encode(index.definition.source))),
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
      engine.catalog.dropIndex(index);
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
