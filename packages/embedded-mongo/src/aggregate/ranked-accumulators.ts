import { CommandError, failedToParse } from '../values/errors.ts';
import { percentiles } from '../values/statistics.ts';
import { isDoc, isNumber, type Doc, type Value } from '../values/types.ts';
import type { Numeric } from '../values/number.ts';
import { bestOf, countOf } from '../expression/array-order.ts';
import { compileExpression } from '../expression/compile.ts';
import { checkMethod, sharesOf } from '../expression/statistics.ts';
import { compareKeys, parseSort, sortKey, type SortSpec } from '../sort/sort.ts';
import type { Accumulator } from './accumulators.ts';
import type { Field } from './group.ts';
import type { StageContext } from './stage.ts';

type Make = (argument: Value, context: StageContext) => Omit<Field, 'name'>;

/** Above so many spare values a list is cut down to the ones that can still win. */
const SPARE = 1000;

function partsOf(argument: Value, op: string, known: readonly string[]): (name: string) => Value {
  if (!isDoc(argument))
    throw new CommandError(5788001, `specification must be an object; found ${op}`);
  for (const name of argument.keys())
    if (!known.includes(name)) throw failedToParse(`Unknown argument to ${op}: '${name}'`);
  return (name) => {
    const part = argument.get(name);
    if (part === undefined) throw new CommandError(5788002, `Missing value for '${name}' in ${op}`);
    return part;
  };
}

// `n` may not read the documents: it is the same for all of them.
const constant = (v: Value, { variables }: StageContext): number =>
  countOf(compileExpression(v, variables)(new Map()));

/** Gathers values and keeps what `cut` makes of them. */
function keeping(n: number, cut: (list: Value[]) => Value[]): Accumulator {
  let list: Value[] = [];
  return {
    add: (v) => {
      list.push(v ?? null);
      if (list.length > n + SPARE) list = cut(list);
    },
    done: () => cut(list),
  };
}

const some =
  (op: string, take: (list: Value[], n: number, context: StageContext) => Value[]): Make =>
  (argument, context) => {
    const part = partsOf(argument, op, ['input', 'n']);
    const n = constant(part('n'), context);
    return {
      make: () => keeping(n, (list) => take(list, n, context)),
      value: compileExpression(part('input'), context.variables, context.collation),
    };
  };

/** `$top`, `$bottom` and their `N` forms: the outputs of the first or last documents by a sort. */
const placed =
  (op: string, end: 'first' | 'last'): Make =>
  (argument, context) => {
    const many = op.endsWith('N');
    const part = partsOf(argument, op, many ? ['sortBy', 'output', 'n'] : ['sortBy', 'output']);
    const n = many ? constant(part('n'), context) : 1;
    const spec: SortSpec | null = parseSort(part('sortBy'));
    if (!spec) throw new CommandError(5788604, `${op} requires a sort pattern in 'sortBy'`);
    const output = compileExpression(part('output'), context.variables, context.collation);
    const cut = (list: Value[]): Value[] => {
      // Each entry is the sort key of a document and what is shown of it.
      const rows = list as [Value[], Value][];
      rows.sort(([a], [b]) => compareKeys(spec, a, b));
      return end === 'first' ? rows.slice(0, n) : rows.slice(-n);
    };
    return {
      make: () => {
        const rows = keeping(n, cut);
        return {
          add: rows.add,
          done: () => {
            const shown = (rows.done() as [Value[], Value][]).map(([, value]) => value);
            return many ? shown : (shown[0] ?? null);
          },
        };
      },
      value: (doc: Doc) => [sortKey(spec, doc, context.collation), output(doc) ?? null],
    };
  };

const percentile =
  (op: '$percentile' | '$median'): Make =>
  (argument, context) => {
    const many = op === '$percentile';
    const part = partsOf(argument, op, many ? ['input', 'p', 'method'] : ['input', 'method']);
    checkMethod(argument, op);
    const shares = many
      ? sharesOf(compileExpression(part('p'), context.variables)(new Map()))
      : [0.5];
    return {
      make: () => {
        const list: Numeric[] = [];
        return {
          add: (v) => {
            if (isNumber(v)) list.push(v);
          },
          done: () => {
            const found = percentiles(list, shares);
            return many ? found : (found[0] ?? null);
          },
        };
      },
      value: compileExpression(part('input'), context.variables, context.collation),
    };
  };

/** Accumulators that keep several values, or one by its rank. */
export const RANKED_ACCUMULATORS: ReadonlyMap<string, Make> = new Map<string, Make>([
  ['$firstN', some('$firstN', (list, n) => list.slice(0, n))],
  ['$lastN', some('$lastN', (list, n) => list.slice(-n))],
  ['$minN', some('$minN', (list, n, { collation }) => bestOf(list, n, { way: -1, collation }))],
  ['$maxN', some('$maxN', (list, n, { collation }) => bestOf(list, n, { way: 1, collation }))],
  ['$top', placed('$top', 'first')],
  ['$topN', placed('$topN', 'first')],
  ['$bottom', placed('$bottom', 'last')],
  ['$bottomN', placed('$bottomN', 'last')],
  ['$percentile', percentile('$percentile')],
  ['$median', percentile('$median')],
]);
