import { createHash, createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createLocalJWKSet, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { checkIdToken, type IdTokenFault } from './check-id-token.ts';
import { PROFILES, type ProfileName } from './provider-profile.ts';

const AT = new Date('2019-07-03T00:00:00Z');
const NOW = AT.getTime() / 1_000;
const ISSUER = 'https://id.example';
const SECRET = 'a secret that the provider and we share';
const ACCESS_TOKEN = 'an-access-token';
const hashOf = (token: string) =>
  createHash('sha256').update(token).digest().subarray(0, 16).toString('base64url');

const key = (kind: 'ES256' | 'RS256') =>
  kind === 'ES256'
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : generateKeyPairSync('rsa', { modulusLength: 2_048 });
const own = { ES256: key('ES256'), RS256: key('RS256') };
const stranger = { ES256: key('ES256'), RS256: key('RS256') };
const published = createLocalJWKSet({
  keys: (['ES256', 'RS256'] as const).map((alg) => {
    const jwk = own[alg].publicKey.export({ format: 'jwk' });
    return { ...jwk, kty: String(jwk.kty), kid: alg, alg, use: 'sig' };
  }),
});

const ALGORITHM = {
  oidc: 'ES256',
  line: 'HS256',
  'yahoo-japan': 'RS256',
  google: 'RS256',
  apple: 'RS256',
} as const satisfies Record<ProfileName, string>;

const GOOD = {
  iss: ISSUER,
  aud: '7id',
  sub: 'person-1',
  nonce: 'the nonce that we sent',
  iat: NOW - 2,
  exp: NOW + 600,
  at_hash: hashOf(ACCESS_TOKEN),
};
type Signed = (name: ProfileName, claims: JWTPayload) => Promise<string>;

const signed: Signed = (name, claims) => {
  const alg = ALGORITHM[name];
  return alg === 'HS256'
    ? new SignJWT(claims).setProtectedHeader({ alg }).sign(Buffer.from(SECRET))
    : new SignJWT(claims).setProtectedHeader({ alg, kid: alg }).sign(own[alg].privateKey);
};
const check = (name: ProfileName, token: string, hostedDomain?: string) =>
  checkIdToken(
    token,
    {
      issuer: ISSUER,
      clientId: '7id',
      clientSecret: SECRET,
      profile: PROFILES[name],
      hostedDomain,
    },
    { nonce: GOOD.nonce, accessToken: ACCESS_TOKEN, keys: published, at: AT },
  );
const without = (name: keyof typeof GOOD) => ({ ...GOOD, [name]: undefined });
const names = Object.keys(PROFILES) as ProfileName[];

describe.each(names)('an ID token of the profile %s', (name) => {
  it('is believed when all of it is right', async () => {
    await expect(check(name, await signed(name, GOOD))).resolves.toMatchObject({ sub: 'person-1' });
  });

  it.each<[string, JWTPayload, IdTokenFault]>([
    ['is from another issuer', { ...GOOD, iss: 'https://another.example' }, 'iss'],
    ['spells the issuer in another way', { ...GOOD, iss: 'id.example' }, 'iss'],
    ['ends the issuer with a slash', { ...GOOD, iss: `${ISSUER}/` }, 'iss'],
    ['says no issuer', without('iss'), 'iss'],
    ['is for another client', { ...GOOD, aud: 'another' }, 'aud'],
    ['is for nobody', without('aud'), 'aud'],
    ['is for more than us and says not who asked', { ...GOOD, aud: ['7id', 'another'] }, 'azp'],
    ['was asked for by another', { ...GOOD, azp: 'another' }, 'azp'],
    ['has an authorized party that is no text', { ...GOOD, azp: ['7id'] }, 'azp'],
    ['names nobody', without('sub'), 'sub'],
    ['names an empty person', { ...GOOD, sub: '' }, 'sub'],
    ['names a person longer than names are', { ...GOOD, sub: 'x'.repeat(256) }, 'sub'],
    ['has another nonce', { ...GOOD, nonce: 'of another login' }, 'nonce'],
    ['has no nonce', without('nonce'), 'nonce'],
    ['is over', { ...GOOD, exp: NOW - 31 }, 'exp'],
    ['is never over', without('exp'), 'exp'],
    ['was made in the future', { ...GOOD, iat: NOW + 31 }, 'iat'],
    ['was made long ago', { ...GOOD, iat: NOW - 301 }, 'iat'],
    ['was made at no time', without('iat'), 'iat'],
    ['belongs to another access token', { ...GOOD, at_hash: hashOf('another') }, 'at_hash'],
  ])('is refused when it %s', async (_, claims, fault) => {
    await expect(check(name, await signed(name, claims))).rejects.toMatchObject({ fault });
  });

  it.each<[string, Signed, IdTokenFault | 'BY_PROFILE']>([
    ['is not signed', async (_name, claims) => new UnsecuredJWT(claims).encode(), 'alg'],
    ['is no token', async () => 'abc', 'alg'],
    ['is signed by the public key as if it were a secret', withPublicKey, 'BY_PROFILE'],
    ['is signed by a key of somebody else under the known name', byStranger('KNOWN'), 'signature'],
    ['is signed by a key that nobody published', byStranger('UNKNOWN'), 'signature'],
    ['brings the key that it is signed by', byStranger('WITH_KEY'), 'signature'],
    ['was changed after it was signed', changed, 'signature'],
  ])('is refused when it %s', async (_, sign, fault) => {
    // Where a secret signs at all, a public key is a wrong secret; elsewhere the algorithm is refused before any key is looked at.
    const expected = fault === 'BY_PROFILE' ? byName(name) : fault;
    const token = await sign(name, GOOD);
    await expect(check(name, token)).rejects.toMatchObject({ fault: expected });
  });

  it('is refused when it is signed by the secret, unless the profile says so', async () => {
    const token = await signed('line', GOOD);
    if (name === 'line') await expect(check(name, token)).resolves.toBeTruthy();
    else await expect(check(name, token)).rejects.toMatchObject({ fault: 'alg' });
  });

  it('is refused without at_hash where the profile wants one', async () => {
    const token = await signed(name, without('at_hash'));
    if (name !== 'yahoo-japan') await expect(check(name, token)).resolves.toBeTruthy();
    else await expect(check(name, token)).rejects.toMatchObject({ fault: 'at_hash' });
  });
});

describe('an organisation that the settings name', () => {
  it.each<[string, unknown, boolean]>([
    ['lets its people in', 'group.example', true],
    ['keeps people of another out', 'another.example', false],
    ['keeps out who belongs to none', undefined, false],
  ])('%s', async (_, hd, isIn) => {
    const answer = check('google', await signed('google', { ...GOOD, hd }), 'group.example');
    if (isIn) await expect(answer).resolves.toBeTruthy();
    else await expect(answer).rejects.toMatchObject({ fault: 'hd' });
  });
});

const byName = (name: ProfileName): IdTokenFault => (name === 'line' ? 'signature' : 'alg');

// By hand: a library does not sign with a public key.
async function withPublicKey(_name: ProfileName, claims: JWTPayload): Promise<string> {
  const text = [{ alg: 'HS256', kid: 'ES256' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const pem = own.ES256.publicKey.export({ type: 'spki', format: 'pem' });
  return `${text}.${createHmac('sha256', pem).update(text).digest('base64url')}`;
}

function byStranger(how: 'KNOWN' | 'UNKNOWN' | 'WITH_KEY'): Signed {
  return (name, claims) => {
    const alg = ALGORITHM[name] === 'HS256' ? 'ES256' : ALGORITHM[name];
    const { privateKey, publicKey }: { privateKey: KeyObject; publicKey: KeyObject } =
      stranger[alg];
    const jwk = publicKey.export({ format: 'jwk' });
    const header = { KNOWN: { kid: alg }, UNKNOWN: { kid: 'of-nobody' }, WITH_KEY: { jwk } }[how];
    return new SignJWT(claims)
      .setProtectedHeader({ alg, ...header } as { alg: string })
      .sign(privateKey);
  };
}

async function changed(name: ProfileName, claims: JWTPayload): Promise<string> {
  const [head, , signature] = (await signed(name, claims)).split('.');
  const body = Buffer.from(JSON.stringify({ ...claims, sub: 'person-2' })).toString('base64url');
  return `${head}.${body}.${signature}`;
}
