import { isRefused } from '@7pay/refusals';
import { decodeJwt } from 'jose';
import { fetchProtectedResource, refreshTokenGrant } from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aDevice } from '../../gateway/src/testing/dpop.ts';
import { aNewDevice } from '../support/app-login.ts';
import { platformUnderTest, type PlatformUnderTest } from '../support/platform-under-test.ts';

const MAIL = 'bound@example.com';
const PASSWORD = 'ume-no-hana-saku-koro';
type Device = Awaited<ReturnType<typeof aNewDevice>>;
let under: PlatformUnderTest;
let url: string;
let memberId: string;
let device: Device;
let token: string;
beforeAll(async () => {
  under = await platformUnderTest('bound_token');
  url = `${under.platform.urls.gateway}/graphql`;
  const person = { mail: MAIL, displayName: '鍵', password: PASSWORD, roles: [] };
  const made = await under.platform.identity.registerMember(person);
  if (isRefused(made)) throw new Error('a member can register');
  memberId = made.memberId;
  device = await aNewDevice(under);
  token = (await logIn(device)).access_token;
});
afterAll(() => under.stop());

const comeBack = async (from: Device): Promise<string> => {
  const page = await from.open();
  return (await from.browser.submit(page, '/login', { mail: MAIL, password: PASSWORD })).url;
};
const logIn = async (from: Device) => from.redeem(await comeBack(from));
const QUERY = JSON.stringify({ query: '{ me { id } }' });
const JSON_BODY = { 'content-type': 'application/json' };
const post = async (headers: Record<string, string>) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...JSON_BODY, ...headers },
    body: QUERY,
  });
  return {
    status: response.status,
    challenge: response.headers.get('www-authenticate'),
    body: (await response.json()) as { data?: unknown; errors?: { extensions: object }[] },
  };
};

describe('an app that binds its tokens to a key of the device', () => {
  it('is asked for a proof with each request, and answered', async () => {
    expect(decodeJwt(token)).toMatchObject({ sub: memberId, cnf: { jkt: expect.any(String) } });
    for (let time = 0; time < 2; time += 1) {
      const response = await fetchProtectedResource(
        device.configuration,
        token,
        new URL(url),
        'POST',
        QUERY,
        new Headers(JSON_BODY),
        device.binding(),
      );
      expect(await response.json()).toEqual({ data: { me: { id: memberId } } });
    }
  });

  it('loses nothing when the token is stolen: it is no bearer token', async () => {
    const stolen = await post({ authorization: `Bearer ${token}` });
    expect(stolen).toMatchObject({
      status: 401,
      challenge: 'DPoP error="invalid_token", algs="ES256 Ed25519 EdDSA"',
      body: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
    });
    expect(stolen.body.data).toBeUndefined();
  });

  it('nor when the thief makes proofs with another key', async () => {
    const thief = await aDevice(url, () => new Date());
    const stolen = await post({ authorization: `DPoP ${token}`, dpop: await thief.proof(token) });
    expect(stolen).toMatchObject({
      status: 401,
      challenge: 'DPoP error="invalid_dpop_proof", algs="ES256 Ed25519 EdDSA"',
    });
    expect(stolen.body.data).toBeUndefined();
  });

  it('nor when a proof is overheard: each is good once', async () => {
    const own = await aDevice(url, () => new Date());
    const bound = await under.mint.member(memberId, { cnf: { jkt: own.thumbprint } });
    const overheard = { authorization: `DPoP ${bound}`, dpop: await own.proof(bound) };
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(overheard)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(401)]);
    const another = await post({ ...overheard, dpop: await own.proof(bound) });
    expect(another.body.data).toEqual({ me: { id: memberId } });
    const proofForToken = await own.proof(token);
    expect((await post({ ...overheard, dpop: proofForToken })).status).toBe(401);
  });
});

describe('an app of the group that binds nothing', () => {
  it('gets no token at all: neither for a code nor for the refresh token of another device', async () => {
    const plain = await aNewDevice(under);
    const back = await comeBack(plain);
    await expect(plain.redeemUnbound(back)).rejects.toMatchObject({ error: 'invalid_grant' });
    const { refresh_token: theirs = '' } = await logIn(await aNewDevice(under));
    const thief = await aNewDevice(under);
    await expect(
      refreshTokenGrant(thief.configuration, theirs, {}, thief.binding()),
    ).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(refreshTokenGrant(thief.configuration, theirs)).rejects.toThrow();
  });

  it('cannot pass a bearer token for one that is bound', async () => {
    const own = await aDevice(url, () => new Date());
    const bearer = await under.mint.member(memberId);
    const answer = await post({ authorization: `DPoP ${bearer}`, dpop: await own.proof(bearer) });
    expect(answer).toMatchObject({ status: 401, challenge: expect.stringMatching(/^DPoP /) });
  });
});
