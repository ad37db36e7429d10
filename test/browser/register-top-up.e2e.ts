import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onboarding } from '../support/onboarding.ts';
import {
  aMember,
  platformUnderTest,
  type PlatformUnderTest,
} from '../support/platform-under-test.ts';
import { aPerson, chromiumPath, launch } from './chromium.ts';

describe.skipIf(chromiumPath === undefined)('a cash top-up at the register', () => {
  let under: PlatformUnderTest;
  let browser: Browser;
  beforeAll(async () => {
    [under, browser] = await Promise.all([platformUnderTest('register-top-up'), launch()]);
  });
  afterAll(async () => {
    await browser.close();
    await under.stop();
  });
  const press = (page: Page, name: string) =>
    page
      .getByRole('button', { name, exact: true })
      .or(page.getByRole('link', { name, exact: true }))
      .first()
      .click();

  const aRegister = async () => {
    const { page } = await aPerson(browser, { width: 1280, height: 800 });
    const member = await aMember(under);
    const operator = await under.mint.operator('mem_browser_operator');
    const pairing = await onboarding(under).issueCode(operator, under.stores[0]!.id);
    await page.goto(`${under.platform.urls.gateway}/pos/`);
    await page.getByLabel('登録コード').fill(pairing);
    await press(page, '登録する');
    const topUp = async (yen: string) => {
      await page.getByLabel(/チャージの金額/).fill(yen);
      await press(page, '現金を数える');
      await press(page, '数えました。コードへ進む');
      await page.getByLabel('お客様のコード').fill(await member.code());
      await page.getByLabel('お客様のコード').press('Enter');
    };
    const kept = () => page.evaluate(() => localStorage.getItem('7pay.pos.open-top-up') ?? '');
    return { page, topUp, kept };
  };
  const isTopUp = (asked: string) => asked.includes('"topUpId"') && !asked.includes('subscription');

  it('that is refused is struck out, also when its page was left', async () => {
    const { page, topUp, kept } = await aRegister();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    await page.route('**/graphql', async (route) => {
      if (!isTopUp(route.request().postData() ?? '')) return route.continue();
      await released;
      const refused = { __typename: 'CodeExpired', code: 'CODE_EXPIRED', message: '期限切れ' };
      return route.fulfill({ json: { data: { topUpAtRegister: refused } } });
    });
    await press(page, 'チャージを受ける');
    const asked = page.waitForRequest((request) => isTopUp(request.postData() ?? ''));
    await topUp('3000');
    const answered = (await asked).response();
    await page.locator('header a[href="/pos/"]').first().click();
    expect(await kept()).toContain('"amount":3000');
    release();
    await (await answered)?.finished();
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
    expect(await kept()).not.toContain('3000');
    await press(page, 'チャージを受ける');
    await page.getByLabel(/チャージの金額/).waitFor();
  });

  it('stays written down when an earlier one is answered on a page that was left', async () => {
    const { page, topUp, kept } = await aRegister();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const sent: string[] = [];
    await page.route('**/graphql', async (route) => {
      const asked = route.request().postData() ?? '';
      if (!isTopUp(asked)) return route.continue();
      sent.push(asked);
      if (sent.length > 1) return route.abort(); // the second one does not arrive
      const response = await route.fetch();
      await released; // the first one does, and is answered late
      return route.fulfill({ response }).catch(() => undefined);
    });
    await press(page, 'チャージを受ける');
    const first = page.waitForRequest((request) =>
      (request.postData() ?? '').includes('"amount":3000'),
    );
    await topUp('3000');
    const answer = (await first).response().catch(() => null);
    await page.locator('header a[href="/pos/"]').first().click();
    await press(page, 'チャージを受ける');
    await page.getByText('チャージ済み').first().waitFor(); // told so
    await press(page, '次のお客様へ');
    await topUp('2000');
    await page.getByText('UNREACHABLE').waitFor();
    expect(await kept()).toContain('"amount":2000');

    release();
    await (await answer)?.finished();
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
    expect(await kept()).toContain('"amount":2000');
    await page.reload();
    await page.getByText('2,000円').first().waitFor();
  });
});
