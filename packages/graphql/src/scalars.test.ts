import { type GraphQLScalarType, parseValue } from 'graphql';
import { describe, expect, it } from 'vitest';
import { DateScalar, DateTimeScalar, PointsScalar, YenScalar } from './scalars.ts';

const literal = (scalar: GraphQLScalarType, source: string): unknown =>
  scalar.parseLiteral(parseValue(source), {});
const code = (work: () => unknown): unknown => {
  try {
    return { value: work() };
  } catch (error) {
    return (error as { extensions?: { code?: string } }).extensions?.code ?? String(error);
  }
};

describe.each([
  ['Yen', YenScalar],
  ['Points', PointsScalar],
])('%s', (_, scalar) => {
  it.each([1, 1_080, Number.MAX_SAFE_INTEGER, '1', '1080', '9007199254740991'])(
    'takes %j as a variable',
    (value) => {
      expect(scalar.parseValue(value)).toBe(Number(value));
    },
  );

  it.each([
    0,
    -1,
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    2 ** 53,
    '0',
    '-1',
    '+1',
    '1.0',
    '1e3',
    '01',
    ' 1',
    '1 ',
    '１０００',
    '1,000',
    '0x10',
    '9007199254740992',
    '9'.repeat(400),
    '',
    null,
    undefined,
    true,
    [1],
    {},
  ])('refuses %j as a variable, as bad input', (value) => {
    expect(code(() => scalar.parseValue(value))).toBe('BAD_USER_INPUT');
  });

  it.each(['1', '"1080"', '9007199254740991'])('takes %s as a literal', (source) => {
    expect(literal(scalar, source)).toBe(Number(source.replaceAll('"', '')));
  });

  it.each([
    '0',
    '-1',
    '1.0',
    '1e3',
    '"1e3"',
    '"+1"',
    'true',
    'null',
    '[1]',
    '{a: 1}',
    'ONE',
    '9007199254740992',
  ])('refuses %s as a literal, as bad input', (source) => {
    expect(code(() => literal(scalar, source))).toBe('BAD_USER_INPUT');
  });

  it('never repeats what was sent', () => {
    for (const value of ['4111111111111111111', '秘密']) {
      expect(() => scalar.parseValue(value)).toThrow(/^(Yen|Points): [A-Z_]+$/);
    }
  });

  it('shows whole amounts, zero included, and nothing else', () => {
    expect([0, 1_080].map((value) => scalar.serialize(value))).toEqual([0, 1_080]);
    for (const value of [1.5, -1, Number.NaN, 2 ** 53, null, undefined]) {
      expect(() => scalar.serialize(value)).toThrow('out of range');
    }
  });
});

describe('DateTime', () => {
  it.each([
    ['2019-07-01T00:00:00Z', '2019-07-01T00:00:00.000Z'],
    ['2019-07-01T09:00:00+09:00', '2019-07-01T00:00:00.000Z'],
    ['2019-07-01T00:00:00.123Z', '2019-07-01T00:00:00.123Z'],
  ])('takes %s', (text, instant) => {
    expect(DateTimeScalar.serialize(DateTimeScalar.parseValue(text))).toBe(instant);
    expect(DateTimeScalar.serialize(literal(DateTimeScalar, `"${text}"`))).toBe(instant);
  });

  it.each([
    '2019-07-01',
    '2019-07-01T00:00:00',
    '2019-13-01T00:00:00Z',
    '2019-07-01T25:00:00Z',
    '1 July 2019',
    '1561939200000',
    '',
    ' 2019-07-01T00:00:00Z',
    0,
    null,
    {},
  ])('refuses %j: it would depend on somebody’s time zone, or is no instant', (value) => {
    expect(code(() => DateTimeScalar.parseValue(value))).toBe('BAD_USER_INPUT');
  });

  it('shows dates alone', () => {
    for (const value of ['2019-07-01T00:00:00Z', 0, null]) {
      expect(() => DateTimeScalar.serialize(value)).toThrow();
    }
  });
});

describe('Date', () => {
  it('takes a calendar day and shows it as it is', () => {
    expect(DateScalar.parseValue('2020-02-29')).toBe('2020-02-29');
    expect(literal(DateScalar, '"2019-09-30"')).toBe('2019-09-30');
    expect(DateScalar.serialize('2019-09-30')).toBe('2019-09-30');
  });

  it.each([
    '2019-02-29',
    '2019-02-30',
    '2019-9-30',
    '20190930',
    '2019-09-30T00:00:00Z',
    '２０１９-09-30',
    '',
    20_190_930,
    null,
  ])('refuses %j', (value) => {
    expect(code(() => DateScalar.parseValue(value))).toBe('BAD_USER_INPUT');
  });
});
