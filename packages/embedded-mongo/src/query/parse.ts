import { badValue, notImplemented } from '../values/errors.ts';
import { truthy } from '../values/make.ts';
import { toDouble } from '../values/number.ts';
import { Regex, isDoc, isNumber, type Doc, type Value } from '../values/types.ts';
import { compileExpression, type Variables } from '../expression/compile.ts';
import { compileSchema } from './json-schema.ts';
import { isOperatorDoc, listOf, regexOf, typeSet } from './operands.ts';
import { conjuncts, type Leaf, type Matcher, type Node } from './matcher.ts';
import { anyAt, headOf, splitPath, type Leaf as LeafMode, type Path } from './path.ts';
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

/** What a filter is compiled under. */
export interface ParseOptions {
  readonly collation?: Collation | null;
  /** Variables of `let`, for `$expr`. */
  readonly variables?: Variables;
}

interface Context {
  readonly collation: Collation | null;
  readonly variables: Variables;
  /** Top-level fields read so far; null once that is unknown. */
  fields: Set<string> | null;
}

/**
 * Compiles a filter.
 * @throws CommandError 2 on an unknown operator or a wrong operand, 238 on one this engine refuses.
 */
export function parseFilter(filter: Doc, options: ParseOptions = {}): Matcher {
  const context: Context = {
    collation: options.collation ?? null,
    variables: options.variables ?? new Map(),
    fields: new Set(),
  };
  const root = parseDoc(filter, context);
  return {
    test: root.test,
    root,
    fields: context.fields,
    collation: context.collation,
    all: filter.size === 0,
  };
}

const REFUSED = new Set([
  '$where',
  '$text',
  '$near',
  '$nearSphere',
  '$geoWithin',
  '$geoIntersects',
  '$within',
  '$sampleRate',
]);

function parseDoc(filter: Doc, context: Context): Node {
  const nodes: Node[] = [];
  for (const [name, value] of filter) {
    if (name.startsWith('$')) nodes.push(...parseTop(name, value, context));
    else nodes.push(...parseField(name, value, context));
  }
  return all(nodes);
}

function all(nodes: readonly Node[]): Node {
  const [only] = nodes;
  if (only && nodes.length === 1) return only;
  const tests = nodes.map((node) => node.test);
  return { and: nodes, test: (doc) => tests.every((test) => test(doc)) };
}

function parseTop(name: string, value: Value, context: Context): Node[] {
  switch (name) {
    case '$and':
      return conjuncts(all(clauses(name, value, context)));
    case '$or': {
      const or = clauses(name, value, context);
      return or.length === 1 ? or : [{ or, test: (doc) => or.some((node) => node.test(doc)) }];
    }
    case '$nor': {
      const none = clauses(name, value, context);
      return [{ test: (doc) => !none.some((node) => node.test(doc)) }];
    }
    case '$expr': {
      context.fields = null;
      const expression = compileExpression(value, context.variables);
      return [{ test: (doc) => truthy(expression(doc)) }];
    }
    case '$jsonSchema': {
      context.fields = null;
      if (!isDoc(value)) throw badValue('$jsonSchema must be an object');
      const schema = compileSchema(value);
      return [{ test: (doc) => schema(doc) === null }];
    }
    case '$comment':
      return [];
    case '$alwaysTrue':
      return [];
    case '$alwaysFalse':
      return [{ test: () => false }];
    default:
      if (REFUSED.has(name)) throw notImplemented(`the query operator ${name}`);
      throw badValue(
        `unknown top level operator: ${name}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
      );
  }
}

function clauses(name: string, value: Value, context: Context): Node[] {
  if (!Array.isArray(value) || value.length === 0)
    throw badValue(`${name} argument must be a nonempty array`);
  return value.map((clause) => {
    if (!isDoc(clause)) throw badValue(`${name} argument's entries must be objects`);
    return parseDoc(clause, context);
  });
}

function parseField(name: string, value: Value, context: Context): Node[] {
  context.fields?.add(headOf(name));
  if (!isOperatorDoc(value))
    return [fieldNode(name, value instanceof Regex ? '$regex' : '$eq', value, context)];
  const nodes: Node[] = [];
  for (const [op, operand] of value) {
    if (op === '$options') {
      if (!value.has('$regex')) throw badValue('$options needs a $regex');
    } else if (op === '$regex') {
      nodes.push(fieldNode(name, op, regexOf(operand, value.get('$options')), context));
    } else nodes.push(fieldNode(name, op, operand, context));
  }
  return nodes;
}

const PLANNABLE = new Set(['$eq', '$in', '$gt', '$gte', '$lt', '$lte', '$regex', '$exists']);

function fieldNode(name: string, op: string, operand: Value, context: Context): Node {
  const path = splitPath(name);
  const leaf: Leaf = {
    path: name,
    op: PLANNABLE.has(op) ? (op as Leaf['op']) : 'other',
    value: operand,
  };
  return { leaf, test: fieldTest(path, op, operand, context) };
}

