import { isRefused, refusalSentence } from '@7pay/refusals';
import { describe, expect, it } from 'vitest';
import { judgeRedirects, type NewClient, newClient } from './new-client.ts';

const anApp = (more: Partial<NewClient> = {}): NewClient => ({
  name: { ja: 'レシピ', en: 'Recipes' },
  redirectUris: ['http://localhost:4100/callback'],
  kind: 'CODE',
  jwks: null,
  ...more,
});
const PUBLIC = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', kid: 'k', alg: 'ES256' };

describe('a redirect URI', () => {
  it.each([
    ['https://partner.example/7id/callback'],
    ['https://partner.example/cb?from=7id'],
    ['http://127.0.0.1:8080/cb'],
    ['http://[::1]:8080/cb'],
  ])('may be %s', (uri) => {
    expect(judgeRedirects([uri])).toBeUndefined();
  });

  it.each([
    ['partner.example/cb', 'UNREADABLE', '“https://”'],
    ['javascript:alert(1)', 'UNREADABLE', '“https://”'],
    ['com.partner.app:/cb', 'UNREADABLE', '“https://”'],
    ['http://partner.example/cb', 'SCHEME', 'https'],
    ['https://partner.example/cb#x', 'FRAGMENT', '“#”'],
    ['https://*.partner.example/cb', 'WILDCARD', 'no wildcards'],
    ['https://u:p@partner.example/cb', 'USER', 'password'],
    ['https://Partner.example/cb', 'SPELLING', '“https://partner.example/cb”'],
    ['https://partner.example:443/cb', 'SPELLING', '“https://partner.example/cb”'],
    [`https://partner.example/${'a'.repeat(300)}`, 'LONG', '300'],
  ])('may not be %s: %s', (uri, problem, told) => {
    const refused = judgeRedirects([uri]);
    expect(refused?.facts).toMatchObject({ problem });
    expect(refusalSentence('REDIRECT_URI_INVALID', refused?.facts ?? {}, 'en')).toContain(told);
  });

  it('is there once, and there is at least one and at most ten', () => {
    const uri = 'https://partner.example/cb';
    expect(judgeRedirects([uri, uri])?.facts).toMatchObject({ problem: 'TWICE' });
    expect(judgeRedirects([])?.facts).toMatchObject({ problem: 'LIST' });
    expect(judgeRedirects([uri, 'https://two.example/cb'])?.facts).toMatchObject({
      problem: 'HOSTS',
    });
    expect(judgeRedirects([uri, 'http://localhost:1/cb'])).toBeUndefined();
    const many = Array.from({ length: 11 }, (_, n) => `${uri}${n}`);
    expect(judgeRedirects(many)?.facts).toMatchObject({ problem: 'LIST' });
  });
});

describe('an app that a person registers', () => {
  it('has an id and a secret that nobody had, a pairwise sub, and asks for the name alone', () => {
    const [one, two] = [newClient(anApp()), newClient(anApp())];
    if (isRefused(one) || isRefused(two)) throw new Error('refused');
    expect(one.client).toMatchObject({
      client_id: expect.stringMatching(/^app-[\w-]{16}$/) as string,
      subject_type: 'pairwise',
      scope: 'openid profile offline_access',
      graph_scopes: '',
    });
    expect(one.secret).toMatch(/^[\w-]{43}$/);
    expect(one.secret).not.toBe(two.secret);
    expect(one.client.client_id).not.toBe(two.client.client_id);
  });

  it('of the FAPI profile has its key, and no secret', () => {
    const made = newClient(anApp({ kind: 'FAPI2', jwks: JSON.stringify({ keys: [PUBLIC] }) }));
    if (isRefused(made)) throw new Error(made.refused);
    expect(made.secret).toBeNull();
    expect(made.client).toMatchObject({
      security_profile: 'fapi2',
      dpop_bound_access_tokens: true,
      token_endpoint_auth_method: 'private_key_jwt',
    });
  });

  it.each([
    ['no name', { name: { ja: ' ', en: 'Recipes' } }, 'CLIENT_NAME_INVALID'],
    ['a long one', { name: { ja: 'あ'.repeat(61), en: 'x' } }, 'CLIENT_NAME_INVALID'],
    ['no place to go back to', { redirectUris: [] }, 'REDIRECT_URI_INVALID'],
    ['the profile without a key', { kind: 'FAPI2' as const }, 'CLIENT_KEYS_INVALID'],
    [
      'a private key',
      { kind: 'FAPI2' as const, jwks: JSON.stringify({ keys: [{ ...PUBLIC, d: 'd' }] }) },
      'CLIENT_KEYS_INVALID',
    ],
  ])('is refused with %s', (_, more, code) => {
    expect(newClient(anApp(more))).toMatchObject({ refused: code });
  });
});
