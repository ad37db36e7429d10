import { compileExpression, type Variables } from '../expression/compile.ts';
import { sized } from '../values/number.ts';
import { CommandError, code, notImplemented, unknownField } from '../values/errors.ts';
import { Binary, isDoc, typeName, UtcDate, type Doc, type Value } from '../values/types.ts';
import { namespaceOf, targetOf, type Context } from './context.ts';

interface Source {
  /** What it may be run on: a collection, any database (`aggregate: 1`), or the database `admin`. */
  readonly on: 'collection' | 'database' | 'admin';
  readonly make: (context: Context, spec: Value, variables: Variables) => Doc[];
}

/** Stages that make documents by themselves; each is the first of its pipeline. */
const SOURCES: ReadonlyMap<string, Source> = new Map<string, Source>([
  ['$documents', { on: 'database', make: documents }],
  ['$listLocalSessions', { on: 'database', make: localSessions }],
  ['$currentOp', { on: 'admin', make: currentOperations }],
  ['$collStats', { on: 'collection', make: collectionStats }],
]);

/**
 * The documents that the first stage of a pipeline makes by itself, or null when it reads the
 * collection as other stages do.
 * @throws CommandError 73 when it is run on what it cannot be run on
 */
export function sourceOf(
  context: Context,
  first: Doc | undefined,
  variables: Variables,
): Doc[] | null {
  const whole = typeof context.body.get('aggregate') !== 'string';
  const [[name, spec] = ['', null]] = first ?? [];
  const source = first?.size === 1 ? SOURCES.get(name) : undefined;
  if (!source) {
    if (!whole) return null;
    throw new CommandError(
      code.InvalidNamespace,
      `{aggregate: 1} is not valid for '${name}'; a collection is required.`,
    );
  }
  if (whole && source.on === 'collection')
    throw new CommandError(
      code.InvalidNamespace,
      `{aggregate: 1} is not valid for '${name}'; a collection is required.`,
    );
  if (!whole && source.on !== 'collection')
    throw new CommandError(
      code.InvalidNamespace,
      `${name} must be run against the database with {aggregate: 1}, not a collection`,
    );
  if (source.on === 'admin' && context.db !== 'admin')
    throw new CommandError(
      code.InvalidNamespace,
      `${name} must be run against the 'admin' database with {aggregate: 1}`,
    );
  if (context.transaction && name !== '$documents')
    throw new CommandError(
      code.OperationNotSupportedInTransaction,
      `Stage not supported inside of a multi-document transaction: ${name}`,
    );
  return source.make(context, spec, variables);
}

function documents(_: Context, spec: Value, variables: Variables): Doc[] {
  const list = compileExpression(spec, variables)(new Map());
  if (!Array.isArray(list) || !list.every(isDoc))
    throw new CommandError(
      5858203,
      `an array is expected that holds documents only, found ${typeName(list)}`,
    );
  return list;
}

function options(name: string, spec: Value, known: readonly string[]): Doc {
  if (!isDoc(spec))
    throw new CommandError(
      code.FailedToParse,
      `${name} options must be specified in an object, but found: ${typeName(spec)}`,
    );
  for (const option of spec.keys()) if (!known.includes(option)) throw unknownField(name, option);
  return spec;
}

function localSessions(context: Context, spec: Value): Doc[] {
  const users = options('$listLocalSessions', spec, ['allUsers', 'users']).has('users');
  if (users) throw notImplemented('$listLocalSessions of some users');
  return context.engine.sessions.all().map(
    ({ lsid, usedAtMs }) =>
      new Map<string, Value>([
        ['_id', new Map([['id', new Binary(Buffer.from(lsid, 'latin1'), 4)]])],
        ['lastUse', new UtcDate(usedAtMs)],
      ]),
  );
}

const IDLE = ['idleConnections', 'idleCursors', 'idleSessions'];

function currentOperations(context: Context, spec: Value): Doc[] {
  const wanted = options('$currentOp', spec, ['allUsers', 'localOps', 'truncateOps', ...IDLE]);
  for (const idle of IDLE)
    if (wanted.get(idle) === true) throw notImplemented(`the $currentOp option '${idle}'`);
  return context.engine.operations.shown();
}

function collectionStats(context: Context, spec: Value): Doc[] {
  const wanted = options('$collStats', spec, [
    'count',
    'latencyStats',
    'storageStats',
    'queryExecStats',
  ]);
  for (const option of wanted.keys())
    if (option !== 'count') throw notImplemented(`the $collStats option '${option}'`);
  const ns = namespaceOf(context);
  const collection = targetOf(context);
  if (wanted.has('count') && !collection)
    throw new CommandError(
      code.NamespaceNotFound,
      `Unable to retrieve count in $collStats stage :: caused by :: Collection [${ns}] not found.`,
    );
  const stats: Doc = new Map<string, Value>([
    ['ns', ns],
    ['host', context.peer.host],
    ['localTime', new UtcDate(context.engine.now())],
  ]);
  if (wanted.has('count') && collection)
    stats.set('count', sized(context.engine.count(collection)));
  return [stats];
}
