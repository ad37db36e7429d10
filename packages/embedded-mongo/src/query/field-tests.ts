import { badValue, notImplemented } from '../values/errors.ts';
import { truthy } from '../values/make.ts';
import { toWhole } from '../values/number.ts';
import { Regex, isDoc, typeName, type Doc, type Value } from '../values/types.ts';
import { isOperatorDoc, listOf, regexOf, typeSet } from './operands.ts';
import { anyAt, type Leaf, type Path } from './path.ts';
import {
  bits,
  equals,
  hasType,
  isIn,
  matchesRegex,
  mod,
  ordered,
  type Test,
} from './predicates.ts';
import type { Collation } from './text-fold.ts';

/** What the tests of a field are compiled under. */
export interface FieldContext {
  readonly collation: Collation | null;
  /** Compiles the filter inside of an `$elemMatch`. */
  readonly parse: (filter: Doc) => (doc: Doc) => boolean;
}

/**
 * How a test of values is put to its subject: to a document at a path, arrays looked into, or to
 * an element as it is.
 */
export type Reader<S> = (test: Test, leaf?: Leaf) => (subject: S) => boolean;

/** Reads documents at a path. */
export const atPath =
  (path: Path): Reader<Doc> =>
  (test, leaf = 'elements') =>
  (doc) =>
    anyAt(doc, path, test, leaf);

const itself: Reader<Value> = (test) => (v) => test(v);

/** Operators MongoDB has in filters and this engine refuses by name. */
export const REFUSED_IN_FILTERS: ReadonlySet<string> = new Set([
  '$where',
  '$text',
  '$near',
  '$nearSphere',
  '$geoWithin',
  '$geoIntersects',
  '$within',
  '$maxDistance',
  '$minDistance',
  '$sampleRate',
]);

const not =
  <S>(test: (subject: S) => boolean) =>
  (subject: S): boolean =>
    !test(subject);

/** Compiles one operator with its operand. */
export function operatorTest<S>(
  read: Reader<S>,
  op: string,
  operand: Value,
  context: FieldContext,
): (subject: S) => boolean {
  const { collation } = context;
  switch (op) {
    case '$eq':
      return read(equals(operand, collation));
    case '$ne':
      if (operand instanceof Regex) throw badValue("Can't have regex as arg to $ne.");
      return not(read(equals(operand, collation)));
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      if (operand instanceof Regex) throw badValue(`Can't have RegEx as arg to ${op}.`);
      return read(ordered(op, operand, collation));
    case '$in':
      return read(isIn(listOf(op, operand), collation));
    case '$nin':
      return not(read(isIn(listOf(op, operand), collation)));
    case '$exists': {
      const there = read((v) => v !== undefined, 'whole');
      return truthy(operand) ? there : not(there);
    }
    case '$regex':
      return read(matchesRegex(regexOf(operand, undefined)));
    case '$not':
      return not(negated(read, operand, context));
    default:
      return rareTest(read, op, operand, context);
  }
}

function rareTest<S>(
  read: Reader<S>,
  op: string,
  operand: Value,
  context: FieldContext,
): (subject: S) => boolean {
  switch (op) {
    case '$type':
      return read(hasType(typeSet(operand)));
    case '$mod':
      return read(mod(operand));
    case '$size':
      return read(sizeTest(operand), 'whole');
    case '$all':
      return everyOf(read, operand, context);
    case '$elemMatch':
      return read(elemMatch(operand, context), 'whole');
    case '$bitsAllSet':
    case '$bitsAnySet':
    case '$bitsAllClear':
    case '$bitsAnyClear':
      return read(bits(op, operand));
    case '$comment':
      return () => true;
    default:
      if (REFUSED_IN_FILTERS.has(op)) throw notImplemented(`the query operator ${op}`);
      throw badValue(`unknown operator: ${op}`);
  }
}

function sizeTest(operand: Value): Test {
  const size = toWhole(operand);
  if (size === null)
    throw badValue(`Failed to parse $size. Expected an integer, but found ${typeName(operand)}`);
  if (size < 0n)
    throw badValue(`Failed to parse $size. Expected a non-negative number, but found ${size}`);
  return (v) => Array.isArray(v) && BigInt(v.length) === size;
}

/** Compiles a document of operators: all of them must hold. */
function operatorsTest<S>(
  read: Reader<S>,
  operators: Doc,
  context: FieldContext,
): (subject: S) => boolean {
  const tests: ((subject: S) => boolean)[] = [];
  for (const [op, operand] of operators) {
    if (op === '$options') {
      if (!operators.has('$regex')) throw badValue('$options needs a $regex');
    } else if (op === '$regex')
      tests.push(operatorTest(read, op, regexOf(operand, operators.get('$options')), context));
    else tests.push(operatorTest(read, op, operand, context));
  }
  return (subject) => tests.every((test) => test(subject));
}

function negated<S>(
  read: Reader<S>,
  operand: Value,
  context: FieldContext,
): (subject: S) => boolean {
  if (operand instanceof Regex) return read(matchesRegex(operand));
  if (!isDoc(operand)) throw badValue('$not needs a regex or a document');
  if (operand.size === 0) throw badValue('$not cannot be empty');
  const [first = ''] = operand.keys();
  if (!first.startsWith('$')) throw badValue(`unknown operator: ${first}`);
  return operatorsTest(read, operand, context);
}

function everyOf<S>(
  read: Reader<S>,
  operand: Value,
  context: FieldContext,
): (subject: S) => boolean {
  if (!Array.isArray(operand)) throw badValue('$all needs an array');
  const [head] = operand;
  if (head === undefined) return () => false;
  const elements = isElemMatch(head);
  const tests = operand.map((wanted) => {
    if (isElemMatch(wanted) !== elements) throw badValue('$all/$elemMatch has to be consistent');
    if (isElemMatch(wanted))
      return read(elemMatch(wanted.get('$elemMatch') as Value, context), 'whole');
    if (isOperatorDoc(wanted)) throw badValue('no $ expressions in $all');
    return operatorTest(read, wanted instanceof Regex ? '$regex' : '$eq', wanted, context);
  });
  return (subject) => tests.every((test) => test(subject));
}

const isElemMatch = (v: Value): v is Doc => isDoc(v) && v.keys().next().value === '$elemMatch';

function elemMatch(operand: Value, context: FieldContext): Test {
  const test = elementMatcher(operand, context);
  return (v) => Array.isArray(v) && v.some(test);
}

// These begin a filter of its own inside of $elemMatch; other operators speak of the element itself.
const FILTER_OPERATORS = new Set(['$and', '$or', '$nor', '$jsonSchema', '$comment']);

/** Compiles what `$elemMatch` asks of one element. */
export function elementMatcher(operand: Value, context: FieldContext): Test {
  if (!isDoc(operand)) throw badValue('$elemMatch needs an Object');
  const first = operand.keys().next().value ?? '';
  if (first === '$expr') throw badValue('$expr can only be applied to the top-level document');
  if (isOperatorDoc(operand) && !FILTER_OPERATORS.has(first)) {
    const test = operatorsTest(itself, operand, context);
    return (v) => v !== undefined && test(v);
  }
  const test = context.parse(operand);
  return (v) => (v instanceof Map ? test(v) : Array.isArray(v) && test(asDoc(v)));
}

// An array inside an array is seen by $elemMatch as a document of its positions.
const asDoc = (list: Value[]): Doc => new Map(list.map((v, i) => [String(i), v]));
