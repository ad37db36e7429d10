import { DEMO } from '@7pay/platform';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platformUnderTest, type PlatformUnderTest } from '../support/platform-under-test.ts';
import { axeFaults } from './axe-faults.ts';
import { aPerson, chromiumPath, launch } from './chromium.ts';

describe.skipIf(chromiumPath === undefined)('the logins on the safety page', () => {
  let under: PlatformUnderTest;
  let browser: Browser;
  beforeAll(async () => {
    [under, browser] = await Promise.all([platformUnderTest('sessions'), launch()]);
  });
  afterAll(async () => {
    await browser.close();
    await under.stop();
  });

  async function aDevice(locale: 'ja-JP' | 'en-GB') {
    const { page } = await aPerson(browser, { locale });
    await page.goto(`${under.platform.urls.gateway}/wallet/`);
    await page
      .getByRole('button', { name: /スマートフォンをなくしたとき|lost your phone/i })
      .click();
    await page.locator('input[name="mail"]').fill(DEMO.members[0].mail);
    await page.locator('input[name="password"]').fill(DEMO.password);
    await page.locator('form:has(input[name="password"]) button[type="submit"]').click();
    await page.waitForURL((url) => url.pathname === '/wallet/safety');
    return page;
  }
  const kept = () =>
    under.platform.connection
      .collection('identity_session')
      .countDocuments({ accountId: { $exists: true } });

  it('are ended one by one or all others at once, and the page is usable by everybody', async () => {
    const before = await kept();
    await aDevice('ja-JP');
    await aDevice('ja-JP');
    await aDevice('ja-JP');
    const mine = await aDevice('ja-JP');
    const ends = mine.getByRole('button', { name: /のログインを終了する$/ });
    await mine.getByText('この端末').waitFor();
    await expect.poll(() => ends.count()).toBe(before + 3);
    expect(await axeFaults(mine)).toEqual([]);
    await ends.first().click();
    await mine.getByText('ログインを終了しました').waitFor();
    expect(await kept()).toBe(before + 3);
    await mine.getByRole('button', { name: 'ほかのログインをすべて終了する' }).click();
    await mine.getByText(`ほかのログインを${before + 2}件終了しました`).waitFor();
    await expect.poll(() => ends.count()).toBe(0);
    expect(await kept()).toBe(1);
  });
});
