import type {
  PublicKeyCredentialCreationOptionsJSON as CreationOptions,
  PublicKeyCredentialRequestOptionsJSON as RequestOptions,
} from '@simplewebauthn/server';
import { fixedClock } from '@7pay/time';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { confirmByMail, enrol, firstPasskey } from '../testing/first-passkey.ts';
import { confirmRegistration } from '../testing/registering.ts';
import { anAuthenticator } from '../testing/authenticator.ts';
import { aBrowser, type Browser, type Page, passkeyOptionsOf } from '../testing/browser.ts';
import {
  anApp,
  type App,
  APPS,
  logIn,
  PASSWORD,
  runIdentity,
  type RunningIdentity,
} from '../testing/running-identity.ts';

const clock = fixedClock(new Date());
let running: RunningIdentity;
let app: App;
let consoleApp: App;
let members = 0;

beforeAll(async () => {
  running = await runIdentity({ clock });
  app = await anApp(running.issuer, 'seven-eleven-app');
  consoleApp = await anApp(running.issuer, 'operator-console');
});
afterAll(() => running.stop());

async function aMember(duties: readonly 'support'[] = []) {
  const mail = `member-${(members += 1)}@example.jp`;
  await running.identity.registerMember({
    mail,
    displayName: 'みつき',
    password: PASSWORD,
    duties,
  });
  return { mail };
}
type Authenticator = ReturnType<typeof anAuthenticator>;
const confirm = (browser: Browser, page: Page, authenticator: Authenticator) =>
  browser.submit(page, '/passkey', {
    credential: authenticator.get(passkeyOptionsOf<RequestOptions>(page, '/passkey')),
  });
async function aMemberWithPasskey(duties: readonly 'support'[] = []) {
  const person = await aMember(duties);
  const authenticator = anAuthenticator(running.issuer);
  const { browser, back } = await logIn(consoleApp, person);
  await firstPasskey(running, { browser, page: back, mail: person.mail, authenticator });
  return { person, authenticator };
}

describe('an app that needs a second factor', () => {
  it('gets nobody in by password alone: a first passkey is added, and then the proof is the strongest', async () => {
    const person = await aMember(['support']);
    const scope = 'openid profile operations wallet';
    const { browser, request, back } = await logIn(consoleApp, person, { scope });
    expect(back.url).toContain('/interaction/');
    expect(back.text).toContain('パスキーの登録');
    const authenticator = anAuthenticator(running.issuer);
    const done = await firstPasskey(running, { browser, page: back, ...person, authenticator });
    const tokens = await request.redeem(done);
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      acr: 'urn:7id:acr:3',
      amr: ['pwd', 'mail', 'pop', 'hwk', 'user'],
      roles: ['operator', 'support'],
      scope: 'operations',
    });
  });

  it('asks a member with a passkey for it, after the password too', async () => {
    const { person, authenticator } = await aMemberWithPasskey();
    const { browser, request, back } = await logIn(consoleApp, person);
    expect(back.text).toContain('本人確認');
    expect(back.text).not.toContain('/enrol');
    const tokens = await request.redeem(await confirm(browser, back, authenticator));
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      acr: 'urn:7id:acr:3',
      amr: ['pop', 'hwk', 'user'],
      roles: [],
    });
  });

  it('lets a password never add a second passkey', async () => {
    const { person } = await aMemberWithPasskey();
    const { browser, back } = await logIn(consoleApp, person);
    const stolen = anAuthenticator(running.issuer);
    const options = { challenge: 'x'.repeat(43), rp: { id: 'localhost', name: '' } };
    const credential = stolen.create({
      ...options,
      user: { id: 'eA', name: '', displayName: '' },
      pubKeyCredParams: [],
    });
    const refused = await browser.submit(
      { ...back, text: back.text.replace('/passkey"', '/enrol"') },
      '/enrol',
      { credential },
    );
    expect(refused.status).toBe(400);
    expect(refused.url).not.toContain(APPS);
  });

  it('wants a fresh login before the first passkey', async () => {
    const person = await aMember();
    const { browser } = await logIn(app, person);
    clock.advance(6 * 60_000);
    const later = await consoleApp.request();
    const page = await browser.go(later.url);
    expect(page.text).toContain('もう一度ログインしてください');
    const again = await browser.submit(page, '/login', { ...person, password: PASSWORD });
    const authenticator = anAuthenticator(running.issuer);
    const done = await firstPasskey(running, { browser, page: again, ...person, authenticator });
    await expect(later.redeem(done)).resolves.toHaveProperty('access_token');
  });
});

