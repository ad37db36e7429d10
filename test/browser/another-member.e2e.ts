import { DEMO } from '@7pay/platform';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platformUnderTest, type PlatformUnderTest } from '../support/platform-under-test.ts';
import { aPerson, chromiumPath, launch } from './chromium.ts';
import { confirmAddress } from './confirm-address.ts';

describe.skipIf(chromiumPath === undefined)('another member in the same tab', () => {
  let under: PlatformUnderTest;
  let browser: Browser;
  beforeAll(async () => {
    [under, browser] = await Promise.all([platformUnderTest('another-member'), launch()]);
  });
  afterAll(async () => {
    await browser.close();
    await under.stop();
  });
  const at = (path: string) => `${under.platform.urls.gateway}${path}`;
  const press = (page: Page, name: string) =>
    page
      .getByRole('button', { name, exact: true })
      .or(page.getByRole('link', { name, exact: true }))
      .first()
      .click();
  const digits = /(\d{4}\s){5}\d{4}/;
  const notes = (page: Page) => page.evaluate(() => JSON.stringify({ ...sessionStorage }));

  it('is shown none of the codes of the one before', async () => {
    const { page } = await aPerson(browser, { width: 375 });
    await page.goto(at('/wallet/'));
    await press(page, '7iDで始める');
    await press(page, '会員登録');
    await page
      .getByLabel(/メールアドレス/)
      .first()
      .fill('first@example.com');
    await page.getByLabel('表示名').first().fill('花子');
    await press(page, 'パスキーで登録');
    await confirmAddress(page, under, 'first@example.com');
    await page.waitForURL(/\/wallet\//);
    await press(page, '7payを始める');
    await page.getByText('残高').first().waitFor();
    await press(page, '支払う');
    await page.getByText(digits).first().waitFor();
    expect(await notes(page)).toContain('7pay.wallet.device');

    // A login that is too old leads to 7iD, where anybody may log in.
    await page.route('**/graphql', async (route) => {
      const asked = route.request().postData() ?? '';
      const tooOld = {
        errors: [{ message: '', extensions: { code: 'REAUTHENTICATION_REQUIRED' } }],
      };
      return asked.includes('BeginMyAuthenticatorApp')
        ? route.fulfill({ json: tooOld })
        : route.continue();
    });
    await page.goto(at('/wallet/proofs'));
    await press(page, '認証アプリを追加する');
    await press(page, 'もう一度ログインする');
    await page.locator('input[name="mail"]').fill(DEMO.members[0].mail);
    await page.locator('input[name="password"]').fill(DEMO.password);
    await page.locator('form:has(input[name="password"]) button[type="submit"]').click();
    await page.waitForURL((url) => url.pathname === '/wallet/proofs');

    // Nobody tells whose codes this browser keeps: the platform does not answer.
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await page.route('**/graphql', async (route) => {
      const asked = route.request().postData() ?? '';
      const lost = { errors: [{ message: '', extensions: { code: 'UNAVAILABLE' } }] };
      return /IssueHandles|RegisterPaymentDevice|IssuePaymentCode/.test(asked)
        ? route.fulfill({ json: lost })
        : route.continue();
    });
    await page.goto(at('/wallet/pay'));
    await page.getByRole('alert').or(page.getByText(digits)).first().waitFor();
    expect(await page.getByText(digits).count()).toBe(0);
  });
});
