import { compileValidator } from '../catalog/validator.ts';
import { checkDb, checkNamespace } from '../catalog/namespace.ts';
import { nameOf, type Collection } from '../catalog/collection.ts';
import { DocumentSource } from '../cursors/document-source.ts';
import { parseIndex } from '../index/definition.ts';
import { sameKey } from '../index/planner.ts';
import { parseFilter } from '../query/parse.ts';
import { parseCollation } from '../query/text-fold.ts';
import { equal } from '../values/compare.ts';
import { encode, type Plain } from '../values/encode.ts';
import { decode } from '../values/decode.ts';
import { CommandError, code, notImplemented } from '../values/errors.ts';
import type { UnitWriter } from '../transactions/writer.ts';
import { isDoc, type Doc, type Value } from '../values/types.ts';
import { countField, docField, flag, namespaceOf, type Context, type Handler } from './context.ts';
import { openCursor } from './reply.ts';

const CREATE_OPTIONS = [
  'validator',
  'validationLevel',
  'validationAction',
  'changeStreamPreAndPostImages',
  'collation',
] as const;
const COLL_MOD = [
  'validator',
  'validationLevel',
  'validationAction',
  'changeStreamPreAndPostImages',
  'index',
] as const;
const REFUSED_CREATE = [
  'capped',
  'timeseries',
  'viewOn',
  'pipeline',
  'clusteredIndex',
  'storageEngine',
  'encryptedFields',
  'expireAfterSeconds',
] as const;

/** Runs a change of the catalog once no open transaction uses the collections and no index is built on them. */
export async function exclusively<Result>(
  context: Context,
  collections: readonly (Collection | undefined)[],
  run: (unit: UnitWriter) => Result,
): Promise<Result> {
  const { engine } = context;
  for (;;) {
    const user =
      collections.find((c) => c?.build)?.build ??
      engine.sessions
        .open()
        .find((transaction) => collections.some((c) => c && transaction.touched.has(c)));
    if (!user) break;
    await context.budget.waitFor(user.done);
  }
  const unit = engine.unit();
  try {
    return run(unit);
  } finally {
    unit.finish();
  }
}

/** Notes a change of the catalog for the oplog. */
export function logCommand(
  unit: Pick<UnitWriter, 'log'>,
  collection: Pick<Collection, 'ns' | 'uuid'>,
  facts: readonly (readonly [string, Value])[],
): void {
  unit.log({ op: 'c', ns: collection.ns, uuid: collection.uuid, command: new Map(facts) });
}

/** `create` */
export const create: Handler = async (context) => {
  const { body, engine, transaction } = context;
  const ns = namespaceOf(context);
  for (const name of REFUSED_CREATE) {
    if (body.has(name) && body.get(name) !== false)
      throw notImplemented(`the create option '${name}'`);
  }
  const options: Doc = new Map();
  for (const name of CREATE_OPTIONS) if (body.has(name)) options.set(name, body.get(name) as Value);
  parseCollation(options.get('collation'));
  compileValidator(options);
  for (;;) {
    const owner = engine.creating.get(ns);
    if (!owner || owner === transaction) break;
    await context.budget.waitFor(owner.done); // another one may be the owner by then
  }
  const existing = engine.collection(ns, transaction);
  if (existing) {
    if (equal(existing.options, options)) return {};
    throw new CommandError(code.NamespaceExists, `Collection ${ns} already exists.`);
  }
  if (transaction) engine.create(ns, options, transaction);
  else await exclusively(context, [], (unit) => engine.create(ns, options, unit));
  return {};
};

/** `drop` */
export const drop: Handler = async (context) => {
  const ns = namespaceOf(context);
  const collection = context.engine.catalog.get(ns);
  if (!collection) return { ns, nIndexesWas: 0 };
  const nIndexesWas = collection.indexes.length;
  await exclusively(context, [collection], (unit) => dropCollection(context, collection, unit));
  return { ns, nIndexesWas };
};

/** Drops a collection; its cursors end. */
export function dropCollection(context: Context, collection: Collection, unit: UnitWriter): void {
  if (collection.dropped) return;
  logCommand(unit, collection, [['kind', 'drop']]);
  removeCollection(context, collection);
}

function removeCollection(context: Context, collection: Collection): void {
  const { engine } = context;
  engine.catalog.remove(collection, engine.clock.next());
  engine.cursors.closeWhere((cursor) => cursor.ns === collection.ns && !cursor.stream);
}

/** `dropDatabase` */
export const dropDatabase: Handler = async (context) => {
  const { engine, db } = context;
  checkDb(db);
  const collections = engine.catalog.ofDb(db);
  await exclusively(context, collections, (unit) => {
    for (const collection of collections) dropCollection(context, collection, unit);
    const [first] = collections;
    if (first) logCommand(unit, { ns: `${db}.$cmd`, uuid: first.uuid }, [['kind', 'dropDatabase']]);
  });
  return { dropped: db };
};

/** `renameCollection` */
export const renameCollection: Handler = async (context) => {
  const { body, engine } = context;
  const [from, to] = [body.get('renameCollection'), body.get('to')];
  if (typeof from !== 'string' || typeof to !== 'string')
    throw new CommandError(code.InvalidNamespace, 'renameCollection needs two full namespaces');
  checkNamespace(to.slice(0, to.indexOf('.')), nameOf(to));
  const source = engine.catalog.get(from);
  if (!source)
    throw new CommandError(code.NamespaceNotFound, `Source collection ${from} does not exist`);
  if (from === to)
    throw new CommandError(code.IllegalOperation, "Can't rename a collection to itself");
  const target = engine.catalog.get(to);
  if (target && !flag(body, 'dropTarget'))
    throw new CommandError(code.NamespaceExists, 'target namespace exists');
  await exclusively(context, [source, target], (unit) => {
    renameCollectionTo(context, { source, to, target }, unit);
  });
  return {};
};

