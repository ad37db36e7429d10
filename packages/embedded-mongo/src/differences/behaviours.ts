/** A way in which the engine answers otherwise than MongoDB, without refusing. */
export interface Behaviour {
  readonly what: string;
  readonly mongodb: string;
  readonly here: string;
}

/** All ways that are known. Each is meant, and stays until there is a reason against it. */
export const BEHAVIOURS: readonly Behaviour[] = [
  {
    what: 'nodes',
    mongodb: 'a replica set or a sharded cluster',
    here: 'one node that calls itself the primary of `rs0`; no replication, no sharding, no fail-over. `w: 2` answers with UnsatisfiableWriteConcern (100) beside the result',
  },
  {
    what: 'read concerns',
    mongodb: '`majority`, `linearizable` and `available` differ',
    here: 'all read the newest state that is on disk; `snapshot` reads one moment',
  },
  {
    what: 'snapshot reads outside of a transaction',
    mongodb: 'any moment of the last five minutes',
    here: 'a moment that somebody reads or has read in the last 60 seconds, and every moment since; others are too old (239)',
  },
  {
    what: 'cluster times of clients',
    mongodb: 'a time ahead of the node moves it forward',
    here: 'not followed: there is no other node that could be ahead',
  },
  {
    what: 'sort under a collation',
    mongodb: 'the order of the language',
    here: 'the order of the folded text: equal letters are equal, their order is that of their code points',
  },
  {
    what: 'documents of one `insertMany`',
    mongodb: 'each has a cluster time of its own',
    here: 'up to 256 share one',
  },
  {
    what: 'index builds',
    mongodb: 'writers go on',
    here: 'writers to the collection wait for the end of the build, a transaction that meets it starts again (112); everybody else is served',
  },
  {
    what: 'sizes in dbStats, collStats and listDatabases',
    mongodb: 'of the database or the collection',
    here: 'of the one data file, or zero; counts are true',
  },
  {
    what: 'patterns',
    mongodb: 'PCRE2',
    here: 'JavaScript: no possessive quantifiers, no recursion, no `(?i)` but at the front; a pattern that takes longer than 15 ms on one text, twice, is stopped (51091)',
  },
  {
    what: 'write skew',
    mongodb: 'possible in transactions',
    here: 'possible in transactions: two that read what both then break are both committed. Whoever must not lose to it writes what it read',
  },
  {
    what: 'a running walk whose index or collection is dropped',
    mongodb: 'QueryPlanKilled (175)',
    here: 'the same for finds; an open cursor on a dropped collection is closed (43)',
  },
  {
    what: '`$median` and `$percentile`',
    mongodb: 'approximate',
    here: 'exact, by the nearest rank',
  },
  {
    what: 'powers, logarithms and trigonometry of a decimal',
    mongodb: 'decimal results',
    here: 'refused (238); `$sqrt` is exact',
  },
  {
    what: '`granularity` of `$bucketAuto`, collation strength 3 and finer, `atClusterTime` inside a transaction',
    mongodb: 'supported',
    here: 'refused (238)',
  },
  {
    what: '`$dateFromString` without a format, `$toDate`',
    mongodb: 'many spellings of a date',
    here: 'ISO 8601',
  },
  {
    what: '`n` of `$firstN`, `$lastN`, `$minN`, `$maxN`, `$topN`, `$bottomN`',
    mongodb: 'may read the `_id` of the group',
    here: 'a constant',
  },
  {
    what: 'errors in constant parts of an expression',
    mongodb: 'when the pipeline is read',
    here: 'when the expression is computed: a pipeline over no documents may succeed',
  },
  {
    what: 'the default collation of a collection',
    mongodb: 'also makes `_id` unique under it',
    here: 'obeyed by operations and indexes, but not by the uniqueness of `_id`',
  },
  {
    what: '`updateDescription` of a change event',
    mongodb: 'follows the operators of the update',
    here: 'the difference of the two documents: the set of one element may tell the array',
  },
  {
    what: 'texts of errors',
    mongodb: 'may name the plan or the document',
    here: 'the same codes, shorter texts',
  },
  {
    what: '`explain`',
    mongodb: 'candidate plans, caches, times by stage',
    here: 'the plan that runs, with its bounds and counts; no rejected plans',
  },
];
