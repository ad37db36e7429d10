import { parsePoints, parseYen } from '@7pay/money';
import { isBusinessDate } from '@7pay/time';
import { GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { badUserInput } from './errors.ts';

// A whole amount greater than zero: nobody pays, tops up or earns nothing.
function amountScalar(
  name: 'Yen' | 'Points',
  description: string,
  parse: (value: unknown) => number | string,
): GraphQLScalarType<number, number> {
  const read = (value: unknown): number => {
    const amount = parse(value);
    if (typeof amount === 'string') throw badUserInput(`${name}: ${amount}`);
    if (amount === 0) throw badUserInput(`${name}: ZERO`);
    return amount;
  };
  return new GraphQLScalarType({
    name,
    description,
    serialize: (value) => {
      const amount = parse(value);
      if (typeof amount === 'string') throw new TypeError(`${name} out of range: ${amount}`);
      return amount;
    },
    parseValue: read,
    // The text of the literal, so that `1e3`, `+1` and `1.0` stay visible as what was written.
    parseLiteral: (node: ValueNode) => {
      if (node.kind !== Kind.INT && node.kind !== Kind.STRING)
        throw badUserInput(`${name}: NOT_A_NUMBER`);
      return read(node.value);
    },
  });
}

/** Whole yen. Input: 1 or more, a JSON integer or a text of digits; answers may be 0. */
export const YenScalar = amountScalar(
  'Yen',
  'Whole yen. As input: a JSON integer or a text of the digits 0-9, at least 1, at most 9007199254740991. Fractions, signs, exponents and full-width digits are refused with BAD_USER_INPUT.',
  parseYen,
);

/** Whole nanaco points; the same rules as {@link YenScalar}. */
export const PointsScalar = amountScalar(
  'Points',
  'Whole nanaco points. As input: the rules of Yen. Points and yen never add to each other.',
  parsePoints,
);

/** An instant in UTC. */
export const DateTimeScalar = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'An instant in UTC, ISO 8601 with milliseconds: 2019-07-01T00:00:00.000Z.',
  serialize: (value) => {
    if (!(value instanceof Date)) throw new TypeError('DateTime serializes dates only');
    return value.toISOString();
  },
  parseValue: parseInstant,
  parseLiteral: (node) => parseInstant(node.kind === Kind.STRING ? node.value : undefined),
});

function parseInstant(value: unknown): Date {
  const text = typeof value === 'string' ? value : '';
  // An instant without its offset would depend on somebody's time zone.
  const whole = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?(Z|[+-]\d{2}:\d{2})$/.test(text);
  const at = new Date(text);
  if (!whole || Number.isNaN(at.getTime())) {
    throw badUserInput('DateTime: an ISO 8601 instant with its offset is expected');
  }
  return at;
}

/** A business date in Japan. */
export const DateScalar = new GraphQLScalarType<string, string>({
  name: 'Date',
  description: 'A business date in Japan (Asia/Tokyo), YYYY-MM-DD.',
  serialize: (value) => parseDay(value),
  parseValue: parseDay,
  parseLiteral: (node) => parseDay(node.kind === Kind.STRING ? node.value : undefined),
});

function parseDay(value: unknown): string {
  if (typeof value !== 'string' || !isBusinessDate(value)) {
    throw badUserInput('Date: a calendar day as YYYY-MM-DD is expected');
  }
  return value;
}
