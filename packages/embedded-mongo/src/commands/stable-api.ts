import { CommandError, code, typeMismatch } from '../values/errors.ts';
import { truthy } from '../values/make.ts';
import { isDoc, typeName, type Doc } from '../values/types.ts';

/** The commands of MongoDB's Stable API, version 1, as far as this engine has them. */
const VERSION_1: ReadonlySet<string> = new Set([
  'abortTransaction',
  'aggregate',
  'bulkWrite',
  'collMod',
  'commitTransaction',
  'count',
  'create',
  'createIndexes',
  'delete',
  'drop',
  'dropDatabase',
  'dropIndexes',
  'endSessions',
  'explain',
  'find',
  'findAndModify',
  'getMore',
  'insert',
  'killCursors',
  'listCollections',
  'listDatabases',
  'listIndexes',
  'ping',
  'refreshSessions',
  'update',
]);

/** Fields of these commands that are not part of version 1. */
const UNSTABLE_FIELDS: ReadonlyMap<string, readonly string[]> = new Map([
  [
    'find',
    [
      'awaitData',
      'max',
      'min',
      'noCursorTimeout',
      'oplogReplay',
      'returnKey',
      'showRecordId',
      'tailable',
    ],
  ],
  ['create', ['autoIndexId', 'capped', 'indexOptionDefaults', 'max', 'size', 'storageEngine']],
]);

const UNSTABLE_STAGES: ReadonlySet<string> = new Set([
  '$currentOp',
  '$indexStats',
  '$listLocalSessions',
  '$listSessions',
  '$planCacheStats',
  '$search',
]);

const strict = (message: string): CommandError => new CommandError(code.APIStrictError, message);

/**
 * Checks a command against the Stable API version it declares.
 * @throws CommandError 322 on another version than 1, 323 on what `apiStrict` does not allow
 */
export function checkStableApi(name: string, body: Doc): void {
  const version = body.get('apiVersion');
  if (version === undefined) {
    if (body.has('apiStrict') || body.has('apiDeprecationErrors'))
      throw new CommandError(
        4886600,
        'Provided apiStrict or apiDeprecationErrors without passing apiVersion',
      );
    return;
  }
  if (typeof version !== 'string')
    throw typeMismatch(
      `BSON field 'apiVersion' is the wrong type '${typeName(version)}', expected type 'string'`,
    );
  if (version !== '1') throw new CommandError(code.APIVersionError, 'API version must be "1"');
  if (!truthy(body.get('apiStrict'))) return;
  if (!VERSION_1.has(name))
    throw strict(
      `Provided apiStrict:true, but the command ${name} is not in API Version 1. Information on supported commands and migrations in API Version 1 can be found at https://dochub.mongodb.org/core/manual-versioned-api.`,
    );
  for (const field of UNSTABLE_FIELDS.get(name) ?? [])
    if (body.has(field))
      throw strict(`BSON field '${name}.${field}' is not allowed with apiStrict:true.`);
  const stages = name === 'aggregate' ? body.get('pipeline') : [];
  for (const stage of Array.isArray(stages) ? stages : []) if (isDoc(stage)) checkStage(stage);
}

function checkStage(stage: Doc): void {
  const [[name, spec] = ['', null]] = stage;
  const onlyCounts = isDoc(spec) && [...spec.keys()].join() === 'count';
  if (UNSTABLE_STAGES.has(name) || (name === '$collStats' && !onlyCounts))
    throw strict(`stage ${name} is not allowed with 'apiStrict: true' in API Version 1`);
}
