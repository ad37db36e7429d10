import { compare } from '../values/compare.ts';
import {
  CommandError,
  badValue,
  code,
  notImplemented,
  searchNotEnabled,
} from '../values/errors.ts';
import { encode } from '../values/encode.ts';
import { sized, toDouble } from '../values/number.ts';
import { isDoc, isNumber, typeName, type Doc, type Value } from '../values/types.ts';
import { compileExpression } from '../expression/compile.ts';
import { parseFilter } from '../query/parse.ts';
import { splitPath, valueAt } from '../query/path.ts';
import { parseSort, sortKey } from '../sort/sort.ts';
import { Sorter } from '../sort/sorter.ts';
import { accumulatorField, group } from './group.ts';
import { lookup, unionWith } from './lookup.ts';
import { each, paced, type Stage, type StageContext } from './stage.ts';
import { TRANSFORMS, unknownStage } from './transforms.ts';

const REFUSED = new Set([
  '$geoNear',
  '$indexStats',
  '$search',
  '$searchMeta',
  '$vectorSearch',
  '$listSessions',
  '$planCacheStats',
  '$graphLookup',
  '$setWindowFields',
  '$densify',
  '$fill',
  '$bucketAuto',
  '$sample',
  '$redact',
  '$rankFusion',
  '$changeStreamSplitLargeEvent',
  '$shardedDataDistribution',
  '$querySettings',
  '$listSampledQueries',
]);

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
    let left = whole('$skip', spec, 0);
    return each((doc) => (left-- > 0 ? undefined : doc));
  },
  $group: (spec, { variables }) => group(spec, variables),
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
  $unwind: (spec) => unwind(spec),
  $sortByCount: (spec, context) =>
    chain([
      group(
        new Map<string, Value>([
          ['_id', spec],
          ['count', new Map([['$sum', 1]])],
        ]),
        context.variables,
      ),
      compileStage(new Map([['$sort', new Map([['count', -1]])]]), context),
    ]),
  $bucket: (spec, context) => bucket(spec, context),
  $facet: (spec, context) => facet(spec, context),
  $lookup: lookup,
  $unionWith: unionWith,
};

/** True for the name of a stage of MongoDB, whether this engine has it or refuses it. */
export const isStage = (name: string): boolean =>
  Object.hasOwn(TRANSFORMS, name) ||
  Object.hasOwn(STAGES, name) ||
  FIRST_ONLY.has(name) ||
  REFUSED.has(name) ||
  name === '$out' ||
  name === '$merge';

