import { openAgreedMember, openSealedLogin, PAYMENT_YEN_MAX } from '@7pay/graphql';
import { decodeJwt } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aKey, requestObject, type TestKey } from '../testing/forged.ts';
import { aPartner, fapiPartner } from '../testing/partner.ts';
import {
  anApp,
  GRAPH,
  PASSWORD,
  runIdentity,
  type RunningIdentity,
} from '../testing/running-identity.ts';
import { aBrowser } from '../testing/browser.ts';
import { readPaymentInitiation } from './payment-initiation.ts';

let running: RunningIdentity;
let key: TestKey;
let partner: Awaited<ReturnType<typeof aPartner>>;
let memberId: string;
const SECRET = 'agreement-secret-for-tests-0123456789';
const ELSEWHERE = 'https://elsewhere.example/';
const person = { mail: 'hana@example.jp' };
const payment = {
  type: 'payment_initiation',
  amount: { currency: 'JPY', value: 1_280 },
  payee: { merchantId: 'mer_0a1b', name: '花屋はなみずき' },
  paymentId: 'pay-0001-of-the-partner',
};
const details = (...list: unknown[]) => ({ authorization_details: JSON.stringify(list) });

beforeAll(async () => {
  key = await aKey();
  running = await runIdentity({
    settings: { agreementSecret: SECRET },
    clients: [
      fapiPartner('partner-book', key),
      fapiPartner('partner-elsewhere', key, {
        redirectUris: [`${ELSEWHERE}partner-elsewhere/callback`],
      }),
      fapiPartner('partner-plain', key, { payments: false }),
      fapiPartner('partner-signed', key, { signedRequests: true }),
    ],
  });
  partner = await aPartner(running.issuer, 'partner-book', { key });
  const made = await running.identity.registerMember({
    ...person,
    displayName: 'はな',
    password: PASSWORD,
  });
  memberId = 'memberId' in made ? made.memberId : '';
});
afterAll(() => running.stop());

