import { createHash } from 'node:crypto';
import { DEMO } from '@7pay/platform';
import { Secret, TOTP } from 'otpauth';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platformUnderTest, type PlatformUnderTest } from '../support/platform-under-test.ts';
import { axeFaults } from './axe-faults.ts';
import { aPerson, chromiumPath, launch } from './chromium.ts';
import { confirmByMail, registerFirstPasskey } from './first-passkey.ts';

describe.skipIf(chromiumPath === undefined)('a new phone', () => {
  let under: PlatformUnderTest;
  let browser: Browser;
  beforeAll(async () => {
    [under, browser] = await Promise.all([platformUnderTest('device_approval'), launch()]);
  });
  afterAll(async () => {
    await browser.close();
    await under.stop();
  });

  /** Where an app sends somebody who has to prove more than a password. */
  function loginAddress(): string {
    const address = new URL('/auth', under.platform.urls.identity);
    const parameters = {
      client_id: 'seven-eleven-app',
      redirect_uri: `${under.platform.urls.gateway}/wallet/callback`,
      response_type: 'code',
      scope: 'openid profile points',
      code_challenge: createHash('sha256').update('v'.repeat(50)).digest('base64url'),
      code_challenge_method: 'S256',
      acr_values: 'urn:7id:acr:2',
    };
    for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
    return address.href;
  }
  async function password(page: Page, mail: string = DEMO.members[0].mail): Promise<void> {
    await page.goto(loginAddress());
    await page.locator('input[name="mail"]').fill(mail);
    await page.locator('input[name="password"]').fill(DEMO.password);
    await page.locator('form:has(input[name="password"]) button[type="submit"]').click();
  }
  const isUsable = async (page: Page) => expect(await axeFaults(page)).toEqual([]);

  it('shows a number that is typed on the old one, and is logged in', async () => {
    const old = await aPerson(browser, { width: 375 });
    await password(old.page);
    await registerFirstPasskey(old.page, under, DEMO.members[0].mail);
    await old.page.waitForURL((url) => url.pathname.startsWith('/wallet'));

    const fresh = await aPerson(browser, { width: 375, locale: 'en-GB', script: false });
    await password(fresh.page);
    await fresh.page.getByRole('button', { name: 'Approve on a device you use' }).click();
    const number = await fresh.page.getByRole('status').locator('strong').innerText();
    expect(number).toMatch(/^\d{2}$/);

    await old.page.goto(`${under.platform.urls.identity}/approve`);
    await isUsable(old.page);
    await old.page.getByLabel('新しい端末に表示された番号（2桁）').fill(number);
    await old.page.getByRole('button', { name: '承認する', exact: true }).click();
    await old.page.getByText('承認しました。新しい端末の画面に戻って').waitFor();
    await isUsable(old.page);

    await fresh.page.getByRole('button', { name: 'I have approved it' }).click();
    await fresh.page.waitForURL((url) => url.pathname === '/wallet/callback');
    expect(new URL(fresh.page.url()).searchParams.has('code')).toBe(true);
  });

  it('without passkeys gets its member on by an authenticator app, after a code by mail', async () => {
    const { mail } = DEMO.operators[0];
    const { page } = await aPerson(browser, { width: 375 });
    await password(page, mail);
    await isUsable(page);
    await confirmByMail(page, under, mail);
    await isUsable(page);
    await page.getByRole('button', { name: '認証アプリを使う' }).click();
    await isUsable(page);
    const secret = (await page.locator('code').innerText()).replaceAll(' ', '');
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
    await page.getByLabel('アプリに表示されたコード（6桁）').fill(code);
    await page.getByRole('button', { name: '登録する' }).click();
    await page.getByRole('heading', { name: '回復コード' }).waitFor();
    await isUsable(page);
    const recovery = await page.locator('li code').last().innerText();
    await page.getByLabel('回復コード、または認証アプリの新しいコード').fill(recovery);
    await page.getByRole('button', { name: '続ける' }).click();
    await page.waitForURL((url) => url.pathname === '/wallet/callback');
  });

  it('has a page that everybody can use while it waits', async () => {
    const { page } = await aPerson(browser, { width: 375 });
    await password(page);
    await page.getByRole('button', { name: 'お使いの端末で承認する' }).click();
    await page.getByRole('button', { name: '番号を出し直す' }).waitFor();
    await isUsable(page);
  });
});