/** Compiles one stage document. @throws CommandError 40323/40324 */
export function compileStage(stage: Value, context: StageContext): Stage {
  if (!isDoc(stage) || stage.size !== 1)
    throw new CommandError(
      40323,
      'A pipeline stage specification object must contain exactly one field.',
    );
  const [[name, spec]] = [...stage] as [[string, Value]];
  const transform = Object.hasOwn(TRANSFORMS, name) ? TRANSFORMS[name] : undefined;
  if (transform) return each(transform(spec, context.variables));
  const make = Object.hasOwn(STAGES, name) ? STAGES[name] : undefined;
  if (make) return make(spec, context);
  if (FIRST_ONLY.has(name))
    throw new CommandError(40602, `${name} is only valid as the first stage in a pipeline.`);
  if (name === '$out' || name === '$merge')
    throw new CommandError(40601, `${name} can only be the final stage in the pipeline`);
  if (name === '$listSearchIndexes') throw searchNotEnabled(`the aggregation stage ${name}`);
  if (REFUSED.has(name)) throw notImplemented(`the aggregation stage ${name}`);
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

function unwind(spec: Value): Stage {
  const options: Doc = isDoc(spec) ? spec : new Map([['path', spec]]);
  for (const name of options.keys()) {
    if (!['path', 'includeArrayIndex', 'preserveNullAndEmptyArrays'].includes(name))
      throw new CommandError(28811, `unrecognized option to $unwind stage: ${name}`);
  }
  const source = options.get('path');
  if (typeof source !== 'string' || !source.startsWith('$') || source.length < 2)
    throw new CommandError(28818, "path option to $unwind stage should be prefixed with a '$'");
  const path = splitPath(source.slice(1));
  const index = options.get('includeArrayIndex');
  if (index !== undefined && (typeof index !== 'string' || index === '' || index.startsWith('$')))
    throw new CommandError(28810, 'includeArrayIndex must be a non-empty field name');
  const preserve = options.get('preserveNullAndEmptyArrays') === true;
  const withIndex = (doc: Doc, at: number | null): Doc =>
    typeof index === 'string' ? put(doc, splitPath(index), at === null ? null : BigInt(at)) : doc;
  return function* unwound(input) {
    for (const doc of input) {
      const value = doc === null ? undefined : valueAt(doc, path);
      if (doc === null) yield null;
      else if (Array.isArray(value)) {
        if (value.length === 0 && preserve) yield withIndex(put(doc, path, undefined), null);
        for (const [i, item] of value.entries()) yield withIndex(put(doc, path, item), i);
      } else if (preserve || (value !== undefined && value !== null)) yield withIndex(doc, null);
    }
  };
}

function put(doc: Doc, path: readonly string[], value: Value | undefined): Doc {
  const [head = '', ...rest] = path;
  const out = new Map(doc);
  const child = out.get(head);
  if (rest.length > 0) out.set(head, put(child instanceof Map ? child : new Map(), rest, value));
  else if (value === undefined) out.delete(head);
  else out.set(head, value);
  return out;
}

function bucket(spec: Value, context: StageContext): Stage {
  if (!isDoc(spec)) throw new CommandError(40201, 'Argument to $bucket stage must be an object');
  for (const name of spec.keys()) {
    if (!['groupBy', 'boundaries', 'default', 'output'].includes(name))
      throw new CommandError(40197, `Unrecognized option to $bucket: ${name}.`);
  }
  const boundaries = spec.get('boundaries');
  const by = spec.get('groupBy');
  if (!Array.isArray(boundaries) || boundaries.length < 2 || by === undefined)
    throw new CommandError(40198, "$bucket requires 'groupBy' and at least two 'boundaries'");
  if (boundaries.some((b, i) => i > 0 && compare(boundaries[i - 1] as Value, b) >= 0))
    throw new CommandError(40194, "The 'boundaries' option to $bucket must be sorted");
  const value = compileExpression(by, context.variables);
  const fallback = spec.get('default');
  const output = spec.get('output') ?? new Map([['count', new Map([['$sum', 1]])]]);
  if (!isDoc(output)) throw new CommandError(40196, "The $bucket 'output' field must be an object");
  const fields = [...output].map(([name, source]) =>
    accumulatorField(name, source, context.variables),
  );
  const place = (doc: Doc): Value => {
    const v = value(doc) ?? null;
    const at = boundaries.findIndex((b) => compare(v, b) < 0);
    if (at > 0) return boundaries[at - 1] as Value;
    if (fallback === undefined)
      throw new CommandError(
        40066,
        '$bucket could not find a matching branch for an input, and no default was specified.',
      );
    return fallback;
  };
  return function* buckets(input) {
    const rows: {
      readonly id: Value;
      readonly values: ReturnType<(typeof fields)[number]['make']>[];
    }[] = [];
    for (const doc of input) {
      if (doc === null) {
        yield null;
        continue;
      }
      const id = place(doc);
      let row = rows.find((r) => compare(r.id, id) === 0);
      if (!row) rows.push((row = { id, values: fields.map((field) => field.make()) }));
      for (const [i, field] of fields.entries()) row.values[i]?.add(field.value(doc));
    }
    rows.sort((a, b) => compare(a.id, b.id));
    for (const row of rows) {
      yield new Map([
        ['_id', row.id],
        ...fields.map((field, i) => [field.name, row.values[i]?.done() ?? null] as const),
      ]);
    }
  };
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
      throw badValue('$facet is not allowed to be used within a $facet stage');
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
