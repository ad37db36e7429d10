import { randomIds } from '@7pay/ids';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CANCEL,
  PAY,
  platformUnderTest,
  type PlatformUnderTest,
  TOP_UP,
} from '../support/platform-under-test.ts';
import { refunds } from '../support/refunds.ts';
import { axeFaults } from './axe-faults.ts';
import { aPerson, chromiumPath, launch } from './chromium.ts';
import { confirmAddress } from './confirm-address.ts';
import { scrollsSideways } from './scrolls-sideways.ts';

const CODE = `mutation { result: issuePaymentCode { ... on PaymentCodeIssued { paymentCode { code } } } }`;
/** Where pictures of the pages go, to be looked at; nowhere unless told. */
const PICTURES = process.env['PICTURES'];
const MAIL = 'owari@example.com';

describe.skipIf(chromiumPath === undefined)('a closed wallet, in a real browser', () => {
  let under: PlatformUnderTest;
  let browser: Browser;
  beforeAll(async () => {
    [under, browser] = await Promise.all([platformUnderTest('closed_pages'), launch()]);
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
  const sees = (page: Page, text: string) => page.getByText(text).first().waitFor();
  async function look(page: Page, name: string): Promise<void> {
    const found = await axeFaults(page);
    if (PICTURES) await page.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: true });
    expect(found, name).toEqual([]);
    expect(await scrollsSideways(page), `${name} scrolls sideways`).toBe(false);
  }

  it('says so, offers nothing that pays, and is claimed, also what a shop gives back later', async () => {
    const { page, context } = await aPerson(browser, { width: 375, locale: 'ja-JP' });
    await page.goto(at('/wallet/'));
    await press(page, '7iDで始める');
    await press(page, '会員登録');
    await page
      .getByLabel(/メールアドレス/)
      .first()
      .fill(MAIL);
    await page.getByLabel('表示名').first().fill('終');
    await press(page, 'パスキーで登録');
    await confirmAddress(page, under, MAIL);
    await page.waitForURL(/\/wallet\//);
    await press(page, '7payを始める');
    const members = under.platform.connection.collection<{ _id: string }>('identity_members');
    const found = await members.findOne({ mail: MAIL });
    const token = await under.mint.member(String(found?._id));
    const ask = async <Data>(query: string, variables: Record<string, unknown>, by: string) =>
      (await under.graph.ask<Data>(query, variables, by)).data;
    const state = async () =>
      (await ask<{ wallet: { state: string } | null }>('{ wallet { state } }', {}, token)).wallet
        ?.state;
    await expect.poll(state).toBe('OPEN');
    const code = async () =>
      (await ask<{ result: { paymentCode: { code: string } } }>(CODE, {}, token)).result.paymentCode
        .code;
    const terminal = under.stores[0]!.token;
    await ask(TOP_UP, { input: { topUpId: 'c-1', amount: 3_000, code: await code() } }, terminal);
    const paid = { merchantPaymentId: 'c-1', amount: 1_000, code: await code() };
    await ask(PAY, { input: paid }, terminal);

    const refund = refunds(under);
    const opened = await refund.open(await under.mint.operator(randomIds.next('mem')));
    await refund.closeWallets(opened.data.result.programme!.id);
    await expect.poll(state, { timeout: 10_000 }).toBe('CLOSED');

    await page.goto(at('/wallet/'));
    await sees(page, 'この7payは終了しています。');
    expect(await page.locator('a[href="/wallet/pay"], a[href="/wallet/charge"]').count()).toBe(0);
    await look(page, 'closed-home');
    await page.goto(at('/wallet/safety'));
    await sees(page, 'この7payは終了しています。');
    expect(await page.getByRole('button', { name: '利用を止める' }).count()).toBe(0);
    await look(page, 'closed-safety');

    await page.goto(at('/wallet/refund'));
    await sees(page, '2,000円');
    await look(page, 'closed-refund');
    await press(page, '払戻しを申し出る');
    await sees(page, '払戻しの申出を受け付けました');
    expect(await page.getByRole('button', { name: '払戻しを申し出る' }).count()).toBe(0);

    await ask(CANCEL, { input: { merchantPaymentId: 'c-1' } }, terminal);
    await page.goto(at('/wallet/refund'));
    await sees(page, '1,000円');
    await look(page, 'closed-refund-again');
    await press(page, '払戻しを申し出る');
    await page.getByRole('button', { name: '払戻しを申し出る' }).waitFor({ state: 'detached' });
    await sees(page, '1,000円');
    await context.close();
  });
});
