import { CommandError, code, notImplemented, searchNotEnabled } from '../values/errors.ts';
import { encode } from '../values/encode.ts';
import { sized, toDouble } from '../values/number.ts';
import { isDoc, isNumber, typeName, type Doc, type Value } from '../values/types.ts';
import { parseFilter } from '../query/parse.ts';
import { parseSort, sortKey } from '../sort/sort.ts';
import { Sorter } from '../sort/sorter.ts';
import { bucket, bucketAuto } from './bucket.ts';
import { densify } from './densify.ts';
import { fill } from './fill.ts';
import { graphLookup } from './graph-lookup.ts';
import { group } from './group.ts';
import { lookup, unionWith } from './lookup.ts';
import { redact } from './redact.ts';
import { sample } from './sample.ts';
import { each, paced, type Stage, type StageContext } from './stage.ts';
import { isKnownStage, unknownStage } from './stage-names.ts';
import { TRANSFORMS } from './transforms.ts';
import { unwind } from './unwind.ts';

/** Stages that make documents by themselves. */
const FIRST_ONLY = new Set([
  '$changeStream',
  '$collStats',
  '$currentOp',
  '$documents',
  '$listLocalSessions',
]);

const STAGES: Readonly<Record<string, (spec: Value, context: StageContext) => Stage>> = {
  $match: (spec, { collation, variables }) => {
    if (!isDoc(spec))
      throw new CommandError(15959, 'the match filter must be an expression in an object');
    const matcher = parseFilter(spec, { collation, variables });
    return each((doc) => (matcher.test(doc) ? doc : undefined));
  },
  $sort: (spec, { collation }) => {
    const fields = parseSort(spec);
    if (!fields || fields.length === 0)
      throw new CommandError(15976, '$sort stage must have at least one sort key');
    return function* sort(input) {
      const sorter = new Sorter<Doc>(fields);
      for (const doc of input) {
        if (doc === null) yield null;
        else sorter.add(sortKey(fields, doc, collation), doc, roughSize(doc));
      }
      yield* sorter.done();
    };
  },
  $limit: (spec) => {
    const limit = whole('$limit', spec, 1);
    return function* take(input) {
      let left = limit;
      for (const doc of input) {
        yield doc;
        if (doc !== null && --left === 0) return;
      }
    };
  },
  $skip: (spec) => {
    const skip = whole('$skip', spec, 0);
    return function* skipped(input) {
      let left = skip;
      for (const doc of input) if (doc === null || left-- <= 0) yield doc;
    };
  },
  $group: group,
  $count: (spec) => {
    if (typeof spec !== 'string' || spec === '' || spec.startsWith('$') || spec.includes('.'))
      throw new CommandError(
        40156,
        'the count field must be a non-empty string without $ and dots',
      );
    return function* count(input) {
      let n = 0;
      for (const doc of input) {
        if (doc === null) yield null;
        else n++;
      }
      if (n > 0) yield new Map([[spec, sized(n)]]);
    };
  },
  $unwind: unwind,
  $sample: sample,
  $redact: redact,
  $densify: densify,
  $fill: fill,
  $sortByCount: (spec, context) =>
    chain([
      group(
        new Map<string, Value>([
          ['_id', spec],
          ['count', new Map([['$sum', 1]])],
        ]),
        context,
      ),
      compileStage(new Map([['$sort', new Map([['count', -1]])]]), context),
    ]),
  $bucket: bucket,
  $bucketAuto: bucketAuto,
  $facet: facet,
  $graphLookup: graphLookup,
  $lookup: lookup,
  $unionWith: unionWith,
};

/** True for the name of a stage of MongoDB, whether this engine has it or refuses it. */
export const isStage = (name: string): boolean =>
  Object.hasOwn(TRANSFORMS, name) || isKnownStage(name);

/** Compiles one stage document. @throws CommandError 40323/40324 */
export function compileStage(stage: Value, context: StageContext): Stage {
  if (!isDoc(stage) || stage.size !== 1)
    throw new CommandError(
      40323,
      'A pipeline stage specification object must contain exactly one field.',
    );
  const [[name, spec]] = [...stage] as [[string, Value]];
  const transform = Object.hasOwn(TRANSFORMS, name) ? TRANSFORMS[name] : undefined;
  if (transform) return each(transform(spec, context.variables, context.collation));
  const make = Object.hasOwn(STAGES, name) ? STAGES[name] : undefined;
  if (make) return make(spec, context);
  if (name === '$changeStreamSplitLargeEvent')
    throw new CommandError(
      code.IllegalOperation,
      `${name} can only be used in a change stream, as its last stage`,
    );
  if (FIRST_ONLY.has(name))
    throw new CommandError(40602, `${name} is only valid as the first stage in a pipeline.`);
  if (name === '$out' || name === '$merge')
    throw new CommandError(40601, `${name} can only be the final stage in the pipeline`);
  if (name === '$listSearchIndexes') throw searchNotEnabled(`the aggregation stage ${name}`);
  if (isKnownStage(name)) throw notImplemented(`the aggregation stage ${name}`);
  throw unknownStage(name);
}

/** One stage after the other. */
export const chain =
  (stages: readonly Stage[]): Stage =>
  (input) =>
    stages.reduce((docs, stage) => stage(docs), input);

// Sorting counts bytes; encoding gives them exactly and is cheap beside the sort.
const roughSize = (doc: Doc): number => encode(doc).length;

function whole(name: string, v: Value, least: number): number {
  const n = isNumber(v) ? toDouble(v) : Number.NaN;
  if (!Number.isInteger(n) || n < least)
    throw new CommandError(
      15958,
      `${name} must be a whole number of at least ${least}, found ${typeName(v)}`,
    );
  return n;
}

function facet(spec: Value, context: StageContext): Stage {
  if (!isDoc(spec) || spec.size === 0)
    throw new CommandError(40169, 'the $facet specification must be a non-empty object');
  const parts = [...spec].map(([name, stages]) => {
    if (!Array.isArray(stages))
      throw new CommandError(
        40170,
        `arguments to $facet must be arrays, ${name} is type ${typeName(stages)}`,
      );
    if (stages.some((stage) => isDoc(stage) && stage.has('$facet')))
      throw new CommandError(40600, '$facet is not allowed to be used within a $facet stage');
    return [name, context.compile(stages, context)] as const;
  });
  return function* facets(input) {
    const docs: Doc[] = [];
    for (const doc of input) {
      if (doc === null) yield null;
      else docs.push(doc);
      if (docs.length > 1_000_000)
        throw new CommandError(
          code.QueryExceededMemoryLimit,
          '$facet holds more than 1000000 documents',
        );
    }
    const out: Doc = new Map();
    for (const [name, stage] of parts) {
      const rows: Doc[] = [];
      for (const doc of stage(paced(docs))) {
        if (doc === null) yield null;
        else rows.push(doc);
      }
      out.set(name, rows);
    }
    yield out;
  };
}
