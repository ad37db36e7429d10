import { UtcDate } from '../values/types.ts';
import type { Encodable, Plain } from '../values/encode.ts';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** The commands of MongoDB 8.0 that a client may send, without those of sharded clusters' internals. */
export const COMMAND_NAMES = words(`
  abortTransaction aggregate analyze applyOps authenticate autoCompact buildInfo bulkWrite
  checkMetadataConsistency clearJumboChunk cloneCollectionAsCapped collMod collStats commitTransaction
  compact configureQueryAnalyzer connPoolStats connectionStatus convertToCapped count create createIndexes
  createRole createSearchIndexes createUser currentOp dataSize dbHash dbStats delete distinct driverOIDCTest
  drop dropAllRolesFromDatabase dropAllUsersFromDatabase dropConnections dropDatabase dropIndexes dropRole
  dropSearchIndex dropUser enableSharding endSessions explain features filemd5 find findAndModify fsync
  fsyncUnlock getCmdLineOpts getDefaultRWConcern getLog getMore getParameter getQueryableEncryptionCountInfo
  grantPrivilegesToRole grantRolesToRole grantRolesToUser hello hostInfo insert invalidateUserCache
  isdbgrid killAllSessions killAllSessionsByPattern killCursors killOp killSessions listCollections
  listCommands listDatabases listIndexes listShards lockInfo logRotate logout mapReduce planCacheClear
  planCacheClearFilters planCacheListFilters planCacheSetFilter ping profile reIndex refreshSessions
  removeQuerySettings renameCollection replSetAbortPrimaryCatchUp replSetFreeze replSetGetConfig
  replSetGetStatus replSetInitiate replSetMaintenance replSetReconfig replSetResizeOplog replSetStepDown
  replSetSyncFrom revokePrivilegesFromRole revokeRolesFromRole revokeRolesFromUser rolesInfo rotateCertificates
  saslContinue saslStart serverStatus setClusterParameter setDefaultRWConcern setFeatureCompatibilityVersion
  setIndexCommitQuorum setParameter setQuerySettings setUserWriteBlockMode shardCollection shutdown
  startSession top updateRole update updateSearchIndex updateUser usersInfo validate
  validateDBMetadata whatsmyuri
`);

/** A command with the arguments MongoDB 8.0 knows for it, each with a value it would take. */
export interface CommandArguments {
  readonly base: Plain;
  readonly db?: string;
  readonly arguments: Readonly<Record<string, Encodable>>;
}

const collation = { locale: 'en', strength: 2 };

