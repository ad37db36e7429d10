import { decodeJwt } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aKey, type TestKey } from '../testing/forged.ts';
import { aPartner } from '../testing/partner.ts';
import {
  anApp,
  type App,
  GRAPH,
  logIn,
  PASSWORD,
  runIdentity,
  type RunningIdentity,
} from '../testing/running-identity.ts';
import { ACTORS_MAX, judgeExchange } from './exchange-policy.ts';

const PARKING = 'https://parking.internal.example/';
let running: RunningIdentity;
let key: TestKey;
let service: oidc.Configuration;
let app: App;
const person = { mail: 'hana@example.jp' };

beforeAll(async () => {
  key = await aKey();
  running = await runIdentity({
    clients: [
      {
        kind: 'service',
        clientId: 'svc-desk',
        name: { ja: '窓口', en: 'Desk' },
        jwks: { keys: [key.jwk] },
        exchangeAudiences: [PARKING],
        exchangeScopes: ['points'],
      },
    ],
  });
  ({ configuration: service } = await aPartner(running.issuer, 'svc-desk', { key }));
  app = await anApp(running.issuer, 'seven-eleven-app');
  await running.identity.registerMember({ ...person, displayName: 'はな', password: PASSWORD });
});
afterAll(() => running.stop());

const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const exchange = (token: string, more: Record<string, string> = {}) =>
  oidc.genericGrantRequest(service, 'urn:ietf:params:oauth:grant-type:token-exchange', {
    subject_token: token,
    subject_token_type: ACCESS_TOKEN,
    audience: PARKING,
    ...more,
  });
const aToken = async (scope = 'openid points refund') => {
  const { redeem } = await logIn(app, person, { scope });
  return (await redeem()).access_token;
};

describe('a service that was called with the token of a member', () => {
  it('gets one for the next service: whose login it is, who acts, less scope, a minute', async () => {
    const token = await aToken();
    const answer = await exchange(token);
    expect(answer).toMatchObject({
      issued_token_type: ACCESS_TOKEN,
      token_type: 'bearer',
      scope: 'points',
    });
    expect(answer.expires_in).toBeLessThanOrEqual(60);
    expect(answer.refresh_token).toBeUndefined();
    const { sub, acr, amr, auth_time, sid, gen } = decodeJwt(token);
    expect(decodeJwt(answer.access_token)).toMatchObject({
      aud: PARKING,
      client_id: 'svc-desk',
      act: { sub: 'svc-desk' },
      sub,
      acr,
      amr,
      auth_time,
      sid,
      gen,
    });
  });

  it.each([
    ['another audience', { audience: 'https://bank.internal.example/' }, 'invalid_target'],
    ['the audience it came with', { audience: GRAPH }, 'invalid_target'],
    ['a scope that it may not have', { scope: 'refund' }, 'invalid_scope'],
    ['a scope that the token does not have', { scope: 'points wallet' }, 'invalid_scope'],
    [
      'another kind of token',
      { requested_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' },
      'invalid_request',
    ],
    [
      'a token of another kind',
      { subject_token_type: 'urn:ietf:params:oauth:token-type:id_token' },
      'invalid_request',
    ],
    ['an actor besides itself', { actor_token: 'x' }, 'invalid_request'],
    ['a token that is none', { subject_token: 'x.y.z' }, 'invalid_grant'],
  ])('is refused %s', async (_, wrong, error) => {
    await expect(exchange(await aToken(), wrong as Record<string, string>)).rejects.toMatchObject({
      error,
    });
  });

  it('is refused the token of an exchange, an ID token, and a token whose login has ended', async () => {
    const { access_token: exchanged } = await exchange(await aToken());
    await expect(exchange(exchanged)).rejects.toMatchObject({ error: 'invalid_grant' });
    const { redeem } = await logIn(app, person, { scope: 'openid points' });
    const tokens = await redeem();
    await expect(exchange(tokens.id_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
    const { sid } = decodeJwt(tokens.access_token) as { sid: string };
    await running.identity.admin.endSession(sid);
    await expect(exchange(tokens.access_token)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('is the only kind of client that may exchange', async () => {
    await expect(
      oidc.genericGrantRequest(
        app.configuration,
        'urn:ietf:params:oauth:grant-type:token-exchange',
        { subject_token: await aToken(), subject_token_type: ACCESS_TOKEN, audience: PARKING },
      ),
    ).rejects.toMatchObject({ error: 'invalid_request' });
  });
});

describe('the policy of exchanges', () => {
  const subject = { sub: 'mem_1', client_id: 'app', exp: 1_030, scope: 'points', sid: 's' };
  const client = { clientId: 'svc', audiences: [PARKING], scopes: ['points'] };
  const wish = { audience: PARKING, scope: undefined };

  it('never makes a token that outlives the one it came from', () => {
    expect(judgeExchange(subject, client, wish, 1_000)).toMatchObject({ seconds: 30 });
  });

  it('names the actors, newest outside, and ends at a few', () => {
    const once = { ...subject, act: { sub: 'first' } };
    expect(judgeExchange(once, client, wish, 1_000)).toMatchObject({
      act: { sub: 'svc', act: { sub: 'first' } },
    });
    let act: { sub: string; act?: object } = { sub: 'a' };
    for (let count = 1; count < ACTORS_MAX; count += 1) act = { sub: 'b', act };
    expect(judgeExchange({ ...subject, act: act as never }, client, wish, 1_000)).toEqual({
      problem: 'ACTORS',
    });
  });

  it('gives nothing for a token that stands for nobody', () => {
    const { sid: _sid, ...terminal } = subject;
    expect(judgeExchange(terminal, client, wish, 1_000)).toEqual({ problem: 'NOT_A_LOGIN' });
  });
});
