import { equal } from '../values/compare.ts';
import { badValue, failedToParse, notImplemented, typeMismatch } from '../values/errors.ts';
import { isDoc, Regex, typeOf, typesOfAlias, type Doc, type Value } from '../values/types.ts';
import { boundRule } from './json-schema-bounds.ts';
import {
  check,
  docOf,
  join,
  listOf,
  textsOf,
  type Rule,
  type SchemaCheck,
} from './json-schema-rule.ts';
import { compileRegex } from './regex.ts';

export type { SchemaCheck } from './json-schema-rule.ts';

const JSON_TYPES: ReadonlyMap<string, string> = new Map([
  ['object', 'object'],
  ['array', 'array'],
  ['string', 'string'],
  ['number', 'number'],
  ['boolean', 'bool'],
  ['null', 'null'],
]);
const DESCRIBING = ['title', 'description'];
// Read together with the keyword they sharpen; each needs it.
const PARTNERS: ReadonlyMap<string, string> = new Map([
  ['exclusiveMinimum', 'minimum'],
  ['exclusiveMaximum', 'maximum'],
]);
const UNSUPPORTED = ['$ref', '$schema', 'default', 'definitions', 'format', 'id'];

/**
 * Compiles a `$jsonSchema`.
 * @throws CommandError 9 on an unknown keyword, 14 on a wrong operand, 238 on `encrypt`
 */
export function compileSchema(schema: Doc): SchemaCheck {
  const rule = compileRule(schema);
  return (v) => rule(v, '');
}

function compileRule(schema: Doc): Rule {
  const rules: Rule[] = [];
  for (const [keyword, operand] of schema) {
    if (DESCRIBING.includes(keyword)) {
      if (typeof operand !== 'string') throw mismatch(keyword, 'string');
    } else if (PARTNERS.has(keyword)) {
      if (typeof operand !== 'boolean') throw mismatch(keyword, 'boolean');
      if (!schema.has(PARTNERS.get(keyword) as string))
        throw failedToParse(
          `$jsonSchema keyword '${PARTNERS.get(keyword) ?? ''}' must be a present if ${keyword} is present`,
        );
    } else rules.push(keywordRule(keyword, operand, schema));
  }
  return (v, path) => {
    for (const rule of rules) {
      const failure = rule(v, path);
      if (failure) return failure;
    }
    return null;
  };
}

const mismatch = (keyword: string, type: string): Error =>
  typeMismatch(`$jsonSchema keyword '${keyword}' must be of type ${type}`);

function keywordRule(keyword: string, operand: Value, schema: Doc): Rule {
  switch (keyword) {
    case 'bsonType':
    case 'type':
      if (schema.has('bsonType') && schema.has('type'))
        throw failedToParse("Cannot specify both $jsonSchema keywords 'type' and 'bsonType'");
      return check(keyword, typeRule(keyword, operand));
    case 'enum': {
      const allowed = listOf(keyword, operand);
      return check(keyword, (v) => allowed.some((x) => equal(x, v)));
    }
    case 'required': {
      const names = textsOf(keyword, operand);
      return check(keyword, (v) => !isDoc(v) || names.every((name) => v.has(name)));
    }
    case 'properties':
      return propertiesRule(schemas(keyword, operand));
    case 'patternProperties':
      return patternRule(patternsOf(operand));
    case 'additionalProperties':
      return additionalRule(operand, schema);
    case 'items':
      return itemsRule(operand);
    case 'additionalItems':
      return additionalItemsRule(operand, schema);
    case 'dependencies':
      return dependenciesRule(operand);
    default:
      return boundRule(keyword, operand, schema) ?? combinedRule(keyword, operand);
  }
}

function combinedRule(keyword: string, operand: Value): Rule {
  switch (keyword) {
    case 'allOf':
    case 'anyOf':
    case 'oneOf': {
      const rules = listOf(keyword, operand).map((s) => compileRule(docOf(keyword, s)));
      const enough: (n: number) => boolean =
        keyword === 'allOf'
          ? (n) => n === rules.length
          : keyword === 'anyOf'
            ? (n) => n > 0
            : (n) => n === 1;
      return check(keyword, (v) => enough(rules.filter((rule) => rule(v, '') === null).length));
    }
    case 'not': {
      const rule = compileRule(docOf(keyword, operand));
      return check(keyword, (v) => rule(v, '') !== null);
    }
    case 'encrypt':
    case 'encryptMetadata':
      throw notImplemented(`the $jsonSchema keyword '${keyword}'`);
    default:
      throw failedToParse(
        UNSUPPORTED.includes(keyword)
          ? `$jsonSchema keyword '${keyword}' is not currently supported`
          : `Unknown $jsonSchema keyword: ${keyword}`,
      );
  }
}

