import { generateKeyPairSync, verify } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { describe, expect, it } from 'vitest';
import { signedSecret } from './client-authentication.ts';
import { acrOf, externalProviderSetting } from './external-id.ts';
import { PROFILE_NAMES, PROFILES } from './provider-profile.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
const signingKey = { teamId: 'TEAM000001', keyId: 'KEY0000001', privateKey: pem };
const given = { key: 'one', clientId: '7id', clientSecret: 'secret' };

describe('a provider of the settings', () => {
  it.each(['line', 'yahoo-japan', 'google'] as const)(
    'needs no more than a secret: %s',
    (profile) => {
      const provider = externalProviderSetting.parse({ ...given, profile });
      expect(provider.issuer).toBe(PROFILES[profile].issuer);
      expect(provider.name).toEqual(PROFILES[profile].label);
    },
  );

  it.each<[string, object, string]>([
    ['a key where one signs', { profile: 'apple' }, 'signingKey'],
    [
      'a secret elsewhere',
      { profile: 'line', clientSecret: undefined, signingKey },
      'clientSecret',
    ],
    ['an issuer where the profile knows none', { name: { ja: 'x', en: 'x' } }, 'issuer'],
    ['a name where the profile knows none', { issuer: 'https://id.example' }, 'name'],
  ])('needs %s', (_, more, path) => {
    const { error } = externalProviderSetting.safeParse({ ...given, ...more });
    expect(error?.issues.map((issue) => issue.path.join('.'))).toContain(path);
  });

  it.each([
    ['RSA', String(rsa.export({ type: 'pkcs8', format: 'pem' }))],
    ['none', 'x'.repeat(200)],
  ])('takes no key that is %s', (_, key) => {
    const apple = { ...given, profile: 'apple', signingKey: { ...signingKey, privateKey: key } };
    expect(externalProviderSetting.safeParse(apple).success).toBe(false);
  });

  it.each(PROFILE_NAMES)('is worth no more than its profile: %s', (profile) => {
    const assurance = { twoFactorAcrs: ['2'], maximumAcr: 'urn:7id:acr:2' };
    const own = { name: { ja: 'x', en: 'x' }, issuer: 'https://id.example', signingKey };
    const provider = externalProviderSetting.parse({ ...given, ...own, profile, assurance });
    expect(acrOf(provider, '2')).toBe(PROFILES[profile].maximumAcr);
    expect(acrOf(provider, null)).toBe('urn:7id:acr:1');
  });
});

describe('the client secret that is signed for a request', () => {
  const at = new Date('2019-07-03T00:00:00.900Z');
  const secret = signedSecret(signingKey, { clientId: '7id', issuer: 'https://id.example', at });

  it('says who asks whom, by which key, and is over in a minute', () => {
    expect(decodeProtectedHeader(secret)).toEqual({ alg: 'ES256', kid: 'KEY0000001' });
    const iat = Math.floor(at.getTime() / 1_000);
    expect(decodeJwt(secret)).toEqual({
      iss: 'TEAM000001',
      sub: '7id',
      aud: 'https://id.example',
      iat,
      exp: iat + 60,
    });
  });

  it('is signed by that key', () => {
    const [head, body, signature = ''] = secret.split('.');
    const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
    const bytes = Buffer.from(signature, 'base64url');
    expect(verify('sha256', Buffer.from(`${head}.${body}`), key, bytes)).toBe(true);
  });
});
