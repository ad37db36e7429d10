import { fixedClock } from '@7pay/time';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  anApp,
  type App,
  logIn,
  PASSWORD,
  runIdentity,
  type RunningIdentity,
} from '../testing/running-identity.ts';
import { atOnce, sorted, spread } from '../testing/spread.ts';
import { REFRESH_LEEWAY_SECONDS } from './refresh-leeway.ts';

let running: RunningIdentity;
let twin: Awaited<ReturnType<RunningIdentity['twin']>>;
let app: App;
let later = 0;
const person = { mail: 'hana@example.jp' };
const clock = { now: () => new Date(Date.now() + later * 1_000) };

beforeAll(async () => {
  running = await runIdentity({ clock: { ...fixedClock(new Date()), ...clock } });
  twin = await running.twin();
  app = await anApp(running.issuer, 'seven-eleven-app');
  spread(app.configuration, running.issuer, [running.url, twin.url]);
  await running.identity.registerMember({ ...person, displayName: 'はな', password: PASSWORD });
});
afterAll(async () => {
  await twin.stop();
  await running.stop();
});

async function boundLogin() {
  const { request, back } = await logIn(app, person);
  const DPoP = oidc.getDPoPHandle(app.configuration, await oidc.randomDPoPKeyPair('ES256'));
  const tokens = await oidc.authorizationCodeGrant(
    app.configuration,
    new URL(back.url),
    {
      pkceCodeVerifier: request.codeVerifier,
      expectedState: request.state,
      expectedNonce: request.nonce,
    },
    undefined,
    { DPoP },
  );
  const refresh = (token: string | undefined, binding: oidc.DPoPHandle | undefined = DPoP) =>
    oidc.refreshTokenGrant(app.configuration, token ?? '', undefined, binding && { DPoP: binding });
  return { first: tokens.refresh_token, refresh };
}

describe('a refresh token that is bound to a key', () => {
  it('gives the same successor again to a phone that lost the answer', async () => {
    const { first, refresh } = await boundLogin();
    const answered = await refresh(first);
    const repeated = await refresh(first);
    expect(answered.refresh_token).not.toBe(first);
    expect(repeated.refresh_token).toBe(answered.refresh_token);
    const next = await refresh(repeated.refresh_token);
    expect(next.refresh_token).not.toBe(answered.refresh_token);
  });

  it('gives one successor to 32 requests at once over two providers, and it is good', async () => {
    const { first, refresh } = await boundLogin();
    const { wins, refusals } = sorted(await atOnce(32, () => refresh(first)));
    expect(refusals).toEqual([]);
    expect(new Set(wins.map((tokens) => tokens.refresh_token)).size).toBe(1);
    await expect(refresh(wins[0]?.refresh_token)).resolves.toHaveProperty('access_token');
  });

  it('gives a thief without the key nothing, and the owner keeps the chain', async () => {
    const { first, refresh } = await boundLogin();
    const { refresh_token: second } = await refresh(first);
    const thief = oidc.getDPoPHandle(app.configuration, await oidc.randomDPoPKeyPair('ES256'));
    await expect(refresh(first, thief)).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(oidc.refreshTokenGrant(app.configuration, first ?? '')).rejects.toMatchObject({
      error: expect.stringMatching(/invalid_(grant|request)/),
    });
    await expect(refresh(second)).resolves.toHaveProperty('access_token');
  });

  it('ends its chain when it comes back after the leeway', async () => {
    const { first, refresh } = await boundLogin();
    const { refresh_token: second } = await refresh(first);
    later += REFRESH_LEEWAY_SECONDS + 2;
    await expect(refresh(first)).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(refresh(second)).rejects.toMatchObject({ error: 'invalid_grant' });
  });
});

describe('a refresh token that is bound to nothing', () => {
  it('ends its chain when it comes back at once', async () => {
    const { redeem } = await logIn(app, person);
    const { refresh_token: first = '' } = await redeem();
    const { refresh_token: second = '' } = await oidc.refreshTokenGrant(app.configuration, first);
    const again = (token: string) => oidc.refreshTokenGrant(app.configuration, token);
    await expect(again(first)).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(again(second)).rejects.toMatchObject({ error: 'invalid_grant' });
  });
});
