import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aKey, dpopProof } from '../testing/forged.ts';
import { atOnce, sorted, spread } from '../testing/spread.ts';
import {
  anApp,
  type App,
  logIn,
  PASSWORD,
  runIdentity,
  type RunningIdentity,
} from '../testing/running-identity.ts';

const COUNT = 32;
let running: RunningIdentity;
let twin: Awaited<ReturnType<RunningIdentity['twin']>>;
let app: App;
const person = { mail: 'hana@example.jp' };

beforeAll(async () => {
  running = await runIdentity();
  twin = await running.twin();
  app = await anApp(running.issuer, 'seven-eleven-app');
  spread(app.configuration, running.issuer, [running.url, twin.url]);
  await running.identity.registerMember({ ...person, displayName: 'はな', password: PASSWORD });
});
afterAll(async () => {
  await twin.stop();
  await running.stop();
});

describe('between two providers on one database, 32 at once', () => {
  it('a code gives one set of tokens', async () => {
    const { redeem } = await logIn(app, person);
    const { wins, refusals } = sorted(await atOnce(COUNT, redeem));
    expect(wins).toHaveLength(1);
    expect(refusals).toEqual(['invalid_grant']);
  });

  it('a refresh token that is bound to no key gives one successor', async () => {
    const { redeem } = await logIn(app, person);
    const { refresh_token: token = '' } = await redeem();
    const { wins, refusals } = sorted(
      await atOnce(COUNT, () => oidc.refreshTokenGrant(app.configuration, token)),
    );
    expect(wins).toHaveLength(1);
    expect(refusals).toEqual(['invalid_grant']);
  });

  it('a pushed request gives one code', async () => {
    const { browser } = await logIn(app, person);
    const cookie = browser
      .cookies()
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
    const url = await oidc.buildAuthorizationUrlWithPAR(app.configuration, {
      redirect_uri: app.redirectUri,
      scope: 'openid',
      code_challenge: await oidc.calculatePKCECodeChallenge(oidc.randomPKCECodeVerifier()),
      code_challenge_method: 'S256',
      prompt: 'none',
      state: 'raced',
    });
    const outcomes = await atOnce(COUNT, async (index) => {
      const at = index % 2 === 0 ? running.url : twin.url;
      const answer = await fetch(url.href.replace(running.issuer, at), {
        redirect: 'manual',
        headers: { cookie, accept: 'text/html' },
      });
      const text = await answer.text();
      return { status: answer.status, to: answer.headers.get('location') ?? text };
    });
    const { wins } = sorted(outcomes);
    expect(wins).toHaveLength(COUNT);
    expect(wins.filter(({ status }) => status >= 500)).toEqual([]);
    expect(wins.filter(({ to }) => to.includes('code='))).toHaveLength(1);
  });

  it('a DPoP proof counts once', async () => {
    const proof = await dpopProof(await aKey(), { url: `${running.issuer}/request` });
    const outcomes = await atOnce(COUNT, async (index) => {
      const at = index % 2 === 0 ? running.url : twin.url;
      const answer = await fetch(`${at}/request`, {
        method: 'POST',
        headers: { DPoP: proof },
        body: new URLSearchParams({
          client_id: 'seven-eleven-app',
          response_type: 'code',
          redirect_uri: app.redirectUri,
          scope: 'openid',
          code_challenge: await oidc.calculatePKCECodeChallenge(oidc.randomPKCECodeVerifier()),
          code_challenge_method: 'S256',
        }),
      });
      await answer.body?.cancel();
      return answer.status;
    });
    const statuses = sorted(outcomes).wins;
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status === 400)).toHaveLength(COUNT - 1);
  });
});
