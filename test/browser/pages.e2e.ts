import { createHash } from 'node:crypto';
import { DEMO } from '@7pay/platform';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platformUnderTest, type PlatformUnderTest } from '../support/platform-under-test.ts';
import { axeFaults, ON_A_PHONE } from './axe-faults.ts';
import { aPerson, chromiumPath, launch } from './chromium.ts';
import { scrollsSideways } from './scrolls-sideways.ts';

describe.skipIf(chromiumPath === undefined)('the pages', () => {
  let under: PlatformUnderTest;
  let browser: Browser;
  beforeAll(async () => {
    [under, browser] = await Promise.all([platformUnderTest('pages'), launch()]);
  });
  afterAll(async () => {
    await browser.close();
    await under.stop();
  });
  const at = (path: string) => `${under.platform.urls.gateway}${path}`;

  const violations = (page: Page) => axeFaults(page, ON_A_PHONE);

  /** Sends a person to log in, as an app does, and returns where 7iD shows its first page. */
  function loginAddress(locale: string): string {
    const address = new URL('/auth', under.platform.urls.identity);
    const challenge = createHash('sha256').update('v'.repeat(50)).digest('base64url');
    const parameters = {
      client_id: 'seven-eleven-app',
      redirect_uri: at('/wallet/callback'),
      response_type: 'code',
      scope: 'openid profile points', // what leads to money is pushed first
      code_challenge: challenge,
      code_challenge_method: 'S256',
      state: 'state-of-the-test',
      ui_locales: locale,
    };
    for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
    return address.href;
  }

  for (const [locale, scheme] of [
    ['ja-JP', 'light'],
    ['en-GB', 'dark'],
  ] as const) {
    it(`have nothing for axe to find, in ${locale} and ${scheme}`, async () => {
      const { page, context, complaints } = await aPerson(browser, { locale });
      await page.emulateMedia({ colorScheme: scheme });
      const faults: Record<string, string[]> = {};
      const look = async (name: string) => {
        faults[name] = await violations(page);
        expect(await page.locator('html').getAttribute('lang'), name).toBe(locale.slice(0, 2));
        const wide = await scrollsSideways(page);
        expect(wide, `${name} scrolls sideways`).toBe(false);
      };
      for (const path of ['/wallet/', '/pos/', '/console/']) {
        await page.goto(at(path));
        await page.getByRole('heading', { level: 1 }).waitFor();
        await look(path);
      }
      await page.goto(loginAddress(locale.slice(0, 2)));
      await look('log in');
      await page.locator('a[href$="/register"]').click();
      await look('register');
      await page.goto(`${under.platform.urls.identity}/nothing-here`);
      await look('not found');
      await context.close();
      expect(faults).toEqual(Object.fromEntries(Object.keys(faults).map((name) => [name, []])));
      expect(complaints.filter((text) => !text.includes('404'))).toEqual([]);
    });
  }

  it('of 7iD log in by password without script', async () => {
    const { page, context } = await aPerson(browser, { script: false });
    await page.goto(loginAddress('ja'));
    await page.locator('input[name="mail"]').fill(DEMO.members[0].mail);
    await page.locator('input[name="password"]').fill('not the password of anybody');
    await page.locator('form:has(input[name="password"]) button[type="submit"]').click();
    await page.locator('#problem').waitFor();
    const wrong = await page.locator('body').innerText();
    await page.locator('input[name="mail"]').fill('nobody@example.com');
    await page.locator('input[name="password"]').fill('not the password of anybody');
    await page.locator('form:has(input[name="password"]) button[type="submit"]').click();
    expect(await page.locator('body').innerText()).toBe(wrong); // nothing tells a member from a stranger
    await page.locator('input[name="mail"]').fill(DEMO.members[0].mail);
    await page.locator('input[name="password"]').fill(DEMO.password);
    await page.locator('form:has(input[name="password"]) button[type="submit"]').click();
    await page.waitForURL(/\/wallet\/callback\?/);
    const back = new URL(page.url());
    expect(back.searchParams.get('code')).toMatch(/^[\w-]{20,}$/);
    expect(back.searchParams.get('state')).toBe('state-of-the-test');
    await context.close();
  });

  it('of 7iD log in by an external ID without script', async () => {
    const { page, context } = await aPerson(browser, { script: false });
    await page.goto(loginAddress('en'));
    await page.getByRole('link', { name: /Kumo ID/ }).click();
    await page.waitForURL((url) => url.origin === under.platform.urls.sandbox);
    await page.getByRole('button').first().click();
    await page.getByRole('button', { name: 'Register' }).click(); // nobody has this ID yet
    await page.waitForURL(/\/wallet\/callback\?/);
    expect(new URL(page.url()).searchParams.get('code')).toMatch(/^[\w-]{20,}$/);
    await context.close();
  });

  it('of the explorer run a query from this machine alone', async () => {
    const { page, context } = await aPerson(browser, { width: 1280, height: 800, locale: 'en-GB' });
    const elsewhere: string[] = [];
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.hostname !== 'localhost' && url.protocol.startsWith('http')) elsewhere.push(url.href);
    });
    await page.goto(at('/graphiql'));
    await page.getByRole('button', { name: /Execute/ }).click();
    await page.getByText('みどり書房').first().waitFor();
    expect(elsewhere).toEqual([]);
    await context.close();
  });

  // The last one: from here on every browser is in a network that has used its budget up.
  it('of 7iD tell who has to wait by one page, with a way back', async () => {
    const { page, context, complaints } = await aPerson(browser, { width: 375 });
    await page.goto(loginAddress('ja'));
    const token = await page.locator('form[action$="/login"] input[name="form"]').inputValue();
    const headers = { origin: under.platform.urls.identity };
    const address = `${page.url()}/login`;
    let n = 0;
    const guess = async () => {
      const form = { form: token, mail: `nobody${(n += 1)}@example.jp`, password: 'a guess' };
      return (await page.request.post(address, { form, headers })).status();
    };
    // A budget comes back while it is used up: until the page is there, however slow this machine is.
    const busy = page.getByText('LOGIN_BUSY');
    for (let turn = 0; turn < 20 && (await busy.count()) === 0; turn += 1) {
      let away = false;
      while (!away && n < 500) {
        const statuses = await Promise.all(Array.from({ length: 10 }, guess));
        away = statuses.every((status) => status === 503);
      }
      await page.locator('input[name="mail"]').fill('nobody@example.jp');
      await page.locator('input[name="password"]').fill('a guess');
      const answered = page.waitForResponse((response) => response.url() === address);
      await page.locator('form:has(input[name="password"]) button[type="submit"]').click();
      expect([400, 503]).toContain((await answered).status()); // refused, or turned away
      await page.locator('#problem').or(busy).waitFor();
    }
    expect(await busy.count()).toBe(1);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'はじめからやり直す' }).click();
    await page.locator('input[name="password"]').waitFor();
    expect(complaints.filter((text) => !/status of (400|503)/.test(text))).toEqual([]);
    await context.close();
  });
});
