import { compareNumbers } from '../values/compare.ts';
import { decimalIsZero, decimalRemainder } from '../values/decimal-math.ts';
import { encodeKey } from '../values/encode-key.ts';
import { failedToParse, typeMismatch } from '../values/errors.ts';
import { toDecimal, toWhole, type Numeric } from '../values/number.ts';
import { Regex, isDoc, isNumber, type Doc, type Value } from '../values/types.ts';
import { check, type Rule } from './json-schema-rule.ts';
import { compileRegex } from './regex.ts';

/** The rule of a keyword about the size of a value; null when the keyword is another one. */
export function boundRule(keyword: string, operand: Value, schema: Doc): Rule | null {
  switch (keyword) {
    case 'minimum': {
      const bound = numberOf(keyword, operand);
      const least = schema.get('exclusiveMinimum') === true ? 1 : 0;
      return check(keyword, (v) => !isNumber(v) || compareNumbers(v, bound) >= least);
    }
    case 'maximum': {
      const bound = numberOf(keyword, operand);
      const most = schema.get('exclusiveMaximum') === true ? -1 : 0;
      return check(keyword, (v) => !isNumber(v) || compareNumbers(v, bound) <= most);
    }
    case 'multipleOf': {
      const by = toDecimal(numberOf(keyword, operand));
      if (compareNumbers(by, 0) <= 0)
        throw failedToParse("$jsonSchema keyword 'multipleOf' must have a positive value");
      // As decimals, so that 0.3 is a multiple of 0.1.
      return check(
        keyword,
        (v) => !isNumber(v) || decimalIsZero(decimalRemainder(toDecimal(v), by)),
      );
    }
    case 'uniqueItems':
      if (typeof operand !== 'boolean')
        throw typeMismatch("$jsonSchema keyword 'uniqueItems' must be a boolean");
      return check(keyword, (v) => !operand || !Array.isArray(v) || isUnique(v));
    case 'pattern': {
      if (typeof operand !== 'string')
        throw typeMismatch("$jsonSchema keyword 'pattern' must be a string");
      const test = compileRegex(new Regex(operand));
      return check(keyword, (v) => typeof v !== 'string' || test(v));
    }
    default: {
      const measure = MEASURES.get(keyword.slice(3));
      const known = measure && (keyword.startsWith('min') || keyword.startsWith('max'));
      return known ? check(keyword, sizeRule(keyword, operand, measure)) : null;
    }
  }
}

const MEASURES: ReadonlyMap<string, (v: Value) => number | null> = new Map([
  ['Length', (v: Value) => (typeof v === 'string' ? Array.from(v).length : null)],
  ['Items', (v: Value) => (Array.isArray(v) ? v.length : null)],
  ['Properties', (v: Value) => (isDoc(v) ? v.size : null)],
]);

function sizeRule(
  keyword: string,
  operand: Value,
  measure: (v: Value) => number | null,
): (v: Value) => boolean {
  const bound = toWhole(numberOf(keyword, operand));
  if (bound === null || bound < 0n)
    throw failedToParse(`$jsonSchema keyword '${keyword}' must be a whole number of zero or more`);
  const atLeast = keyword.startsWith('min');
  return (v) => {
    const size = measure(v);
    return size === null || (atLeast ? size >= bound : size <= bound);
  };
}

const isUnique = (list: readonly Value[]): boolean =>
  new Set(list.map((v) => encodeKey(v))).size === list.length;

function numberOf(keyword: string, operand: Value): Numeric {
  if (!isNumber(operand)) throw typeMismatch(`$jsonSchema keyword '${keyword}' must be a number`);
  return operand;
}