/** The arguments of the commands that applications use. */
export const COMMAND_ARGUMENTS: Readonly<Record<string, CommandArguments>> = {
  find: {
    base: { find: 'rows', filter: {} },
    arguments: {
      sort: { a: 1 },
      projection: { a: 1 },
      hint: '_id_',
      skip: 1,
      limit: 1,
      batchSize: 1,
      singleBatch: true,
      comment: 'why',
      maxTimeMS: 1000,
      max: { a: 5 },
      min: { a: 1 },
      returnKey: true,
      showRecordId: true,
      tailable: true,
      awaitData: true,
      oplogReplay: true,
      noCursorTimeout: true,
      allowPartialResults: true,
      collation,
      allowDiskUse: true,
      let: { x: 1 },
      readConcern: { level: 'majority' },
      rawData: true,
    },
  },
  aggregate: {
    base: { aggregate: 'rows', pipeline: [], cursor: {} },
    arguments: {
      explain: true,
      allowDiskUse: true,
      maxTimeMS: 1000,
      bypassDocumentValidation: true,
      readConcern: { level: 'local' },
      collation,
      hint: '_id_',
      comment: 'why',
      writeConcern: { w: 'majority' },
      let: { x: 1 },
      rawData: true,
    },
  },
  count: {
    base: { count: 'rows' },
    arguments: {
      query: { a: 1 },
      limit: 1,
      skip: 1,
      hint: '_id_',
      collation,
      comment: 'why',
      maxTimeMS: 1000,
      fields: null,
    },
  },
  distinct: {
    base: { distinct: 'rows', key: 'a' },
    arguments: { query: { a: 1 }, collation, comment: 'why', hint: '_id_', maxTimeMS: 1000 },
  },
  insert: {
    base: { insert: 'rows', documents: [{ b: 1 }] },
    arguments: {
      ordered: false,
      maxTimeMS: 1000,
      writeConcern: { w: 1, j: true, wtimeout: 5 },
      bypassDocumentValidation: true,
      comment: 'why',
    },
  },
  update: {
    base: { update: 'rows', updates: [{ q: { a: 1 }, u: { $set: { b: 1 } } }] },
    arguments: {
      ordered: false,
      maxTimeMS: 1000,
      writeConcern: { w: 1 },
      bypassDocumentValidation: true,
      comment: 'why',
      let: { x: 1 },
    },
  },
  delete: {
    base: { delete: 'rows', deletes: [{ q: { a: 99 }, limit: 1 }] },
    arguments: {
      ordered: false,
      maxTimeMS: 1000,
      writeConcern: { w: 1 },
      comment: 'why',
      let: { x: 1 },
    },
  },
  findAndModify: {
    base: { findAndModify: 'rows', query: { a: 1 }, update: { $set: { b: 1 } } },
    arguments: {
      sort: { a: 1 },
      new: true,
      fields: { a: 1 },
      upsert: true,
      bypassDocumentValidation: true,
      writeConcern: { w: 1 },
      maxTimeMS: 1000,
      collation,
      arrayFilters: [],
      hint: '_id_',
      comment: 'why',
      let: { x: 1 },
    },
  },
  bulkWrite: {
    base: { bulkWrite: 1, ops: [{ insert: 0, document: {} }], nsInfo: [{ ns: 'd.rows' }] },
    db: 'admin',
    arguments: {
      ordered: false,
      errorsOnly: true,
      bypassDocumentValidation: true,
      comment: 'why',
      let: { x: 1 },
      cursor: { batchSize: 1 },
      writeConcern: { w: 1 },
      maxTimeMS: 1000,
    },
  },
  create: {
    base: { create: 'fresh' },
    arguments: {
      capped: true,
      size: 4096,
      max: 5,
      timeseries: { timeField: 't' },
      expireAfterSeconds: 5,
      clusteredIndex: { key: { _id: 1 }, unique: true },
      changeStreamPreAndPostImages: { enabled: true },
      storageEngine: {},
      validator: { a: 1 },
      validationLevel: 'moderate',
      validationAction: 'warn',
      indexOptionDefaults: {},
      viewOn: 'rows',
      pipeline: [],
      collation,
      writeConcern: { w: 1 },
      encryptedFields: {},
      comment: 'why',
      idIndex: { key: { _id: 1 }, name: '_id_' },
    },
  },
  collMod: {
    base: { collMod: 'rows' },
    arguments: {
      index: { name: 'at', expireAfterSeconds: 60 },
      validator: { a: 1 },
      validationLevel: 'strict',
      validationAction: 'error',
      viewOn: 'rows',
      pipeline: [],
      cappedSize: 4096,
      cappedMax: 5,
      changeStreamPreAndPostImages: { enabled: true },
      expireAfterSeconds: 5,
      timeseries: { granularity: 'hours' },
      dryRun: true,
      writeConcern: { w: 1 },
      comment: 'why',
    },
  },
  createIndexes: {
    base: { createIndexes: 'rows', indexes: [{ key: { c: 1 }, name: 'c' }] },
    arguments: { writeConcern: { w: 1 }, commitQuorum: 1, comment: 'why', maxTimeMS: 1000 },
  },
  dropIndexes: {
    base: { dropIndexes: 'rows', index: [] },
    arguments: { writeConcern: { w: 1 }, comment: 'why' },
  },
  renameCollection: {
    base: { renameCollection: 'd.rows', to: 'd.other' },
    db: 'admin',
    arguments: { dropTarget: true, writeConcern: { w: 1 }, comment: 'why' },
  },
  listCollections: {
    base: { listCollections: 1 },
    arguments: {
      filter: { name: 'rows' },
      nameOnly: true,
      authorizedCollections: true,
      cursor: { batchSize: 5 },
      comment: 'why',
      maxTimeMS: 1000,
    },
  },
  listDatabases: {
    base: { listDatabases: 1 },
    db: 'admin',
    arguments: { filter: { name: 'd' }, nameOnly: true, authorizedDatabases: true, comment: 'why' },
  },
  listIndexes: {
    base: { listIndexes: 'rows' },
    arguments: { cursor: { batchSize: 5 }, comment: 'why', maxTimeMS: 1000 },
  },
  getMore: {
    base: { getMore: 0n, collection: 'rows' },
    arguments: { batchSize: 5, comment: 'why', maxTimeMS: 5 },
  },
  explain: {
    base: { explain: { find: 'rows' } },
    arguments: { verbosity: 'executionStats', comment: 'why' },
  },
};

/** The options of an index in MongoDB 8.0, each with a value it would take. */
export const INDEX_OPTIONS: Readonly<Record<string, Encodable>> = {
  background: true,
  unique: true,
  partialFilterExpression: { a: { $gt: 1 } },
  sparse: true,
  expireAfterSeconds: 5,
  hidden: true,
  storageEngine: {},
  weights: { c: 1 },
  default_language: 'english',
  language_override: 'language',
  textIndexVersion: 3,
  '2dsphereIndexVersion': 3,
  bits: 26,
  min: -180,
  max: 180,
  collation,
  wildcardProjection: { a: 1 },
  prepareUnique: true,
  v: 2,
};

/** What may stand for the direction of an indexed field, beside 1 and -1. */
export const INDEX_KINDS: readonly string[] = ['text', '2d', '2dsphere', 'hashed', 'wildcard'];

/** A row with which every argument finds something to do. */
export const PROBE_ROWS: readonly Plain[] = [
  { _id: 1, a: 1, at: new UtcDate(0), list: [1, 2], text: 'text' },
  { _id: 2, a: 2 },
];
