import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { corsHeaders, isPreflight } from './cors.ts';

const ALLOWED = ['https://app.example', 'https://pos.example:8443'];
const asked = (headers: Record<string, string>, method = 'POST') =>
  ({ headers, method }) as unknown as IncomingMessage;
const allowed = (origin: string | undefined, list: readonly string[] = ALLOWED) =>
  pairs(corsHeaders(asked(origin === undefined ? {} : { origin }), list));
const pairs = (flat: readonly string[]) =>
  Object.fromEntries(
    flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1]]] : [])),
  ) as Record<string, string>;

describe('permission to read an answer from another origin', () => {
  it.each(ALLOWED)('is given to %s, which is listed, by its name', (origin) => {
    expect(allowed(origin)).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'POST',
      vary: 'origin',
    });
  });

  it.each([
    'https://evil.example',
    'http://app.example',
    'https://app.example.evil.example',
    'https://app.example:444',
    'https://pos.example',
    'https://APP.example',
    'null',
    '*',
    '',
    undefined,
  ])('is not given to %s, and caches are told that it depends', (origin) => {
    expect(allowed(origin)).toEqual({ vary: 'origin' });
  });

  it('is never given with cookies, nor to everybody', () => {
    const headers = allowed(ALLOWED[0]);
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
    expect(Object.values(headers)).not.toContain('*');
    expect(allowed('https://app.example', ['*'])).toEqual({ vary: 'origin' });
  });

  it('is asked for before a request only by a browser', () => {
    expect(isPreflight(asked({ 'access-control-request-method': 'POST' }, 'OPTIONS'))).toBe(true);
    expect(isPreflight(asked({}, 'OPTIONS'))).toBe(false);
    expect(isPreflight(asked({ 'access-control-request-method': 'POST' }))).toBe(false);
  });
});
