import { compareNumbers, equal } from '../values/compare.ts';
import { badValue, failedToParse, notImplemented } from '../values/errors.ts';
import { toDouble, type Numeric } from '../values/number.ts';
import {
  Regex,
  isDoc,
  isNumber,
  typeName,
  typeOf,
  typesOfAlias,
  type Doc,
  type Value,
} from '../values/types.ts';
import { compileRegex } from './regex.ts';

/** The keyword a value failed and the path it failed at, or null when it is fine. */
export type SchemaCheck = (
  v: Value,
) => { readonly keyword: string; readonly path: string; readonly value: Value } | null;

type Rule = (v: Value, path: string) => ReturnType<SchemaCheck>;

const JSON_TYPES: Readonly<Record<string, string>> = {
  object: 'object',
  array: 'array',
  string: 'string',
  number: 'number',
  boolean: 'bool',
  null: 'null',
};
// `exclusiveMinimum` and `exclusiveMaximum` are read together with the bound they sharpen.
const IGNORED = new Set(['title', 'description', 'exclusiveMinimum', 'exclusiveMaximum']);

/**
 * Compiles a `$jsonSchema`.
 * @throws CommandError 9 on an unknown keyword, 238 on a keyword that is not supported.
 */
export function compileSchema(schema: Doc): SchemaCheck {
  const rule = compileRule(schema);
  return (v) => rule(v, '');
}

function compileRule(schema: Doc): Rule {
  const rules: Rule[] = [];
  for (const [keyword, operand] of schema) {
    if (!IGNORED.has(keyword)) rules.push(keywordRule(keyword, operand, schema));
  }
  return (v, path) => {
    for (const rule of rules) {
      const failure = rule(v, path);
      if (failure) return failure;
    }
    return null;
  };
}

const check =
  (keyword: string, holds: (v: Value) => boolean): Rule =>
  (v, path) =>
    holds(v) ? null : { keyword, path, value: v };

function keywordRule(keyword: string, operand: Value, schema: Doc): Rule {
  switch (keyword) {
    case 'bsonType':
    case 'type':
      return check(keyword, typeRule(keyword, operand));
    case 'enum': {
      const allowed = list(keyword, operand);
      return check(keyword, (v) => allowed.some((x) => equal(x, v)));
    }
    case 'required': {
      const names = list(keyword, operand).map(String);
      return check(keyword, (v) => !isDoc(v) || names.every((name) => v.has(name)));
    }
    case 'properties':
      return propertiesRule(schemas(keyword, operand));
    case 'patternProperties':
      return () => null; // counted by additionalProperties, checked there
    case 'additionalProperties':
      return additionalRule(operand, schema);
    case 'items':
      return itemsRule(operand);
    case 'uniqueItems':
      return check(keyword, (v) => operand !== true || !Array.isArray(v) || isUnique(v));
    default:
      return boundRule(keyword, operand, schema);
  }
}

function boundRule(keyword: string, operand: Value, schema: Doc): Rule {
  switch (keyword) {
    case 'minimum': {
      const bound = numberOf(keyword, operand);
      const strict = schema.get('exclusiveMinimum') === true;
      return check(keyword, (v) => !isNumber(v) || compareNumbers(v, bound) >= (strict ? 1 : 0));
    }
    case 'maximum': {
      const bound = numberOf(keyword, operand);
      const strict = schema.get('exclusiveMaximum') === true;
      return check(keyword, (v) => !isNumber(v) || compareNumbers(v, bound) <= (strict ? -1 : 0));
    }
    case 'multipleOf': {
      const by = toDouble(numberOf(keyword, operand));
      return check(keyword, (v) => !isNumber(v) || toDouble(v) % by === 0);
    }
    case 'minLength':
    case 'maxLength':
      return check(
        keyword,
        sizeRule(keyword, operand, (v) => (typeof v === 'string' ? [...v].length : null)),
      );
    case 'minItems':
    case 'maxItems':
      return check(
        keyword,
        sizeRule(keyword, operand, (v) => (Array.isArray(v) ? v.length : null)),
      );
    case 'minProperties':
    case 'maxProperties':
      return check(
        keyword,
        sizeRule(keyword, operand, (v) => (isDoc(v) ? v.size : null)),
      );
    case 'pattern': {
      if (typeof operand !== 'string')
        throw badValue("$jsonSchema keyword 'pattern' must be a string");
      const test = compileRegex(new Regex(operand));
      return check(keyword, (v) => typeof v !== 'string' || test(v));
    }
    default:
      return combinedRule(keyword, operand);
  }
}

