import { describe, expect, it } from 'vitest';
import { identitySettings } from './settings.ts';

const secret = 'x'.repeat(32);
const good = {
  issuer: 'https://id.example.jp',
  graphAudience: 'https://pay.example.jp/graphql',
  jwks: { keys: [{ kty: 'EC', crv: 'P-256', kid: 'k1', x: 'x', y: 'y', d: 'd' }] },
  cookieKeys: [secret],
  pairwiseSecret: secret,
  credentialSecrets: [secret],
  messageCarrier: { url: 'https://carrier.example.jp', secret },
  clients: [],
  externalProviders: [],
  rpId: 'example.jp',
};

describe('the settings', () => {
  it.each([
    ['a whole host as the passkey domain', { rpId: 'id.example.jp' }],
    ['http on this machine', { issuer: 'http://localhost:4001', rpId: 'localhost' }],
  ])('allow %s', (_, change) => {
    expect(identitySettings.safeParse({ ...good, ...change }).error).toBeUndefined();
  });

  it.each([
    ['http on another machine', { issuer: 'http://id.example.jp' }],
    ['an issuer with a path', { issuer: 'https://id.example.jp/oidc' }],
    ['an issuer with a slash at its end', { issuer: 'https://id.example.jp/' }],
    ['a passkey domain that is not ours', { rpId: 'ample.jp' }],
    ['a short cookie key', { cookieKeys: ['short'] }],
    ['no cookie key', { cookieKeys: [] }],
    ['a public key', { jwks: { keys: [{ kty: 'EC', crv: 'P-256', kid: 'k1', x: 'x', y: 'y' }] } }],
    ['no pairwise secret', { pairwiseSecret: undefined }],
    ['an unknown member', { colour: 'blue' }],
    [
      'a client id with a dot',
      {
        clients: [
          {
            kind: 'group-app',
            clientId: 'a.b',
            name: { ja: 'あ', en: 'a' },
            redirectUris: ['https://a.example/'],
            graphScopes: ['wallet'],
          },
        ],
      },
    ],
    [
      'a redirect URI that is a script',
      {
        clients: [
          {
            kind: 'group-app',
            clientId: 'a',
            name: { ja: 'あ', en: 'a' },
            redirectUris: ['javascript:alert(1)'],
            graphScopes: ['wallet'],
          },
        ],
      },
    ],
    [
      'operations for an app of the group',
      {
        clients: [
          {
            kind: 'group-app',
            clientId: 'a',
            name: { ja: 'あ', en: 'a' },
            redirectUris: ['https://a.example/'],
            graphScopes: ['operations'],
          },
        ],
      },
    ],
  ])('refuse %s', (_, change) => {
    expect(identitySettings.safeParse({ ...good, ...change }).success).toBe(false);
  });
});
