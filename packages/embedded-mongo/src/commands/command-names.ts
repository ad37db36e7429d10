const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** The commands of MongoDB 8.0 that a client may send; what is not here nobody knows. */
export const COMMAND_NAMES: readonly string[] = words(`
  geoSearch testVersion2
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