describe('a request for a stronger proof', () => {
  it.each([
    ['acr_values', { acr_values: 'urn:7id:acr:2' }],
    ['the claims parameter', { claims: '{"id_token":{"acr":{"value":"urn:7id:acr:3"}}}' }],
    [
      'an essential claim',
      { claims: '{"id_token":{"acr":{"essential":true,"values":["urn:7id:acr:2"]}}}' },
    ],
  ])('by %s is enforced, not only noted', async (_, parameters) => {
    const { person, authenticator } = await aMemberWithPasskey();
    const { browser } = await logIn(app, person);
    const request = await app.request(parameters);
    const page = await browser.go(request.url);
    expect(page.text).toContain('本人確認');
    const tokens = await request.redeem(await confirm(browser, page, authenticator));
    expect(tokens.claims()).toMatchObject({ acr: 'urn:7id:acr:3' });
  });

  it('without a page to ask on is answered with login_required', async () => {
    const { browser } = await logIn(app, await aMember());
    const { url } = await app.request({ acr_values: 'urn:7id:acr:3', prompt: 'none' });
    expect((await browser.go(url)).url).toContain('error=login_required');
  });

  it('for values nobody knows is refused', async () => {
    const { url } = await app.request({ acr_values: 'urn:mace:gold' });
    expect((await aBrowser({ leaveAt: APPS }).go(url)).url).toContain(
      'error=unmet_authentication_requirements',
    );
  });

  it("is not met by another member's passkey in the same browser", async () => {
    const { person } = await aMemberWithPasskey();
    const other = await aMemberWithPasskey();
    const { browser } = await logIn(app, person);
    const { url } = await app.request({ acr_values: 'urn:7id:acr:3' });
    const page = await browser.go(url);
    const refused = await confirm(browser, page, other.authenticator);
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('パスキーを確認できませんでした');
  });
});

describe('a passkey', () => {
  it('logs a member in without a password, and without a name typed', async () => {
    const { authenticator } = await aMemberWithPasskey();
    const browser = aBrowser({ leaveAt: APPS });
    const request = await app.request();
    const page = await browser.go(request.url);
    const tokens = await request.redeem(await confirm(browser, page, authenticator));
    expect(tokens.claims()).toMatchObject({ acr: 'urn:7id:acr:3', amr: ['pop', 'hwk', 'user'] });
  });

  it('registers a member with an address and a name', async () => {
    const browser = aBrowser({ leaveAt: APPS });
    const authenticator = anAuthenticator(running.issuer);
    const request = await app.request();
    const loginPage = await browser.go(request.url);
    const page = await browser.go(`${loginPage.url}/register`);
    const options = passkeyOptionsOf<CreationOptions>(page, '/register/passkey');
    const back = await browser.submit(
      {
        ...page,
        text: page.text.replace(/action="([^"]*)\/register"/, 'action="$1/register/passkey"'),
      },
      '/register/passkey',
      { mail: 'new@example.jp', displayName: '新', credential: authenticator.create(options) },
    );
    const confirmed = await confirmRegistration(browser, back, {
      carrier: running.carrier,
      mail: 'new@example.jp',
    });
    const tokens = await request.redeem(confirmed);
    expect(tokens.claims()).toMatchObject({ acr: 'urn:7id:acr:3', name: '新' });
    const second = aBrowser({ leaveAt: APPS });
    const again = await app.request();
    const entered = await confirm(second, await second.go(again.url), authenticator);
    expect((await again.redeem(entered)).claims()?.sub).toBe(tokens.claims()?.sub);
  });

  it('answers a challenge once', async () => {
    const { authenticator } = await aMemberWithPasskey();
    const browser = aBrowser({ leaveAt: APPS });
    const page = await browser.go((await app.request()).url);
    const credential = authenticator.get(passkeyOptionsOf<RequestOptions>(page, '/passkey'));
    const outcomes = await Promise.all(
      Array.from({ length: 4 }, () => browser.submit(page, '/passkey', { credential })),
    );
    expect(outcomes.filter(({ url }) => url.startsWith(APPS))).toHaveLength(1);
  });

  it.each([
    [
      'made for another site',
      (issuer: string) => anAuthenticator(issuer.replace('localhost', 'evil.localhost')),
    ],
    [
      'that does not check the person',
      (issuer: string) => anAuthenticator(issuer, { verifiesUser: false }),
    ],
  ])('%s is not accepted', async (_, make) => {
    const person = await aMember();
    const { browser, back } = await logIn(consoleApp, person);
    const page = await confirmByMail(running, { browser, page: back, ...person });
    const refused = await enrol(browser, page, make(running.issuer));
    expect(refused.status).toBe(400);
  });

  it('that nobody registered is not accepted', async () => {
    const browser = aBrowser({ leaveAt: APPS });
    const page = await browser.go((await app.request()).url);
    const options = passkeyOptionsOf<RequestOptions>(page, '/passkey');
    const stranger = anAuthenticator(running.issuer);
    stranger.create({
      challenge: 'eA',
      rp: { id: 'localhost', name: '' },
      user: { id: 'eA', name: '', displayName: '' },
      pubKeyCredParams: [],
    });
    expect(
      (await browser.submit(page, '/passkey', { credential: stranger.get(options) })).status,
    ).toBe(400);
    for (const credential of ['', '{}', 'null', '{"id":1,"response":{}}', 'x'.repeat(20_000)]) {
      const fresh = await browser.go(page.url);
      expect((await browser.submit(fresh, '/passkey', { credential })).status).toBe(400);
    }
  });
});
