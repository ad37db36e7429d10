import { CommandError } from '../values/errors.ts';
import { add, multiply, subtract, toDecimal, toDouble, type Numeric } from '../values/number.ts';
import { decimalDivide } from '../values/decimal-math.ts';
import {
  Decimal128,
  Double,
  isDoc,
  isNumber,
  typeName,
  UtcDate,
  type Doc,
  type Value,
} from '../values/types.ts';
import { compileExpression } from '../expression/compile.ts';
import { addPath, assign, emptyTree } from '../projection/tree.ts';
import { splitPath, valueAt } from '../query/path.ts';
import { compareKeys, parseSort, sortKey, type SortSpec } from '../sort/sort.ts';
import { optionsOf, partitioner } from './partition.ts';
import type { Stage, StageContext } from './stage.ts';

/** How one field is filled: by an expression, or along the documents of a partition. */
interface Filler {
  readonly path: readonly string[];
  readonly value: ((doc: Doc) => Value | undefined) | null;
  readonly method: 'locf' | 'linear' | null;
}

const isEmpty = (v: Value | undefined): v is undefined | null => v === undefined || v === null;

function put(doc: Doc, path: readonly string[], value: Value | undefined): Doc {
  const tree = emptyTree<() => Value | undefined>();
  addPath(tree, path, () => value ?? null);
  return assign(doc, tree) as Doc;
}

function fillersOf(output: Value | undefined, context: StageContext): Filler[] {
  if (!isDoc(output) || output.size === 0)
    throw new CommandError(40414, "BSON field '$fill.output' is missing but a required field");
  return [...output].map(([field, how]) => {
    const [[kind, operand] = ['', null], more] = isDoc(how) ? [...how] : [];
    if (more || (kind !== 'value' && kind !== 'method'))
      throw new CommandError(
        6050202,
        `Each field of $fill needs exactly one of 'value' and 'method': ${field}`,
      );
    const path = splitPath(field);
    if (kind === 'value') {
      const value = compileExpression(operand, context.variables, context.collation);
      return { path, value, method: null };
    }
    if (operand !== 'locf' && operand !== 'linear')
      throw new CommandError(6050202, "Method must be either 'locf' or 'linear'");
    return { path, value: null, method: operand };
  });
}

/** `$fill`: gives values to fields that are null or missing. */
export function fill(spec: Value, context: StageContext): Stage {
  const known = ['partitionBy', 'partitionByFields', 'sortBy', 'output'];
  const options = optionsOf(spec, '$fill', known);
  const fillers = fillersOf(options.get('output'), context);
  const sortBy = parseSort(options.get('sortBy'));
  const partitions = partitioner(options, context);
  const along = fillers.filter((filler) => filler.method !== null);
  if (along.length > 0 && !sortBy)
    throw new CommandError(6050203, "$fill needs 'sortBy' for the methods 'locf' and 'linear'");
  if (along.some(({ method }) => method === 'linear') && sortBy?.length !== 1)
    throw new CommandError(605001, '$linearFill must be specified with a sort by one field');
  const single = (doc: Doc): Doc => {
    let out = doc;
    for (const { path, value } of fillers)
      if (value && isEmpty(valueAt(doc, path))) out = put(out, path, value(doc));
    return out;
  };
  return function* filled(input) {
    const docs: Doc[] = [];
    for (const doc of input) {
      if (doc === null) yield null;
      else if (along.length === 0) yield single(doc);
      else docs.push(doc);
    }
    for (const { docs: rows } of partitions(docs)) {
      const sorted = sortBy ? inOrder(rows, sortBy, context) : rows;
      yield* along.reduce((list, filler) => carry(list, filler, sortBy ?? []), sorted).map(single);
    }
  };
}

function inOrder(rows: readonly Doc[], sortBy: SortSpec, { collation }: StageContext): Doc[] {
  return rows
    .map((doc) => ({ doc, key: sortKey(sortBy, doc, collation) }))
    .sort((a, b) => compareKeys(sortBy, a.key, b.key))
    .map(({ doc }) => doc);
}

function carry(docs: Doc[], { path, method }: Filler, sortBy: SortSpec): Doc[] {
  if (method === 'linear') return interpolate(docs, path, sortBy[0]?.path ?? []);
  let last: Value | undefined;
  return docs.map((doc) => {
    const own = valueAt(doc, path);
    if (isEmpty(own)) return put(doc, path, last);
    last = own;
    return doc;
  });
}

// A gap is filled between the values on its two sides; at the ends there is only one, so null stays.
function interpolate(docs: Doc[], path: readonly string[], along: readonly string[]): Doc[] {
  const points = docs.map((doc) => ({ x: placeOf(valueAt(doc, along)), y: valueAt(doc, path) }));
  let left = -1;
  return docs.map((doc, at) => {
    const own = points[at]?.y;
    if (!isEmpty(own)) {
      if (!isNumber(own))
        throw new CommandError(
          605001,
          `Value to be filled must be numeric or nullish, but found type: ${typeName(own)}`,
        );
      left = at;
      return doc;
    }
    const right = points.findIndex((point, i) => i > at && !isEmpty(point.y));
    if (left < 0 || right < 0) return put(doc, path, null);
    return put(doc, path, between(points, { left, at, right }));
  });
}

function placeOf(v: Value | undefined): Numeric {
  if (v instanceof UtcDate) return BigInt(v.ms);
  if (isNumber(v)) return v;
  throw new CommandError(
    605001,
    'There can be no values in the sortBy field that are not numbers or dates',
  );
}

function between(
  points: readonly { readonly x: Numeric; readonly y: Value | undefined }[],
  of: { readonly left: number; readonly at: number; readonly right: number },
): Value {
  const [a, here, b] = [points[of.left], points[of.at], points[of.right]];
  if (!a || !here || !b || !isNumber(a.y) || !isNumber(b.y))
    throw new CommandError(605001, 'Value to be filled must be numeric or nullish');
  const width = subtract(b.x, a.x);
  if (toDouble(width) === 0)
    throw new CommandError(605002, 'There can be no repeated values in the sort field');
  const part = multiply(subtract(b.y, a.y), subtract(here.x, a.x));
  const share =
    part instanceof Decimal128 || width instanceof Decimal128
      ? decimalDivide(toDecimal(part), toDecimal(width))
      : new Double(toDouble(part) / toDouble(width));
  return add(share, a.y);
}
