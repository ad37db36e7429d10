import { badValue, notImplemented } from '../values/errors.ts';
import { truthy } from '../values/make.ts';
import { Regex, isDoc, type Doc, type Value } from '../values/types.ts';
import { compileExpression, type Variables } from '../expression/compile.ts';
import {
  atPath,
  elementMatcher,
  operatorTest,
  REFUSED_IN_FILTERS,
  type FieldContext,
} from './field-tests.ts';
import { compileSchema } from './json-schema.ts';
import { isOperatorDoc, regexOf } from './operands.ts';
import { conjuncts, type Leaf, type Matcher, type Node } from './matcher.ts';
import { headOf, splitPath } from './path.ts';
import type { Test } from './predicates.ts';
import type { Collation } from './text-fold.ts';

/** What a filter is compiled under. */
export interface ParseOptions {
  readonly collation?: Collation | null;
  /** Variables of `let`, for `$expr`. */
  readonly variables?: Variables;
}

interface Context extends FieldContext {
  readonly variables: Variables;
  /** Top-level fields read so far; null once that is unknown. */
  fields: Set<string> | null;
}

function contextOf(options: ParseOptions): Context {
  const context: Context = {
    collation: options.collation ?? null,
    variables: options.variables ?? new Map(),
    fields: new Set(),
    // The filter of an $elemMatch reads fields of its own.
    parse: (filter) => parseDoc(filter, { ...context, fields: null }).test,
  };
  return context;
}

/**
 * Compiles a filter.
 * @throws CommandError 2 on an unknown operator or a wrong operand, 238 on one this engine refuses.
 */
export function parseFilter(filter: Doc, options: ParseOptions = {}): Matcher {
  const context = contextOf(options);
  const root = parseDoc(filter, context);
  return {
    test: root.test,
    root,
    fields: context.fields,
    collation: context.collation,
    all: filter.size === 0,
  };
}

/** The test of one element as `$elemMatch` makes it. */
export const elementTest = (operand: Value, options: ParseOptions = {}): Test =>
  elementMatcher(operand, contextOf(options));

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
      const expression = compileExpression(value, context.variables, context.collation);
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
      if (REFUSED_IN_FILTERS.has(name)) throw notImplemented(`the query operator ${name}`);
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

const NEGATED = new Set(['$ne', '$nin', '$not']);

function fieldNode(name: string, op: string, operand: Value, context: Context): Node {
  const single = op === '$all' ? onlyValue(operand) : undefined;
  const leaf: Leaf = {
    path: name,
    op: single !== undefined ? '$eq' : PLANNABLE.has(op) ? (op as Leaf['op']) : 'other',
    value: single === undefined ? operand : single,
    negated: NEGATED.has(op),
  };
  return { leaf, test: operatorTest(atPath(splitPath(name)), op, operand, context) };
}

// `{$all: [x]}` is `{$eq: x}`, to an index and to an upsert as well.
function onlyValue(operand: Value): Value | undefined {
  const [only] = Array.isArray(operand) && operand.length === 1 ? operand : [];
  return only instanceof Regex || (only !== undefined && isOperatorDoc(only)) ? undefined : only;
}