function combinedRule(keyword: string, operand: Value): Rule {
  switch (keyword) {
    case 'allOf':
    case 'anyOf':
    case 'oneOf': {
      const rules = list(keyword, operand).map((s) => compileRule(docOf(keyword, s)));
      const enough =
        keyword === 'allOf'
          ? (n: number) => n === rules.length
          : keyword === 'anyOf'
            ? (n: number) => n > 0
            : (n: number) => n === 1;
      return check(keyword, (v) => enough(rules.filter((rule) => rule(v, '') === null).length));
    }
    case 'not': {
      const rule = compileRule(docOf(keyword, operand));
      return check(keyword, (v) => rule(v, '') !== null);
    }
    case 'dependencies':
    case 'additionalItems':
    case 'encrypt':
      throw notImplemented(`the $jsonSchema keyword '${keyword}'`);
    default:
      throw failedToParse(`Unknown $jsonSchema keyword: ${keyword}`);
  }
}

function typeRule(keyword: string, operand: Value): (v: Value) => boolean {
  const names = Array.isArray(operand) ? operand : [operand];
  const types = new Set<number>();
  for (const name of names) {
    const alias =
      typeof name === 'string' ? (keyword === 'type' ? JSON_TYPES[name] : name) : undefined;
    const found = alias === undefined ? null : typesOfAlias(alias);
    if (!found) throw badValue(`Unknown type name alias: ${String(name)}`);
    for (const type of found) types.add(type);
  }
  return (v) => types.has(typeOf(v));
}

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

function propertiesRule(rules: ReadonlyMap<string, Rule>): Rule {
  return (v, path) => {
    if (!isDoc(v)) return null;
    for (const [name, rule] of rules) {
      const value = v.get(name);
      const failure = value === undefined ? null : rule(value, join(path, name));
      if (failure) return failure;
    }
    return null;
  };
}

function additionalRule(operand: Value, schema: Doc): Rule {
  const declared = schema.get('properties');
  const names = new Set(isDoc(declared) ? declared.keys() : []);
  const patterns = [
    ...schemas('patternProperties', schema.get('patternProperties') ?? new Map()),
  ].map(([pattern, rule]) => ({ test: compileRegex(new Regex(pattern)), rule }));
  const rest =
    operand === true
      ? null
      : operand === false
        ? check('additionalProperties', () => false)
        : compileRule(docOf('additionalProperties', operand));
  return (v, path) => {
    if (!isDoc(v)) return null;
    for (const [name, value] of v) {
      const matching = patterns.filter((p) => p.test(name));
      for (const { rule } of matching) {
        const failure = rule(value, join(path, name));
        if (failure) return failure;
      }
      if (rest === null || names.has(name) || matching.length > 0) continue;
      const failure = rest(value, join(path, name));
      if (failure) return failure;
    }
    return null;
  };
}

function itemsRule(operand: Value): Rule {
  const perItem = Array.isArray(operand)
    ? operand.map((s) => compileRule(docOf('items', s)))
    : null;
  const each = perItem ? null : compileRule(docOf('items', operand));
  return (v, path) => {
    if (!Array.isArray(v)) return null;
    for (const [i, item] of v.entries()) {
      const failure = (each ?? perItem?.[i])?.(item, join(path, String(i))) ?? null;
      if (failure) return failure;
    }
    return null;
  };
}

function sizeRule(
  keyword: string,
  operand: Value,
  measure: (v: Value) => number | null,
): (v: Value) => boolean {
  const bound = toDouble(numberOf(keyword, operand));
  const atLeast = keyword.startsWith('min');
  return (v) => {
    const size = measure(v);
    return size === null || (atLeast ? size >= bound : size <= bound);
  };
}

const isUnique = (v: Value[]): boolean =>
  v.every((x, i) => !v.slice(0, i).some((y) => equal(x, y)));

function schemas(keyword: string, operand: Value): Map<string, Rule> {
  return new Map(
    [...docOf(keyword, operand)].map(([name, s]) => [name, compileRule(docOf(keyword, s))]),
  );
}

function list(keyword: string, operand: Value): Value[] {
  if (!Array.isArray(operand) || operand.length === 0)
    throw badValue(`$jsonSchema keyword '${keyword}' must be a nonempty array`);
  return operand;
}

function docOf(keyword: string, operand: Value): Doc {
  if (!isDoc(operand))
    throw badValue(
      `$jsonSchema keyword '${keyword}' must be an object, but found a ${typeName(operand)}`,
    );
  return operand;
}

function numberOf(keyword: string, operand: Value): Numeric {
  if (!isNumber(operand)) throw badValue(`$jsonSchema keyword '${keyword}' must be a number`);
  return operand;
}
