import { describe, expect, it } from 'vitest';
import { redirectMismatch, withoutSecrets } from './redirect-mismatch.ts';

const REGISTERED = 'https://partner.example/7id/callback';

describe('a redirect URI that is not registered', () => {
  it.each([
    ['http://partner.example/7id/callback', ['SCHEME']],
    ['https://www.partner.example/7id/callback', ['HOST']],
    ['https://partner.example:8443/7id/callback', ['PORT']],
    ['https://partner.example/callback', ['PATH']],
    ['https://partner.example/7ID/callback', ['PATH']],
    ['https://partner.example/7id/callback/', ['TRAILING_SLASH']],
    ['https://partner.example/7id/callback?from=app', ['QUERY']],
    ['https://partner.example/7id/callback#top', ['FRAGMENT']],
    ['https://PARTNER.example/7id/callback', ['SPELLING']],
    ['https://partner.example:443/7id/callback', ['SPELLING']],
    [
      'http://localhost:3000/7id/callback/?x=1',
      ['SCHEME', 'HOST', 'PORT', 'TRAILING_SLASH', 'QUERY'],
    ],
    ['/7id/callback', ['UNREADABLE']],
  ])('%s differs in %j', (asked, differences) => {
    expect(redirectMismatch(asked, [REGISTERED])).toEqual({
      asked,
      nearest: REGISTERED,
      differences,
    });
  });

  it('is held against the nearest of the registered ones', () => {
    const others = ['https://other.example/7id/callback', 'https://partner.example/logged-in'];
    const { nearest, differences } = redirectMismatch(`${REGISTERED}/`, [...others, REGISTERED]);
    expect([nearest, differences]).toEqual([REGISTERED, ['TRAILING_SLASH']]);
    expect(redirectMismatch(REGISTERED, [])).toMatchObject({ nearest: undefined, differences: [] });
  });

  it('is cut when it is long, and its query, fragment and user stay out of a log', () => {
    expect(redirectMismatch(`${REGISTERED}?${'x'.repeat(1_000)}`, []).asked).toHaveLength(300);
    expect(withoutSecrets('https://u:p@partner.example/a?code=secret#b')).toBe(
      'https://partner.example/a',
    );
    expect(withoutSecrets('code=secret')).toBe('unreadable');
  });
});
