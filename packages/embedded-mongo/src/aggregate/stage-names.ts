import { CommandError, code } from '../values/errors.ts';

/** Stages MongoDB has that either do not belong where they stand or are refused by name. */
const KNOWN: ReadonlySet<string> = new Set([
  '$bucket',
  '$bucketAuto',
  '$changeStream',
  '$changeStreamSplitLargeEvent',
  '$collStats',
  '$count',
  '$currentOp',
  '$densify',
  '$documents',
  '$facet',
  '$fill',
  '$geoNear',
  '$graphLookup',
  '$group',
  '$indexStats',
  '$limit',
  '$listLocalSessions',
  '$listSampledQueries',
  '$listSearchIndexes',
  '$listSessions',
  '$lookup',
  '$match',
  '$merge',
  '$out',
  '$planCacheStats',
  '$querySettings',
  '$queryStats',
  '$rankFusion',
  '$redact',
  '$sample',
  '$search',
  '$searchMeta',
  '$setWindowFields',
  '$shardedDataDistribution',
  '$skip',
  '$sort',
  '$sortByCount',
  '$unionWith',
  '$unwind',
  '$vectorSearch',
]);

/** True for a stage of MongoDB. */
export const isKnownStage = (name: string): boolean => KNOWN.has(name);

/** The error of a stage nobody knows. */
export const unknownStage = (name: string): CommandError =>
  new CommandError(code.UnknownStage, `Unrecognized pipeline stage name: '${name}'`);
