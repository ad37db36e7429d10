import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aBrowser } from '../testing/browser.ts';
import { confirmRegistration } from '../testing/registering.ts';
import {
  anApp,
  type App,
  APPS,
  logIn,
  PASSWORD,
  runIdentity,
  type RunningIdentity,
} from '../testing/running-identity.ts';

let running: RunningIdentity;
let app: App;
beforeAll(async () => {
  running = await runIdentity();
  app = await anApp(running.issuer, 'seven-eleven-app');
});
afterAll(() => running.stop());

async function register(fields: Record<string, string>) {
  const browser = aBrowser({ leaveAt: APPS });
  const request = await app.request();
  const loginPage = await browser.go(request.url);
  const page = await browser.go(`${loginPage.url}/register`);
  const asked = await browser.submit(page, '/register', fields);
  const mail = (fields['mail'] ?? '').normalize('NFKC').trim().toLowerCase();
  const back = await confirmRegistration(browser, asked, { carrier: running.carrier, mail });
  return { request, page, back };
}
const aPerson = (mail: string) => ({ mail, displayName: 'はな', password: PASSWORD });

describe('registration', () => {
  it('by password leads straight into the app', async () => {
    const { request, back } = await register(aPerson('first@example.jp'));
    const tokens = await request.redeem(back);
    expect(tokens.claims()).toMatchObject({
      acr: 'urn:7id:acr:1',
      amr: ['pwd', 'mail'],
      name: 'はな',
    });
    const { redeem } = await logIn(app, { mail: 'first@example.jp' });
    expect((await redeem()).claims()?.sub).toBe(tokens.claims()?.sub);
  });

  it.each([
    [{ mail: 'no address' }, 'メールアドレスの形'],
    [{ displayName: '' }, '表示名は1文字以上40文字以内'],
    [{ password: 'too short' }, '12文字以上'],
    [{ password: 'password1234' }, '推測されやすい'],
  ])('with %j is refused with what to do, and keeps what was typed', async (wrong, sentence) => {
    const { back } = await register({ ...aPerson('refused@example.jp'), ...wrong });
    expect(back.status).toBe(400);
    expect(back.text).toContain(sentence);
    expect(back.text).not.toContain(`value="${PASSWORD}"`);
    if (!('mail' in wrong)) expect(back.text).toContain('value="refused@example.jp"');
  });

  it('is refused while operators have stopped it, with the reason on the page', async () => {
    running.controls.close('registration');
    try {
      const browser = aBrowser({ leaveAt: APPS });
      const loginPage = await browser.go((await app.request()).url);
      const page = await browser.go(`${loginPage.url}/register`);
      expect(page.text).toContain('停止中');
      expect(page.text).toContain('調査のため');
      const made = await running.identity.registerMember(aPerson('late@example.jp'));
      expect(made).toMatchObject({ refused: 'FUNCTION_CLOSED' });
    } finally {
      running.controls.open('registration');
    }
  });

  it('for seeding changes nothing the second time', async () => {
    const first = await running.identity.registerMember({
      ...aPerson('seed@example.jp'),
      duties: ['finance'],
    });
    const second = await running.identity.registerMember({
      ...aPerson('SEED@example.jp'),
      password: 'another long password',
    });
    expect(second).toEqual(first);
    expect((await logIn(app, { mail: 'seed@example.jp' })).back.url).toContain('code=');
  });
});
