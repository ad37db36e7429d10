import { aggregate } from './aggregate.ts';
import { bulkWrite } from './bulk-write.ts';
import { COMMAND_NAMES } from './command-names.ts';
import {
  REFUSED_COLL_MOD,
  collMod,
  create,
  drop,
  dropDatabase,
  listCollections,
  listDatabases,
  renameCollection,
} from './collections.ts';
import type { Handler } from './context.ts';
import { count, distinct } from './count.ts';
import { beginBackup, endBackup } from './backup.ts';
import {
  buildInfo,
  collStats,
  connectionStatus,
  dbStats,
  currentOp,
  hostInfo,
  ping,
  profile,
  replSetGetStatus,
  serverStatus,
  validate,
} from './diagnostics.ts';
import { explain } from './explain.ts';
import { findAndModify } from './find-and-modify.ts';
import { find, getMore, killCursors } from './find.ts';
import { getParameter, setParameter } from './parameters.ts';
import { createIndexes, dropIndexes, listIndexes } from './indexes.ts';
import {
  abortTransaction,
  commitTransaction,
  endSessions,
  killAllSessions,
  refreshSessions,
  startSession,
} from './sessions.ts';
import { insert } from './insert.ts';
import { remove, update } from './write.ts';

/** A command: how it runs, which fields it knows, and what it may be part of. */
export interface Command {
  readonly run: Handler;
  /** `any` for a command that takes names as fields and checks them itself. */
  readonly fields: readonly string[] | 'any';
  /** May be sent inside a transaction. */
  readonly inTransaction?: true;
  /** Writes that carry a transaction number may be sent again. */
  readonly retryable?: true;
  /** Takes a write concern and answers with its error. */
  readonly writes?: true;
}

/** Fields that any command may carry. */
export const GENERIC_FIELDS: ReadonlySet<string> = new Set([
  '$db',
  'lsid',
  'txnNumber',
  'autocommit',
  'startTransaction',
  '$clusterTime',
  '$readPreference',
  'readConcern',
  'writeConcern',
  'maxTimeMS',
  'comment',
  'apiVersion',
  'apiStrict',
  'apiDeprecationErrors',
  '$audit',
  '$client',
  '$configServerState',
  'clientOperationKey',
]);

const READ = ['collation', 'hint', 'let'];

