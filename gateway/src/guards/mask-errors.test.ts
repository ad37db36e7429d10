import type { Log, LogFacts } from '@7pay/telemetry';
import type { GraphQLFormattedError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { maskError } from './mask-errors.ts';

const logged: LogFacts[] = [];
const log: Log = {
  info: () => {},
  warn: () => {},
  error: (_event, facts = {}) => void logged.push(facts),
  child: () => log,
};
const mask = (formatted: GraphQLFormattedError, cause: unknown = new Error('cause')) => {
  logged.length = 0;
  return maskError(formatted, cause, { reference: 'ref-12345678', log });
};
const SECRET = 'mongodb://app:hunter2@10.0.0.7/pay';

describe('an error on its way out', () => {
  it.each(['BAD_USER_INPUT', 'FORBIDDEN', 'UNAUTHENTICATED', 'NOT_FOUND', 'UNAVAILABLE'])(
    'under %s keeps its message, place and reference, and loses everything else',
    (code) => {
      const masked = mask({
        message: 'For the caller.',
        path: ['wallet', 0],
        locations: [{ line: 1, column: 2 }],
        extensions: {
          code,
          reference: 'ref-of-the-service',
          serviceName: 'wallet',
          response: { url: 'http://10.0.0.7:4001', status: 500, body: SECRET },
          exception: { stacktrace: [SECRET] },
          stacktrace: [SECRET],
          originalError: SECRET,
        },
      });
      expect(masked).toEqual({
        message: 'For the caller.',
        path: ['wallet', 0],
        locations: [{ line: 1, column: 2 }],
        extensions: { code, reference: 'ref-of-the-service' },
      });
      expect(logged).toEqual([]);
    },
  );

  it.each([
    ['INTERNAL', { code: 'INTERNAL', secret: SECRET }],
    ['INTERNAL_SERVER_ERROR', { code: 'INTERNAL_SERVER_ERROR' }],
    ['a code of somebody else', { code: 'E11000' }],
    ['the name of an inherited member', { code: 'constructor' }],
    ['a code that is no text', { code: ['FORBIDDEN'] }],
    ['none', {}],
  ])('under %s is masked, and its cause is logged under the same reference', (_, extensions) => {
    const cause = new Error(SECRET);
    const masked = mask({ message: SECRET, path: ['a'], extensions }, cause);
    expect(masked).toEqual({
      message: 'ただいま処理できません。 We cannot do this at the moment.',
      path: ['a'],
      extensions: { code: 'INTERNAL', reference: 'ref-12345678' },
    });
    expect(logged).toMatchObject([{ reference: 'ref-12345678', cause }]);
  });

  it('without extensions is masked too', () => {
    expect(mask({ message: SECRET }).extensions).toEqual({
      code: 'INTERNAL',
      reference: 'ref-12345678',
    });
  });

  it('keeps the reference that a service logged it under', () => {
    const masked = mask({ message: 'x', extensions: { code: 'INTERNAL', reference: 'its-own' } });
    expect(masked.extensions).toEqual({ code: 'INTERNAL', reference: 'its-own' });
  });
});
