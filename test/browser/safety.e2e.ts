import { DEMO } from '@7pay/platform';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platformUnderTest, type PlatformUnderTest } from '../support/platform-under-test.ts';
import { axeFaults } from './axe-faults.ts';
import { aPerson, chromiumPath, launch } from './chromium.ts';

describe.skipIf(chromiumPath === undefined)('the safety page', () => {
  let under: PlatformUnderTest;
  let browser: Browser;
  beforeAll(async () => {
    [under, browser] = await Promise.all([platformUnderTest('safety'), launch()]);
  });
  afterAll(async () => {
    await browser.close();
    await under.stop();
  });

  it('stops the wallet for a member who has the password alone, in one tap and a confirmation', async () => {
    const { mail } = DEMO.members[0];
    const members = under.platform.connection.collection<{ _id: string }>('identity_members');
    const found = await members.findOne({ mail });
    const memberId = String(found?._id);
    const token = await under.mint.member(memberId);
    await under.graph.ask(
      'mutation { openWallet(input: { termsVersion: "2019-07-01" }) { __typename } }',
      {},
      token,
    );
    const { page, context } = await aPerson(browser, { locale: 'ja-JP' });
    await page.goto(`${under.platform.urls.gateway}/wallet/`);
    await page.getByRole('button', { name: /スマートフォンをなくしたとき/ }).click();
    await page.locator('input[name="mail"]').fill(mail);
    await page.locator('input[name="password"]').fill(DEMO.password);
    await page.locator('form:has(input[name="password"]) button[type="submit"]').click();
    await page.waitForURL((url) => url.pathname === '/wallet/safety');
    await page.getByRole('button', { name: '利用を止める' }).click();
    expect(await axeFaults(page)).toEqual([]);
    await page.getByRole('button', { name: '今すぐ止める' }).click();
    await page.getByText('利用を止めています').first().waitFor();
    const { data } = await under.graph.ask<{ wallet: { state: string } }>(
      '{ wallet { state } }',
      {},
      token,
    );
    expect(data.wallet.state).toBe('FROZEN');
    await context.close();
  });
});
