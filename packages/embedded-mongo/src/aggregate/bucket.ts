import { compare, rank } from '../values/compare.ts';
import { CommandError, notImplemented } from '../values/errors.ts';
import { toDouble } from '../values/number.ts';
import { isDoc, isNumber, typeName, type Doc, type Value } from '../values/types.ts';
import { compileExpression } from '../expression/compile.ts';
import type { Accumulator } from './accumulators.ts';
import { accumulatorField, type Field } from './group.ts';
import type { Stage, StageContext } from './stage.ts';

const COUNT: Doc = new Map([['count', new Map([['$sum', 1]])]]);

function fieldsOf(output: Value | undefined, context: StageContext, name: string): Field[] {
  const spec = output ?? COUNT;
  if (!isDoc(spec)) throw new CommandError(40196, `The ${name} 'output' field must be an object`);
  return [...spec].map(([field, source]) => accumulatorField(field, source, context));
}

const shown = (fields: readonly Field[], values: readonly Accumulator[]): [string, Value][] =>
  fields.map((field, i) => [field.name, values[i]?.done() ?? null]);

const refuseUnknown = (spec: Doc, known: readonly string[], name: string, code: number): void => {
  for (const field of spec.keys())
    if (!known.includes(field))
      throw new CommandError(code, `Unrecognized option to ${name}: ${field}.`);
};

function boundariesOf(v: Value | undefined, context: StageContext): Value[] {
  if (!Array.isArray(v))
    throw new CommandError(40200, "The $bucket 'boundaries' field must be an array");
  if (v.length < 2)
    throw new CommandError(40192, "The $bucket 'boundaries' field must have at least 2 values");
  const out = v.map((item) => compileExpression(item, context.variables)(new Map()) ?? null);
  for (const [i, bound] of out.entries()) {
    const before = out[i - 1];
    if (before === undefined) continue;
    if (rank(before) !== rank(bound))
      throw new CommandError(
        40193,
        "All values in the 'boundaries' option to $bucket must have the same type",
      );
    if (compare(before, bound) >= 0)
      throw new CommandError(
        40194,
        "The 'boundaries' option to $bucket must be sorted in ascending order",
      );
  }
  return out;
}

/** `$bucket`: groups by the interval a value lies in. */
export function bucket(spec: Value, context: StageContext): Stage {
  if (!isDoc(spec)) throw new CommandError(40201, 'Argument to $bucket stage must be an object');
  refuseUnknown(spec, ['groupBy', 'boundaries', 'default', 'output'], '$bucket', 40197);
  const by = spec.get('groupBy');
  if (by === undefined || !spec.has('boundaries'))
    throw new CommandError(40198, "$bucket requires 'groupBy' and 'boundaries' to be specified");
  const boundaries = boundariesOf(spec.get('boundaries'), context);
  const value = compileExpression(by, context.variables, context.collation);
  const fallback = spec.get('default');
  const [first, last] = [boundaries[0] as Value, boundaries.at(-1) as Value];
  if (fallback !== undefined && compare(fallback, first) >= 0 && compare(fallback, last) < 0)
    throw new CommandError(
      40199,
      "The $bucket 'default' field must be less than the lowest boundary or greater than or equal to the highest boundary",
    );
  const fields = fieldsOf(spec.get('output'), context, '$bucket');
  const place = (doc: Doc): Value => {
    const v = value(doc) ?? null;
    const at = boundaries.findIndex((b) => compare(v, b) < 0);
    if (at > 0) return boundaries[at - 1] as Value;
    if (fallback === undefined)
      throw new CommandError(
        40066,
        '$switch could not find a matching branch for an input, and no default was specified.',
      );
    return fallback;
  };
  return function* buckets(input) {
    const rows: { readonly id: Value; readonly values: Accumulator[] }[] = [];
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
    for (const row of rows) yield new Map([['_id', row.id], ...shown(fields, row.values)]);
  };
}

interface Bucket {
  readonly min: Value;
  max: Value;
  readonly docs: Doc[];
}

/** Spreads sorted documents over buckets of about one size; equal values stay together. */
function spread(sorted: readonly (readonly [Value, Doc])[], count: number): Bucket[] {
  const size = Math.max(1, Math.round(sorted.length / count));
  const out: Bucket[] = [];
  let at = 0;
  while (at < sorted.length) {
    const [min] = sorted[at] as readonly [Value, Doc];
    let end = out.length === count - 1 ? sorted.length : Math.min(sorted.length, at + size);
    const [max] = sorted[end - 1] as readonly [Value, Doc];
    while (end < sorted.length && compare((sorted[end] as readonly [Value, Doc])[0], max) === 0)
      end += 1;
    const before = out.at(-1);
    if (before) before.max = min; // only the last bucket holds its upper bound
    out.push({ min, max, docs: sorted.slice(at, end).map(([, doc]) => doc) });
    at = end;
  }
  return out;
}

/** `$bucketAuto`: groups into a number of buckets of about one size. */
export function bucketAuto(spec: Value, context: StageContext): Stage {
  if (!isDoc(spec)) throw new CommandError(40240, 'The argument to $bucketAuto must be an object');
  refuseUnknown(spec, ['groupBy', 'buckets', 'output', 'granularity'], '$bucketAuto', 40245);
  if (spec.has('granularity')) throw notImplemented('the granularity of $bucketAuto');
  const by = spec.get('groupBy');
  const buckets = spec.get('buckets');
  if (by === undefined || buckets === undefined)
    throw new CommandError(40246, "$bucketAuto requires 'groupBy' and 'buckets' to be specified");
  const count = isNumber(buckets) ? toDouble(buckets) : Number.NaN;
  if (!Number.isInteger(count))
    throw new CommandError(
      40241,
      `The $bucketAuto 'buckets' field must be a numeric value, but found type: ${typeName(buckets)}`,
    );
  if (count < 1)
    throw new CommandError(40243, "The $bucketAuto 'buckets' field must be greater than 0");
  const value = compileExpression(by, context.variables, context.collation);
  const fields = fieldsOf(spec.get('output'), context, '$bucketAuto');
  return function* spreadOut(input) {
    const rows: (readonly [Value, Doc])[] = [];
    for (const doc of input) {
      if (doc === null) yield null;
      else rows.push([value(doc) ?? null, doc]);
    }
    rows.sort((a, b) => compare(a[0], b[0]));
    for (const { min, max, docs } of spread(rows, count)) {
      const values = fields.map((field) => field.make());
      for (const doc of docs)
        for (const [i, field] of fields.entries()) values[i]?.add(field.value(doc));
      const id = new Map([
        ['min', min],
        ['max', max],
      ]);
      yield new Map<string, Value>([['_id', id], ...shown(fields, values)]);
    }
  };
}