const at =
  (path: Path, test: Test, mode: LeafMode = 'elements') =>
  (doc: Doc): boolean =>
    anyAt(doc, path, test, mode);
const not =
  (test: (doc: Doc) => boolean) =>
  (doc: Doc): boolean =>
    !test(doc);

function fieldTest(
  path: Path,
  op: string,
  operand: Value,
  context: Context,
): (doc: Doc) => boolean {
  const { collation } = context;
  switch (op) {
    case '$eq':
      return at(path, equals(operand, collation));
    case '$ne':
      if (operand instanceof Regex) throw badValue("Can't have regex as arg to $ne.");
      return not(at(path, equals(operand, collation)));
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      if (operand instanceof Regex)
        throw badValue(`Can't have RegEx as arg to predicate over field '${path.join('.')}'.`);
      return at(path, ordered(op, operand, collation));
    case '$in':
      return at(path, isIn(listOf(op, operand), collation));
    case '$nin':
      return not(at(path, isIn(listOf(op, operand), collation)));
    case '$exists': {
      const there = at(path, (v) => v !== undefined, 'whole');
      return truthy(operand) ? there : not(there);
    }
    case '$regex':
      return at(path, matchesRegex(operand as Regex));
    case '$not':
      return not(negated(path, operand, context));
    default:
      return rareFieldTest(path, op, operand, context);
  }
}

function rareFieldTest(
  path: Path,
  op: string,
  operand: Value,
  context: Context,
): (doc: Doc) => boolean {
  switch (op) {
    case '$type':
      return at(path, hasType(typeSet(operand)));
    case '$mod':
      return at(path, mod(operand));
    case '$size': {
      const size = isNumber(operand) ? toDouble(operand) : -1;
      if (!Number.isInteger(size) || size < 0)
        throw badValue('$size must be a whole number of zero or more');
      return at(path, (v) => Array.isArray(v) && v.length === size, 'whole');
    }
    case '$all':
      return everyOf(path, operand, context);
    case '$elemMatch':
      return at(path, elemMatch(operand, context), 'whole');
    case '$bitsAllSet':
    case '$bitsAnySet':
    case '$bitsAllClear':
    case '$bitsAnyClear':
      return at(path, bits(op, operand));
    default:
      if (REFUSED.has(op)) throw notImplemented(`the query operator ${op}`);
      throw badValue(`unknown operator: ${op}`);
  }
}

function negated(path: Path, operand: Value, context: Context): (doc: Doc) => boolean {
  if (operand instanceof Regex) return fieldTest(path, '$regex', operand, context);
  if (!isDoc(operand) || operand.size === 0) throw badValue('$not needs a regex or a document');
  const [first = ''] = operand.keys();
  if (!first.startsWith('$')) throw badValue(`unknown operator: ${first}`);
  const nodes = parseField(path.join('.'), operand, context);
  return (doc) => nodes.every((node) => node.test(doc));
}

function everyOf(path: Path, operand: Value, context: Context): (doc: Doc) => boolean {
  if (!Array.isArray(operand)) throw badValue('$all needs an array');
  if (operand.length === 0) return () => false;
  const tests = operand.map((wanted) => {
    if (isDoc(wanted) && wanted.has('$elemMatch')) {
      return at(path, elemMatch(wanted.get('$elemMatch') as Value, context), 'whole');
    }
    if (isOperatorDoc(wanted)) throw badValue('no $ expressions in $all');
    return fieldTest(path, wanted instanceof Regex ? '$regex' : '$eq', wanted, context);
  });
  return (doc) => tests.every((test) => test(doc));
}

/** The test of one array by `$elemMatch`; also used by projections and `$pull`. */
export function elementTest(operand: Value, options: ParseOptions = {}): Test {
  const { collation = null, variables = new Map() } = options;
  return elementMatcher(operand, { collation, variables, fields: null });
}

function elemMatch(operand: Value, context: Context): Test {
  const test = elementMatcher(operand, context);
  return (v) => Array.isArray(v) && v.some(test);
}

function elementMatcher(operand: Value, context: Context): Test {
  if (!isDoc(operand)) throw badValue('$elemMatch needs an Object');
  const inner: Context = { ...context, fields: null };
  const first = operand.keys().next().value ?? '';
  if (
    isOperatorDoc(operand) &&
    !['$and', '$or', '$nor', '$expr', '$jsonSchema', '$comment'].includes(first)
  ) {
    // Bare operators test the element itself: it is looked at as the one field of a document.
    const nodes = parseField('v', operand, inner);
    return (v) =>
      v !== undefined &&
      nodes.every((node) => node.test(new Map([['v', Array.isArray(v) ? [v] : v]])));
  }
  const node = parseDoc(operand, inner);
  return (v) => (v instanceof Map ? node.test(v) : Array.isArray(v) && node.test(asDoc(v)));
}

// An array inside an array is seen by $elemMatch as a document of its positions.
const asDoc = (list: Value[]): Doc => new Map(list.map((v, i) => [String(i), v]));
