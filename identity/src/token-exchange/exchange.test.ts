import { cohortSchema, openEndedLogins } from '@7pay/controls';
import { decodeJwt, importJWK, type JWK, SignJWT } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CACHE_MS, clientModel } from '../client/client.store.ts';
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
let later = 0;
const clock = { now: () => new Date(Date.now() + later) };
const person = { mail: 'hana@example.jp' };

beforeAll(async () => {
  key = await aKey();
  running = await runIdentity({
    clock,
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
    const { sub, acr, amr, auth_time, sid, gid, gen } = decodeJwt(token);
    expect(decodeJwt(answer.access_token)).toMatchObject({
      aud: PARKING,
      client_id: 'svc-desk',
      act: { sub: 'svc-desk' },
      sub,
      acr,
      amr,
      auth_time,
      sid,
      gid,
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

  it('is refused a token whose grant was revoked, whose client was suspended or had its tokens ended', async () => {
    const { redeem } = await logIn(app, person, { scope: 'openid points' });
    const tokens = await redeem();
    await oidc.tokenRevocation(app.configuration, tokens.refresh_token ?? '');
    const refused = { error: 'invalid_grant' };
    await expect(exchange(tokens.access_token)).rejects.toMatchObject(refused);

    const clientId = 'seven-eleven-app';
    const token = await aToken();
    await openEndedLogins(running.connection).tell({ kind: 'CLIENT', clientId }, clock.now());
    await expect(exchange(token)).rejects.toMatchObject(refused);
    await running.connection.collection('controls_endedLogins').deleteMany({});
    expect(await exchange(token)).toHaveProperty('access_token');

    const rows = clientModel(running.connection);
    const suspend = async (suspended: { by: string; at: Date } | null) => {
      await rows.updateOne({ _id: clientId }, { $set: { suspended } });
      later += CACHE_MS + 1;
    };
    await suspend({ by: 'mem_one', at: clock.now() });
    try {
      await expect(exchange(token)).rejects.toMatchObject(refused);
    } finally {
      await suspend(null);
    }
    expect(await exchange(token)).toHaveProperty('access_token');
  });

  it('is given no scope that a cut-off takes from the login, by app or by country', async () => {
    const token = await aToken('openid points');
    const { id } = running.controls.cut({
      scopes: ['points'],
      cohort: cohortSchema.parse({ clients: ['seven-eleven-app'] }),
    });
    await expect(exchange(token)).rejects.toMatchObject({ error: 'invalid_scope' });
    running.controls.lift(id);
    expect(await exchange(token)).toMatchObject({ scope: 'points' });
  });

  it('is refused the token that a client got for itself: it stands for nobody', async () => {
    const claims = { client_id: 'terminal-1', scope: 'points' };
    const [signing] = running.settings.jwks?.keys ?? [];
    const own = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: String(signing?.['kid']) })
      .setIssuer(running.issuer)
      .setAudience(GRAPH)
      .setSubject('terminal-1')
      .setIssuedAt()
      .setExpirationTime('1m')
      .sign(await importJWK(signing as JWK));
    await expect(exchange(own)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('exchanges what a member let outlive a logout, by its grant alone', async () => {
    const scope = 'openid points offline_access';
    const { browser, request, back } = await logIn(app, person, { scope, prompt: 'consent' });
    const agreed = back.url.includes('code=') ? back : await browser.submit(back, '/consent');
    const tokens = await request.redeem(agreed);
    const url = oidc.buildEndSessionUrl(app.configuration, {
      id_token_hint: tokens.id_token ?? '',
    });
    await browser.submit(await browser.go(url), '/session/end/confirm', { logout: 'yes' });
    const next = await oidc.refreshTokenGrant(app.configuration, tokens.refresh_token ?? '');
    const { gid } = decodeJwt(next.access_token);
    const exchanged = decodeJwt((await exchange(next.access_token)).access_token);
    expect(exchanged).toMatchObject({ gid });
    expect(exchanged).not.toHaveProperty('sid');
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
  const subject = { exp: 1_030, scope: 'points' };
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
});
