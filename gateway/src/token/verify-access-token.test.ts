import { sealAgreedMember, sealLogin } from '@7pay/graphql';
import { fixedClock } from '@7pay/time';
import { createLocalJWKSet, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { KeysUnreadable } from './issuer-keys.ts';
import { verifyAccessToken } from './verify-access-token.ts';

const ISSUER = 'https://id.example';
const AUDIENCE = 'https://graph.example/graphql';
const NOW = 1_562_000_000;
const clock = fixedClock(new Date(NOW * 1_000));
let own: CryptoKey;
let strangers: CryptoKey;
let asked = 0;
let verify: ReturnType<typeof verifyAccessToken>;
let verifyWithout: ReturnType<typeof verifyAccessToken>;
const SECRET = 'agreement-secret-for-tests-0123456789';

beforeAll(async () => {
  const pair = await generateKeyPair('ES256', { extractable: true });
  own = pair.privateKey;
  strangers = (await generateKeyPair('ES256')).privateKey;
  const jwk: JWK = { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256' };
  const set = createLocalJWKSet({ keys: [jwk] });
  verifyWithout = verifyAccessToken({ issuer: ISSUER, audience: AUDIENCE, clock, keys: set });
  verify = verifyAccessToken({
    issuer: ISSUER,
    audience: AUDIENCE,
    clock,
    agreementSecret: SECRET,
    keys: async (...args) => {
      asked += 1;
      return set(...args);
    },
  });
});

const sign = (
  claims: Record<string, unknown> = {},
  { header = {}, key = own }: { header?: object; key?: CryptoKey } = {},
) =>
  new SignJWT({
    iss: ISSUER,
    aud: AUDIENCE,
    sub: 'mem_1',
    client_id: 'app',
    scope: 'wallet',
    iat: NOW,
    exp: NOW + 300,
    ...claims,
  })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k1', ...header })
    .sign(key);

describe('a token for one payment', () => {
  const detail = {
    type: 'payment_initiation',
    amount: { currency: 'JPY', value: 1_280 },
    payee: { merchantId: 'mer_1', name: 'Flowers' },
    paymentId: 'pay-0001',
  };
  const agreed = async (more: object = {}) =>
    sign({
      authorization_details: [detail],
      agreed_by: await sealAgreedMember('mem_1', SECRET),
      ...more,
    });

  it('tells who agreed', async () => {
    expect(await verify(await agreed())).toMatchObject({
      agreed_by: 'mem_1',
      authorization_details: [detail],
    });
  });

  it.each<[string, object]>([
    ['names nobody', { agreed_by: undefined }],
    ['names a member in the clear', { agreed_by: 'mem_1' }],
    ['is for two', { authorization_details: [detail, detail] }],
    ['is for something else', { authorization_details: [{ ...detail, type: 'loan' }] }],
    ['has more to it', { authorization_details: [{ ...detail, recurring: true }] }],
    ['has no amount', { authorization_details: [{ ...detail, amount: undefined }] }],
  ])('does not hold when it %s', async (_, more) => {
    expect(await verify(await agreed(more))).toBeUndefined();
  });

  it('does not hold where nobody can open who agreed', async () => {
    expect(await verifyWithout(await agreed())).toBeUndefined();
    expect(await verifyWithout(await sign())).toMatchObject({ sub: 'mem_1' });
  });
});

describe('the login of a member in the token of a partner', () => {
  const login = { sid: 'session-1', gid: 'grant-1', gen: 3, net: 'net:a', cc: 'JP' };

  it('is under seal, and read as any other', async () => {
    const sealed = await sealLogin(login, SECRET);
    expect(await verify(await sign({ login: sealed }))).toMatchObject(login);
    expect(await verify(await sign({ login: sealed, sid: 'session-2' }))).toMatchObject(login);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['is not sealed', async () => JSON.stringify(login)],
    ['is sealed by another secret', () => sealLogin(login, `${SECRET}x`)],
    ['is of another shape', () => sealLogin({ ...login, sid: 'x'.repeat(101) }, SECRET)],
    ['names who agreed', () => sealAgreedMember('mem_1', SECRET)],
  ])('that %s makes a token that does not hold', async (_, sealed) => {
    expect(await verify(await sign({ login: await sealed() }))).toBeUndefined();
  });

  it('makes a token that does not hold where nobody can open it', async () => {
    const token = await sign({ login: await sealLogin(login, SECRET) });
    expect(await verifyWithout(token)).toBeUndefined();
  });
});

describe('an access token', () => {
  it('that holds gives its claims', async () => {
    expect(await verify(await sign({ acr: 'urn:7id:acr:2' }))).toMatchObject({
      sub: 'mem_1',
      client_id: 'app',
      scope: 'wallet',
      acr: 'urn:7id:acr:2',
    });
  });

  it.each<[string, () => Promise<string>]>([
    ['of another key', () => sign({}, { key: strangers })],
    ['of an unknown key id', () => sign({}, { header: { kid: 'k2' } })],
    ['of another issuer', () => sign({ iss: 'https://evil.example' })],
    ['for another audience', () => sign({ aud: 'https://other.example' })],
    ['of another type, an ID token say', () => sign({}, { header: { typ: 'JWT' } })],
    ['that is over', () => sign({ exp: NOW - 1 })],
    ['that is not valid yet', () => sign({ nbf: NOW + 60 })],
    ['without an end', () => sign({ exp: undefined })],
    ['without a subject', () => sign({ sub: undefined })],
    ['without a client', () => sign({ client_id: undefined })],
    ['with an empty subject', () => sign({ sub: '' })],
    ['with roles that are no list', () => sign({ roles: 'operator' })],
    ['with too many roles', () => sign({ roles: Array.from({ length: 21 }, () => 'x') })],
    ['bound by a certificate', () => sign({ cnf: { 'x5t#S256': 'x'.repeat(43) } })],
    ['bound to nothing', () => sign({ cnf: {} })],
    ['bound to what is no thumbprint', () => sign({ cnf: { jkt: 'short' } })],
    ['that was cut', async () => (await sign()).slice(0, -4)],
    ['without a signature', async () => unsigned()],
    ['signed with the public key as a password', async () => hmac()],
    ['that is none', async () => 'a.b.c'],
  ])('%s gives nothing', async (_, make) => {
    expect(await verify(await make())).toBeUndefined();
  });
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = { iss: ISSUER, aud: AUDIENCE, sub: 'mem_1', client_id: 'x', iat: NOW, exp: NOW + 9 };
  const unsigned = () => `${part({ alg: 'none', typ: 'at+jwt' })}.${part(body)}.`;
  const hmac = () =>
    new SignJWT(body)
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: 'k1' })
      .sign(new TextEncoder().encode('k1'.repeat(32)));

  it.each<[string, Error]>([
    ['the keys of 7iD cannot be read', new KeysUnreadable()],
    ['something of ours is broken', new TypeError('a bug')],
  ])('is not called wrong when %s', async (_, fault) => {
    const keys = () => Promise.reject(fault);
    const blind = verifyAccessToken({ issuer: ISSUER, audience: AUDIENCE, clock, keys });
    await expect(blind(await sign())).rejects.toBe(fault);
  });

  it('is verified once and kept no longer than it lives', async () => {
    const token = await sign({ jti: 'kept' });
    asked = 0;
    await verify(token);
    await verify(token);
    expect(asked).toBe(1);
    clock.advance(299_000);
    expect(await verify(token)).toBeDefined();
    clock.advance(1_000);
    expect(await verify(token)).toBeUndefined();
    expect(asked).toBe(1);
  });
});