/** Gives a collection the name of another one, which is dropped in the same step if it is there. */
export function renameCollectionTo(
  context: Context,
  names: {
    readonly source: Collection;
    readonly to: string;
    readonly target: Collection | undefined;
  },
  unit: UnitWriter,
): void {
  const { source, to, target } = names;
  const { engine } = context;
  const dropped = target && !target.dropped ? target : null;
  const facts: readonly (readonly [string, Value])[] = dropped
    ? [['dropTarget', dropped.uuid]]
    : [];
  logCommand(unit, source, [['kind', 'rename'], ['to', to], ...facts]);
  if (dropped) removeCollection(context, dropped);
  engine.catalog.rename(source, to, engine.clock.next());
}

/** Options of `collMod` that belong to kinds of collections which are not supported. */
export const REFUSED_COLL_MOD = [
  'viewOn',
  'pipeline',
  'cappedSize',
  'cappedMax',
  'expireAfterSeconds',
  'timeseries',
  'dryRun',
] as const;

/** `collMod`: the validator, image keeping, and `expireAfterSeconds` or `hidden` of an index. */
export const collMod: Handler = async (context) => {
  const { body, engine } = context;
  const ns = namespaceOf(context);
  const collection = engine.catalog.get(ns);
  if (!collection) throw new CommandError(code.NamespaceNotFound, `ns does not exist: ${ns}`);
  for (const name of REFUSED_COLL_MOD)
    if (body.has(name)) throw notImplemented(`the collMod option '${name}'`);
  const options = new Map(collection.options);
  for (const name of COLL_MOD) {
    if (name !== 'index' && body.has(name)) options.set(name, body.get(name) as Value);
  }
  const validator = compileValidator(options);
  const index = docField(body, 'index');
  return exclusively(context, [collection], (unit) => {
    collection.options = options;
    collection.validator = validator;
    const reply = index ? modifyIndex(context, collection, index) : {};
    collection.persist();
    const given = COLL_MOD.flatMap((name): (readonly [string, Value])[] =>
      body.has(name) ? [[name, body.get(name) as Value]] : [],
    );
    logCommand(unit, collection, [['kind', 'modify'], ...given]);
    return reply;
  });
};

function modifyIndex(context: Context, collection: Collection, spec: Doc): Plain {
  const [name, pattern] = [spec.get('name'), spec.get('keyPattern')];
  const at = collection.indexes.findIndex(({ definition }) =>
    typeof name === 'string'
      ? definition.name === name
      : isDoc(pattern) && sameKey(definition.source.get('key') as Doc, pattern),
  );
  const old = collection.indexes[at];
  if (!old)
    throw new CommandError(
      code.IndexNotFound,
      `cannot find index ${String(name)} for ns ${collection.ns}`,
    );
  const source = new Map(old.definition.source);
  const reply: Record<string, Value> = {};
  for (const option of ['expireAfterSeconds', 'hidden']) {
    const value = spec.get(option);
    if (value === undefined) continue;
    const before = source.get(option);
    if (before !== undefined) reply[`${option}_old`] = before;
    source.set(option, value);
    reply[`${option}_new`] = value;
  }
  for (const option of spec.keys()) {
    if (!['name', 'keyPattern', 'expireAfterSeconds', 'hidden'].includes(option))
      throw notImplemented(`collMod of the index option '${option}'`);
  }
  collection.indexes[at] = { ...old, definition: parseIndex(source) };
  return reply;
}

/** `listCollections` */
export const listCollections: Handler = (context) => {
  const { body, engine, db } = context;
  checkDb(db);
  const filter = parseFilter(docField(body, 'filter') ?? new Map());
  const nameOnly = flag(body, 'nameOnly');
  const rows = engine.catalog
    .ofDb(db)
    .sort((a, b) => (a.ns < b.ns ? -1 : 1))
    .map((collection) => encode(described(collection, nameOnly)));
  const cursor = docField(body, 'cursor');
  return openCursor(context, {
    ns: `${db}.$cmd.listCollections`,
    source: new DocumentSource(rows.filter((row) => filter.test(decode(row)))),
    batchSize: (cursor && countField(cursor, 'batchSize')) ?? 10_000,
  });
};

function described(collection: Collection, nameOnly: boolean): Plain {
  const name = nameOf(collection.ns);
  if (nameOnly) return { name, type: 'collection' };
  return {
    name,
    type: 'collection',
    options: collection.options,
    info: { readOnly: false, uuid: collection.uuid },
    idIndex: collection.indexes[0]?.definition.source,
  };
}

/** `listDatabases` */
export const listDatabases: Handler = (context) => {
  const { body, engine } = context;
  const filter = parseFilter(docField(body, 'filter') ?? new Map());
  const names = new Set([
    'admin',
    'config',
    'local',
    ...engine.catalog.all().map((c) => c.ns.slice(0, c.ns.indexOf('.'))),
  ]);
  const sizeOnDisk = BigInt(engine.store.fileBytes());
  const nameOnly = flag(body, 'nameOnly');
  const rows = [...names].sort().map((name): Plain => {
    const empty = engine.catalog.ofDb(name).length === 0;
    return nameOnly ? { name } : { name, sizeOnDisk: empty ? 0n : sizeOnDisk, empty };
  });
  const databases = rows.filter((row) => filter.test(decode(encode(row))));
  return nameOnly
    ? { databases }
    : { databases, totalSize: sizeOnDisk, totalSizeMb: sizeOnDisk / 1048576n };
};