/** The commands this engine has, by name. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['ping', { run: ping, fields: [] }],
  ['buildInfo', { run: buildInfo, fields: [] }],
  ['buildinfo', { run: buildInfo, fields: [] }],
  ['getParameter', { run: getParameter, fields: 'any' }],
  ['setParameter', { run: setParameter, fields: 'any' }],
  ['connectionStatus', { run: connectionStatus, fields: ['showPrivileges'] }],
  ['serverStatus', { run: serverStatus, fields: ['repl', 'metrics', 'locks'] }],
  ['currentOp', { run: currentOp, fields: ['$all', '$ownOps'] }],
  ['hostInfo', { run: hostInfo, fields: [] }],
  ['profile', { run: profile, fields: [] }],
  ['replSetGetStatus', { run: replSetGetStatus, fields: [] }],
  ['dbStats', { run: dbStats, fields: ['scale', 'freeStorage'] }],
  ['dbstats', { run: dbStats, fields: ['scale', 'freeStorage'] }],
  ['collStats', { run: collStats, fields: ['scale'] }],
  ['collstats', { run: collStats, fields: ['scale'] }],
  ['validate', { run: validate, fields: ['full', 'background'] }],
  [
    'find',
    {
      run: find,
      inTransaction: true,
      fields: [
        ...READ,
        'filter',
        'projection',
        'sort',
        'skip',
        'limit',
        'batchSize',
        'singleBatch',
        'noCursorTimeout',
        'allowDiskUse',
        'allowPartialResults',
        'tailable',
        'awaitData',
        'returnKey',
        'showRecordId',
        'min',
        'max',
        'oplogReplay',
      ],
    },
  ],
  ['getMore', { run: getMore, inTransaction: true, fields: ['collection', 'batchSize'] }],
  ['killCursors', { run: killCursors, inTransaction: true, fields: ['cursors'] }],
  [
    'aggregate',
    {
      run: aggregate,
      inTransaction: true,
      writes: true,
      fields: [
        ...READ,
        'pipeline',
        'cursor',
        'explain',
        'allowDiskUse',
        'bypassDocumentValidation',
      ],
    },
  ],
  ['count', { run: count, fields: ['query', 'limit', 'skip', 'hint', 'collation'] }],
  [
    'distinct',
    { run: distinct, inTransaction: true, fields: ['key', 'query', 'collation', 'hint'] },
  ],
  [
    'insert',
    {
      run: insert,
      inTransaction: true,
      retryable: true,
      writes: true,
      fields: ['documents', 'ordered', 'bypassDocumentValidation', 'stmtId', 'stmtIds'],
    },
  ],
  [
    'update',
    {
      run: update,
      inTransaction: true,
      retryable: true,
      writes: true,
      fields: ['updates', 'ordered', 'bypassDocumentValidation', 'let', 'stmtId', 'stmtIds'],
    },
  ],
  [
    'delete',
    {
      run: remove,
      inTransaction: true,
      retryable: true,
      writes: true,
      fields: ['deletes', 'ordered', 'let', 'stmtId', 'stmtIds'],
    },
  ],
  [
    'findAndModify',
    {
      run: findAndModify,
      inTransaction: true,
      retryable: true,
      writes: true,
      fields: [
        ...READ,
        'query',
        'sort',
        'remove',
        'update',
        'new',
        'fields',
        'upsert',
        'bypassDocumentValidation',
        'arrayFilters',
        'stmtId',
      ],
    },
  ],
  [
    'bulkWrite',
    {
      run: bulkWrite,
      inTransaction: true,
      retryable: true,
      writes: true,
      fields: [
        'ops',
        'nsInfo',
        'ordered',
        'errorsOnly',
        'bypassDocumentValidation',
        'let',
        'cursor',
        'stmtId',
        'stmtIds',
      ],
    },
  ],
  [
    'create',
    {
      run: create,
      inTransaction: true,
      writes: true,
      fields: [
        'validator',
        'validationLevel',
        'validationAction',
        'changeStreamPreAndPostImages',
        'collation',
        'capped',
        'size',
        'max',
        'timeseries',
        'viewOn',
        'pipeline',
        'clusteredIndex',
        'storageEngine',
        'encryptedFields',
        'expireAfterSeconds',
        'autoIndexId',
        'idIndex',
        'indexOptionDefaults',
      ],
    },
  ],
  [
    'createIndexes',
    { run: createIndexes, inTransaction: true, writes: true, fields: ['indexes', 'commitQuorum'] },
  ],
  [
    'collMod',
    {
      run: collMod,
      writes: true,
      fields: [
        'validator',
        'validationLevel',
        'validationAction',
        'changeStreamPreAndPostImages',
        'index',
        ...REFUSED_COLL_MOD,
      ],
    },
  ],
  ['drop', { run: drop, writes: true, fields: [] }],
  ['dropDatabase', { run: dropDatabase, writes: true, fields: [] }],
  ['dropIndexes', { run: dropIndexes, writes: true, fields: ['index'] }],
  ['renameCollection', { run: renameCollection, writes: true, fields: ['to', 'dropTarget'] }],
  [
    'listCollections',
    { run: listCollections, fields: ['filter', 'nameOnly', 'authorizedCollections', 'cursor'] },
  ],
  ['listDatabases', { run: listDatabases, fields: ['filter', 'nameOnly', 'authorizedDatabases'] }],
  ['listIndexes', { run: listIndexes, fields: ['cursor'] }],
  ['beginBackup', { run: beginBackup, fields: [] }],
  ['endBackup', { run: endBackup, fields: [] }],
  ['explain', { run: explain, fields: ['verbosity'] }],
  ['startSession', { run: startSession, fields: [] }],
  ['refreshSessions', { run: refreshSessions, fields: [] }],
  ['endSessions', { run: endSessions, fields: [] }],
  ['killSessions', { run: endSessions, fields: [] }],
  ['killAllSessions', { run: killAllSessions, fields: [] }],
  [
    'commitTransaction',
    { run: commitTransaction, inTransaction: true, writes: true, fields: ['recoveryToken'] },
  ],
  [
    'abortTransaction',
    { run: abortTransaction, inTransaction: true, writes: true, fields: ['recoveryToken'] },
  ],
]);

/** Commands of MongoDB that are refused by name instead of being unknown. */
export const REFUSED_COMMANDS: ReadonlySet<string> = new Set(
  COMMAND_NAMES.filter((name) => !COMMANDS.has(name)),
);

/** Commands of Atlas Search: a server without it refuses them with a code of their own. */
export const SEARCH_COMMANDS: ReadonlySet<string> = new Set([
  'createSearchIndexes',
  'updateSearchIndex',
  'dropSearchIndex',
]);