function typeRule(keyword: string, operand: Value): (v: Value) => boolean {
  const names = Array.isArray(operand) ? operand : [operand];
  if (names.length === 0)
    throw failedToParse(`$jsonSchema keyword '${keyword}' must name at least one type`);
  const types = new Set<number>();
  for (const name of names) {
    if (typeof name !== 'string')
      throw typeMismatch(
        `$jsonSchema keyword '${keyword}' must be either a string or an array of strings`,
      );
    if (keyword === 'type' && name === 'integer')
      throw failedToParse("$jsonSchema type 'integer' is not currently supported.");
    const alias = keyword === 'type' ? JSON_TYPES.get(name) : name;
    const found = alias === undefined ? null : typesOfAlias(alias);
    if (!found) throw badValue(`Unknown type name alias: ${name}`);
    for (const type of found) types.add(type);
  }
  return (v) => types.has(typeOf(v));
}

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

interface Pattern {
  readonly test: (name: string) => boolean;
  readonly rule: Rule;
}

const patternsOf = (operand: Value): Pattern[] =>
  [...schemas('patternProperties', operand)].map(([pattern, rule]) => ({
    test: compileRegex(new Regex(pattern)),
    rule,
  }));

function patternRule(patterns: readonly Pattern[]): Rule {
  return (v, path) => {
    if (!isDoc(v)) return null;
    for (const [name, value] of v) {
      for (const { test, rule } of patterns) {
        const failure = test(name) ? rule(value, join(path, name)) : null;
        if (failure) return failure;
      }
    }
    return null;
  };
}

/** A schema, or a boolean that stands for "anything" or "nothing"; null is anything. */
function schemaOrFlag(keyword: string, operand: Value): Rule | null {
  if (operand === true) return null;
  if (operand === false) return check(keyword, () => false);
  return compileRule(docOf(keyword, operand));
}

function additionalRule(operand: Value, schema: Doc): Rule {
  const declared = schema.get('properties');
  const names = new Set(isDoc(declared) ? declared.keys() : []);
  const patterns = patternsOf(schema.get('patternProperties') ?? new Map());
  const rest = schemaOrFlag('additionalProperties', operand);
  if (!rest) return () => null;
  return (v, path) => {
    if (!isDoc(v)) return null;
    for (const [name, value] of v) {
      if (names.has(name) || patterns.some((p) => p.test(name))) continue;
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

// It speaks of the items behind a list of schemas; beside a single schema there are none.
function additionalItemsRule(operand: Value, schema: Doc): Rule {
  const rest = schemaOrFlag('additionalItems', operand);
  const items = schema.get('items');
  if (!rest || !Array.isArray(items)) return () => null;
  return (v, path) => {
    if (!Array.isArray(v)) return null;
    for (const [i, item] of v.entries()) {
      const failure = i < items.length ? null : rest(item, join(path, String(i)));
      if (failure) return failure;
    }
    return null;
  };
}

function dependenciesRule(operand: Value): Rule {
  const rules = [...docOf('dependencies', operand)].map(([name, needs]) => {
    if (isDoc(needs)) return [name, compileRule(needs)] as const;
    const names = textsOf('dependencies', needs);
    return [
      name,
      check('dependencies', (v) => !isDoc(v) || names.every((other) => v.has(other))),
    ] as const;
  });
  return (v, path) => {
    if (!isDoc(v)) return null;
    for (const [name, rule] of rules) {
      const failure = v.has(name) ? rule(v, path) : null;
      if (failure) return failure;
    }
    return null;
  };
}

function schemas(keyword: string, operand: Value): Map<string, Rule> {
  return new Map(
    [...docOf(keyword, operand)].map(([name, s]) => [name, compileRule(docOf(keyword, s))]),
  );
}
