import { describe, expect, it } from 'vitest';
import { answerType, isJsonBody } from './media-type.ts';

const GRAPHQL = 'application/graphql-response+json';
const JSON_TYPE = 'application/json';

describe('the form of an answer', () => {
  it.each([
    [undefined, JSON_TYPE],
    ['', JSON_TYPE],
    ['*/*', JSON_TYPE],
    ['application/*', JSON_TYPE],
    [JSON_TYPE, JSON_TYPE],
    [`${JSON_TYPE}; charset=utf-8`, JSON_TYPE],
    [GRAPHQL, GRAPHQL],
    [GRAPHQL.toUpperCase(), GRAPHQL],
    [`${GRAPHQL}; charset="UTF-8"`, GRAPHQL],
    [`${GRAPHQL}, ${JSON_TYPE};q=0.9`, GRAPHQL],
    [`${JSON_TYPE}, ${GRAPHQL}`, GRAPHQL], // wanted as much, and it says more
    [`${JSON_TYPE}, ${GRAPHQL};q=0.9`, JSON_TYPE],
    [`text/html, ${GRAPHQL};q=0.1`, GRAPHQL],
    ['text/html, */*;q=0.1', JSON_TYPE],
    [`*/*, ${GRAPHQL};q=0.5`, JSON_TYPE],
    [`${JSON_TYPE};q=0, ${GRAPHQL};q=0.001`, GRAPHQL],
  ])('for accept %s is %s', (accept, type) => {
    expect(answerType(accept)).toBe(type);
  });

  it.each([
    'text/html',
    'text/*',
    'application/xml',
    `${JSON_TYPE};q=0`,
    `${JSON_TYPE};q=2`,
    `${JSON_TYPE};q=x`,
    `${GRAPHQL};charset=shift_jis`,
    '__proto__',
    'constructor',
    ';;,,',
  ])('does not exist for accept %s', (accept) => {
    expect(answerType(accept)).toBeUndefined();
  });
});

describe('a body', () => {
  it.each(['application/json;charset=utf8', 'application/json; charset="UTF-8"; x=y'])(
    'of type %s is read',
    (type) => expect(isJsonBody(type)).toBe(true),
  );
  it.each([
    undefined,
    '',
    'application/json; charset=utf-16',
    'application/json; charset=Shift_JIS',
    'application/graphql',
    'application/json+graphql',
    'application/json, text/plain',
  ])('of type %s is not', (type) => expect(isJsonBody(type)).toBe(false));
});
