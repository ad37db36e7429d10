import { compare } from '../values/compare.ts';
import { CommandError } from '../values/errors.ts';
import { add, isZero, multiply, toDouble, toWhole, type Numeric } from '../values/number.ts';
import { isNumber, UtcDate, type Doc, type Value } from '../values/types.ts';
import { addUnits, unitOf } from '../expression/date-arithmetic.ts';
import { addPath, assign, emptyTree } from '../projection/tree.ts';
import { splitPath, valueAt } from '../query/path.ts';
import { optionsOf, partitioner, type Partition } from './partition.ts';
import type { Stage, StageContext } from './stage.ts';

/** Most documents one stage may make, as in MongoDB. */
const MAX_MADE = 500_000;

const tooMany = (): CommandError =>
  new CommandError(5897900, `Generated more documents in $densify than the limit of ${MAX_MADE}`);

/** The value so many steps behind the first one. */
type Steps = (from: Value, count: number) => Value;

interface Range {
  readonly steps: Steps;
  readonly dates: boolean;
  readonly bounds: 'full' | 'partition' | readonly [Value, Value];
}

function rangeOf(v: Value | undefined): Range {
  const range = optionsOf(v ?? null, '$densify.range', ['step', 'unit', 'bounds']);
  const [step, unit, bounds] = ['step', 'unit', 'bounds'].map((name) => range.get(name));
  if (!isNumber(step) || toDouble(step) <= 0 || isZero(step))
    throw new CommandError(
      5733401,
      'the step parameter in a range statement must be a strictly positive numeric value',
    );
  const limits = boundsOf(bounds);
  if (unit === undefined)
    return {
      dates: false,
      bounds: limits,
      steps: (from, count) => add(from as Numeric, multiply(step, count)),
    };
  const name = unitOf(unit, '$densify');
  const size = toWhole(step);
  if (size === null)
    throw new CommandError(
      6586400,
      'The step parameter in a range statement must be a whole number when densifying a date range',
    );
  return {
    dates: true,
    bounds: limits,
    steps: (from, count) =>
      addUnits((from as UtcDate).ms, { unit: name, amount: Number(size) * count, zone: 'UTC' }),
  };
}

function boundsOf(v: Value | undefined): Range['bounds'] {
  if (v === 'full' || v === 'partition') return v;
  const [low, high] = Array.isArray(v) && v.length === 2 ? v : [];
  if (low === undefined || high === undefined)
    throw new CommandError(
      5946802,
      "the bounds must be 'full', 'partition', or an ascending array of two values",
    );
  if (compare(low, high) > 0)
    throw new CommandError(
      5733402,
      "the bounds in a range statement must be the string 'full', 'partition', or an ascending array of two numbers or two dates",
    );
  return [low, high];
}

/** `$densify`: makes documents where a sequence of numbers or dates has gaps. */
export function densify(spec: Value, context: StageContext): Stage {
  const options = optionsOf(spec, '$densify', ['field', 'partitionByFields', 'range']);
  const field = options.get('field');
  if (typeof field !== 'string' || field === '' || field.startsWith('$'))
    throw new CommandError(5733201, "$densify needs a field path in 'field'");
  const path = splitPath(field);
  const range = rangeOf(options.get('range'));
  const partitions = partitioner(options, context);
  const check = (v: Value): Value => {
    if (range.dates ? v instanceof UtcDate : isNumber(v)) return v;
    throw range.dates
      ? new CommandError(6053600, 'values of a $densify with a unit must be dates')
      : new CommandError(5733201, 'values of a $densify without a unit must be numbers');
  };
  if (typeof range.bounds !== 'string') range.bounds.forEach(check);
  const valueOf = (doc: Doc): Value | null => {
    const v = valueAt(doc, path);
    return v === undefined || v === null ? null : check(v);
  };
  return function* dense(input) {
    const docs: Doc[] = [];
    for (const doc of input) {
      if (doc === null) yield null;
      else if (valueOf(doc) === null) yield doc; // without a place in the sequence: as it is
      else docs.push(doc);
    }
    const sorted = docs
      .map((doc) => [valueOf(doc) as Value, doc] as const)
      .sort((a, b) => compare(a[0], b[0]))
      .map(([, doc]) => doc);
    const [first, last] = [sorted[0], sorted.at(-1)];
    const whole = first && last ? ([valueOf(first), valueOf(last)] as [Value, Value]) : null;
    let made = 0;
    for (const partition of partitions(sorted)) {
      for (const { doc, fresh } of gaps(partition, { range, path, whole, valueOf })) {
        if (fresh && ++made > MAX_MADE) throw tooMany();
        yield doc;
      }
    }
  };
}

function* gaps(
  partition: Partition,
  how: {
    readonly range: Range;
    readonly path: readonly string[];
    readonly whole: readonly [Value, Value] | null;
    readonly valueOf: (doc: Doc) => Value | null;
  },
): Generator<{ readonly doc: Doc; readonly fresh: boolean }> {
  const { range, path, valueOf } = how;
  const [first, last] = [partition.docs[0], partition.docs.at(-1)];
  if (!first || !last || !how.whole) return;
  const own: readonly [Value, Value] = [valueOf(first) as Value, valueOf(last) as Value];
  const explicit = typeof range.bounds !== 'string';
  const [from, to] =
    range.bounds === 'full' ? how.whole : range.bounds === 'partition' ? own : range.bounds;
  const rest = [...partition.docs];
  for (let count = 0; ; count++) {
    if (count > MAX_MADE) throw tooMany(); // also of steps too small to get anywhere
    const next = range.steps(from, count);
    const beyond = explicit ? compare(next, to) >= 0 : compare(next, to) > 0;
    if (beyond) break;
    let there = false;
    for (let doc = rest[0]; doc && compare(valueOf(doc) as Value, next) <= 0; doc = rest[0]) {
      there ||= compare(valueOf(doc) as Value, next) === 0;
      yield { doc, fresh: false };
      rest.shift();
    }
    if (!there) yield { doc: fresh(partition, path, next), fresh: true };
  }
  for (const doc of rest) yield { doc, fresh: false };
}

function fresh(partition: Partition, path: readonly string[], value: Value): Doc {
  const tree = emptyTree<() => Value | undefined>();
  for (const [name, part] of partition.names) addPath(tree, splitPath(name), () => part);
  addPath(tree, path, () => value);
  return assign(new Map(), tree) as Doc;
}
