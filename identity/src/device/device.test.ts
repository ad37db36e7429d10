import { decodeJwt } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aBrowser, type Browser } from '../testing/browser.ts';
import { GRAPH, PASSWORD, runIdentity, type RunningIdentity } from '../testing/running-identity.ts';
import { atOnce, sorted, spread } from '../testing/spread.ts';

let running: RunningIdentity;
let twin: Awaited<ReturnType<RunningIdentity['twin']>>;
let screen: oidc.Configuration;
const person = { mail: 'hana@example.jp', password: PASSWORD };

beforeAll(async () => {
  running = await runIdentity({
    clients: [
      {
        kind: 'device-app',
        clientId: 'shop-screen',
        name: { ja: '店頭の画面', en: 'Shop screen' },
        graphScopes: ['points'],
      },
    ],
  });
  twin = await running.twin();
  screen = await oidc.discovery(new URL(running.issuer), 'shop-screen', undefined, oidc.None(), {
    execute: [oidc.allowInsecureRequests],
  });
  spread(screen, running.issuer, [running.url, twin.url]);
  await running.identity.registerMember({ ...person, displayName: 'はな' });
});
afterAll(async () => {
  await twin.stop();
  await running.stop();
});

const start = () => oidc.initiateDeviceAuthorization(screen, { scope: 'openid points' });
const ask = (deviceCode: string) =>
  oidc.genericGrantRequest(screen, 'urn:ietf:params:oauth:grant-type:device_code', {
    device_code: deviceCode,
  });
const typeCode = async (browser: Browser, userCode: string) =>
  browser.submit(await browser.go(`${running.issuer}/device`), '/device', { user_code: userCode });
const logInOn = async (userCode: string, browser = aBrowser()) => {
  const confirm = await typeCode(browser, userCode);
  const login = await browser.submit(confirm, '/device');
  return { confirm, done: await browser.submit(login, '/login', person), browser };
};

describe('a screen without a keyboard', () => {
  it('waits, is confirmed by its code and its name, and then has tokens of the member', async () => {
    const { device_code: code, user_code: userCode, verification_uri: uri } = await start();
    expect(uri).toBe(`${running.issuer}/device`);
    expect(userCode).toMatch(/^[B-Z]{4}-[B-Z]{4}$/);
    await expect(ask(code)).rejects.toMatchObject({ error: 'authorization_pending' });
    const { confirm, done } = await logInOn(userCode);
    expect(confirm.text).toContain('「店頭の画面」があなたとしてログインします。');
    expect(confirm.text).toContain(userCode);
    expect(done.text).toContain('ログインしました');
    const tokens = await ask(code);
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      aud: GRAPH,
      scope: 'points',
      acr: 'urn:7id:acr:1',
      amr: ['pwd'],
      sid: expect.any(String),
    });
  });

  it('gives its tokens once to 32 that ask at once, over two providers', async () => {
    const { device_code: code, user_code: userCode } = await start();
    await logInOn(userCode);
    const { wins, refusals } = sorted(await atOnce(32, () => ask(code)));
    expect(wins).toHaveLength(1);
    expect(refusals).toEqual(['invalid_grant']);
  });

  it('says so when the code is wrong, and lets the person type again', async () => {
    const page = await typeCode(aBrowser(), 'BBBB-BBBB');
    expect(page.text).toContain('コードが正しくない');
    expect(page.text).toContain('name="user_code"');
  });

  it('is told no when the person stops', async () => {
    const { device_code: code, user_code: userCode } = await start();
    const browser = aBrowser();
    const confirm = await typeCode(browser, userCode);
    const stopped = await browser.submit(confirm, '/device', { abort: 'yes' });
    expect(stopped.text).toContain('ログインを中止しました');
    await expect(ask(code)).rejects.toMatchObject({ error: 'access_denied' });
  });

  it('takes one code for one screen: a second person cannot use it', async () => {
    const { user_code: userCode } = await start();
    await logInOn(userCode);
    expect((await typeCode(aBrowser(), userCode)).text).toContain('コードが正しくない');
  });

  it('loses its tokens with the login that they rest on', async () => {
    const { device_code: code, user_code: userCode } = await start();
    await logInOn(userCode);
    const tokens = await ask(code);
    const { sid } = decodeJwt(tokens.access_token) as { sid: string };
    expect(await running.identity.admin.endSession(sid)).toBe(true);
    await expect(oidc.refreshTokenGrant(screen, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });
});