describe('an agreement about one payment', () => {
  it('is shown in words, and its token names that payment alone', async () => {
    const { page, agree, redeem } = await partner.authorize(person, details(payment));
    expect(page.text).toContain('「花屋はなみずき」への1,280円の支払い（1回だけ）');
    const tokens = await redeem(await agree());
    expect(tokens['authorization_details']).toEqual([payment]);
    const claims = decodeJwt(tokens.access_token);
    expect(claims).toMatchObject({ aud: GRAPH, authorization_details: [payment] });
    expect(claims['cnf']).toEqual({ jkt: expect.any(String) });
    // The partner reads its own name of the member alone; who agreed is for the graph.
    expect(await openAgreedMember(String(claims['agreed_by']), SECRET)).toBe(memberId);
    expect(JSON.stringify([claims, tokens.claims()])).not.toContain(memberId);
    expect(claims.sub).toBe(tokens.claims()?.sub);
    expect(claims.sub).not.toMatch(/^mem_/);
  });

  it('gives two partners nothing by which they would find out that they have the same member', async () => {
    const browser = aBrowser({
      fetch: async (url, init) =>
        String(url).startsWith(ELSEWHERE) ? new Response() : fetch(url, init),
    });
    const first = await partner.authorize(person, details(payment), browser);
    const proves = { key, apps: ELSEWHERE };
    const other = await aPartner(running.issuer, 'partner-elsewhere', proves);
    const second = await other.authorize(person, details(payment), browser);
    const claims = [
      decodeJwt((await first.redeem(await first.agree())).access_token),
      decodeJwt((await second.redeem(await second.agree())).access_token),
    ] as const;
    // The same for many: who made it and for whom, what was agreed to, when and how strongly somebody logged in.
    const ofMany = 'iss aud iat exp auth_time acr amr scope authorization_details'.split(' ');
    const common = Object.keys(claims[0]).filter(
      (name) => JSON.stringify(claims[0][name]) === JSON.stringify(claims[1][name]),
    );
    expect(common.filter((name) => !ofMany.includes(name))).toEqual([]);
    const [session] = await running.connection
      .collection('identity_session')
      .find()
      .sort({ $natural: -1 })
      .toArray();
    expect(await openSealedLogin(String(claims[1]['login']), SECRET)).toEqual({
      sid: session?._id,
      gid: expect.any(String),
      gen: 1,
      net: expect.any(String),
    });
  });

  it('is asked for each time, also from somebody who agreed to another one before', async () => {
    const { browser, agree, redeem } = await partner.authorize(person, details(payment));
    await redeem(await agree());
    const other = { ...payment, amount: { currency: 'JPY', value: 5 }, paymentId: 'pay-0002-x' };
    const second = await partner.authorize(person, details(other), browser);
    expect(second.page.text).toContain('5円');
    const tokens = await second.redeem(await second.agree());
    expect(tokens['authorization_details']).toEqual([other]);
    const third = await partner.authorize(person, {}, browser);
    const plain = await third.redeem(third.page);
    expect(plain['authorization_details']).toBeUndefined();
    expect(decodeJwt(plain.access_token)['authorization_details']).toBeUndefined();
    expect(decodeJwt(plain.access_token)['agreed_by']).toBeUndefined();
  });

  it('stays what it was through a refresh', async () => {
    const { agree, redeem } = await partner.authorize(person, {
      ...details(payment),
      scope: 'openid wallet offline_access',
      prompt: 'consent',
    });
    const tokens = await redeem(await agree());
    const again = await oidc.refreshTokenGrant(
      partner.configuration,
      tokens.refresh_token ?? '',
      {
        authorization_details: JSON.stringify([
          { ...payment, amount: { currency: 'JPY', value: 9 } },
        ]),
      },
      { DPoP: partner.DPoP },
    );
    const claims = decodeJwt(again.access_token);
    expect(claims['authorization_details']).toEqual([payment]);
    expect(await openAgreedMember(String(claims['agreed_by']), SECRET)).toBe(memberId);
  });

  it.each([
    ['no amount', { ...payment, amount: undefined }],
    ['a fraction of a yen', { ...payment, amount: { currency: 'JPY', value: 0.5 } }],
    ['nothing', { ...payment, amount: { currency: 'JPY', value: 0 } }],
    ['too much', { ...payment, amount: { currency: 'JPY', value: PAYMENT_YEN_MAX + 1 } }],
    ['an amount in words', { ...payment, amount: { currency: 'JPY', value: '1280' } }],
    ['another currency', { ...payment, amount: { currency: 'USD', value: 12 } }],
    ['no payee', { ...payment, payee: undefined }],
    ['a payee without a name', { ...payment, payee: { merchantId: 'mer_1', name: ' ' } }],
    ['an id that is none', { ...payment, paymentId: 'x' }],
    ['a member nobody knows', { ...payment, recurring: true }],
    ['another type', { ...payment, type: 'account_information' }],
  ])('is refused with %s', async (_, wrong) => {
    await expect(partner.authorize(person, details(wrong))).rejects.toMatchObject({
      error: 'invalid_authorization_details',
    });
  });

  it('is refused for two at once, and for a client that has no payments', async () => {
    const twice = details(payment, { ...payment, paymentId: 'pay-0003-of-the-partner' });
    const error = { error: 'invalid_authorization_details' };
    await expect(partner.authorize(person, twice)).rejects.toMatchObject(error);
    const plain = await aPartner(running.issuer, 'partner-plain', { key });
    await expect(plain.authorize(person, details(payment))).rejects.toMatchObject(error);
  });

  it('is read strictly', () => {
    expect(readPaymentInitiation(payment)).toEqual(payment);
    expect(() => readPaymentInitiation(null)).toThrow();
  });
});

describe('a request about money', () => {
  it('is refused when it did not come by the back channel', async () => {
    const app = await anApp(running.issuer, 'seven-eleven-app');
    const { url } = await app.request({ scope: 'openid points' });
    url.searchParams.set('scope', 'openid wallet');
    const answer = await fetch(url, { redirect: 'manual' });
    expect(answer.headers.get('location')).toContain('error=invalid_request');
    expect(answer.headers.get('location')).toContain('must+be+pushed');
  });

  it('is taken signed alone from a partner that signs, and answered signed when it asks so', async () => {
    const signed = await aPartner(running.issuer, 'partner-signed', { key });
    await expect(signed.authorize(person)).rejects.toMatchObject({ error: 'invalid_request' });
    const { configuration, redirectUri, DPoP } = signed;
    oidc.useJwtResponseMode(configuration);
    const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
    const state = oidc.randomState();
    const request = await requestObject(
      key,
      {
        client_id: 'partner-signed',
        response_type: 'code',
        response_mode: 'jwt',
        redirect_uri: redirectUri,
        scope: 'openid wallet',
        code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
        code_challenge_method: 'S256',
        state,
      },
      running.issuer,
    );
    const url = await oidc.buildAuthorizationUrlWithPAR(configuration, { request }, { DPoP });
    const browser = aBrowser({ leaveAt: 'http://localhost:49151/' });
    const login = await browser.go(url);
    const consent = await browser.submit(login, '/login', { ...person, password: PASSWORD });
    const back = await browser.submit(consent, '/consent');
    expect([...new URL(back.url).searchParams.keys()]).toEqual(['response']);
    const tokens = await oidc.authorizationCodeGrant(
      configuration,
      new URL(back.url),
      { pkceCodeVerifier, expectedState: state },
      undefined,
      { DPoP },
    );
    expect(tokens.token_type).toBe('dpop');
  });
});
