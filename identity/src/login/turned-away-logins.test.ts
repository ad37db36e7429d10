import { fixedClock } from '@7pay/time';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AuditDocument, auditModel } from '../audit/audit.store.ts';
import { type Browser, aBrowser } from '../testing/browser.ts';
import {
  anApp,
  type App,
  logIn,
  PASSWORD,
  runIdentity,
  type RunningIdentity,
} from '../testing/running-identity.ts';

const HANA = { mail: 'hana@example.jp', displayName: 'はな', password: PASSWORD };
const clock = fixedClock('2026-07-01T09:00:00Z');
let commands: string[] = [];
let running: RunningIdentity;
let app: App;
let home: Browser;

beforeAll(async () => {
  running = await runIdentity({ clock, onCommand: (name) => void commands.push(name) });
  app = await anApp(running.issuer, 'seven-eleven-app');
  await running.identity.registerMember(HANA);
  home = (await logIn(app, HANA)).browser;
  const guesser = await logIn(app, { mail: 'nobody@example.jp', password: 'guess' });
  for (let n = 0; n < 29; n += 1) {
    const guess = { mail: `nobody${n}@example.jp`, password: 'a guess' };
    await guesser.browser.submit(guesser.page, '/login', guess);
  }
});
afterAll(() => running.stop());

const page = async (browser: Browser) => browser.go((await app.request({ prompt: 'login' })).url);

describe('a password from a network that is spent', () => {
  it('costs no command to the database, and gets the same bytes as every other', async () => {
    const [one, other] = [aBrowser(), aBrowser()];
    const shown = { one: await page(one), other: await page(other) };
    commands = [];
    const first = await one.submit(shown.one, '/login', HANA);
    const second = await other.submit(shown.other, '/login', { mail: 'x', password: 'y' });
    expect(commands).toEqual([]);
    expect([first.status, second.status]).toEqual([503, 503]);
    expect(first.text).toBe(second.text);
    expect(first.text).toContain('LOGIN_BUSY');
    expect(first.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(first.headers.get('cache-control')).toBe('no-store');
    const english = aBrowser({ language: 'en' });
    const told = await english.submit(await page(english), '/login', HANA);
    expect(told.text).toContain('<html lang="en">');
  });

  it('is answered by a page from which a link leads back to the login', async () => {
    const browser = aBrowser();
    const away = await browser.submit(await page(browser), '/login', HANA);
    const link = /<a class="button" href="([^"]*)"/.exec(away.text)?.[1] ?? '';
    const back = await browser.go(new URL(link, away.url));
    expect(back.status).toBe(200);
    expect(back.text).toContain('autocomplete="current-password"');
  });

  it('is looked at from a browser by which the member logged in before, and from that alone', async () => {
    const wrong = await home.submit(await page(home), '/login', { ...HANA, password: 'no' });
    expect(wrong.text).toContain('ログインできませんでした');
    const asOther = await home.submit(await page(home), '/login', {
      mail: 'taro@example.jp',
      password: PASSWORD,
    });
    expect(asOther.status).toBe(503);
    const right = await home.submit(await page(home), '/login', HANA);
    expect(right.url).toContain('code=');
  });

  it('is on record: how many there were, from which network, and why', async () => {
    await running.identity.stop();
    const rows = (await auditModel(running.connection).find().lean()) as AuditDocument[];
    const counted = rows.filter(({ facts }) => facts.tries !== undefined);
    expect(counted.map(({ kind, facts }) => ({ kind, ...facts }))).toEqual([
      {
        kind: 'LOGIN_REFUSED',
        method: 'PASSWORD',
        reason: 'NETWORK_SPENT',
        tries: 5,
        about: '2026-07-01T09:00:00.000Z',
        network: expect.stringMatching(/^net:/) as string,
      },
    ]);
    expect(rows.filter(({ facts }) => facts.reason === 'UNKNOWN_ID')).toHaveLength(30);
  });
});
