import { verifyBooks } from '@7pay/ledger';
import { eventually } from '@7pay/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CANCEL,
  PAY,
  platformUnderTest,
  type PlatformUnderTest,
  TOP_UP,
} from '../support/platform-under-test.ts';
import { axeFaults } from './axe-faults.ts';
import { aPerson, chromiumPath, launch, type Person } from './chromium.ts';
import { confirmAddress } from './confirm-address.ts';
import { scrollsSideways } from './scrolls-sideways.ts';

const PICTURES = process.env['PICTURES'];
const CODE = `mutation { result: issuePaymentCode { ... on PaymentCodeIssued { paymentCode { code } } } }`;

describe.skipIf(chromiumPath === undefined)('points in a real browser', () => {
  let under: PlatformUnderTest;
  let browser: Browser;
  let member: Person;
  let token: string;
  beforeAll(async () => {
    [under, browser] = await Promise.all([platformUnderTest('browser-points'), launch()]);
    member = await aPerson(browser, { width: 375, locale: 'ja-JP' });
    const { page } = member;
    await page.goto(at('/wallet/'));
    await press(page, '7iDで始める');
    await press(page, '会員登録');
    await page
      .getByLabel(/メールアドレス/)
      .first()
      .fill('points@example.com');
    await page.getByLabel('表示名').first().fill('花子');
    await press(page, 'パスキーで登録');
    await confirmAddress(page, under, 'points@example.com');
    await page.waitForURL(/\/wallet\//);
    await press(page, '7payを始める');
    await sees(page, '残高');
    const members = under.platform.connection.collection<{ _id: string }>('identity_members');
    const memberId = String((await members.findOne({ mail: 'points@example.com' }))?._id);
    token = await under.mint.member(memberId);
    const wallet = async () =>
      (await under.graph.ask<{ wallet: object | null }>('{ wallet { id } }', {}, token)).data
        .wallet;
    await eventually(async () => (await wallet()) !== null);
  });
  afterAll(async () => {
    const { faults } = await verifyBooks(under.platform.connection);
    await browser.close();
    await under.stop();
    expect(faults).toEqual([]);
  });
  const at = (path: string) => `${under.platform.urls.gateway}${path}`;
  const press = (page: Page, name: string) =>
    page
      .getByRole('button', { name, exact: true })
      .or(page.getByRole('link', { name, exact: true }))
      .first()
      .click();
  const sees = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();
  const atRegister = (document: string, input: object) =>
    under.graph.ask(document, { input }, under.stores[0]!.token);
  const code = async () =>
    (await under.graph.ask<{ result: { paymentCode: { code: string } } }>(CODE, {}, token)).data
      .result.paymentCode.code;
  const balance = async () => {
    const query = '{ wallet { member { id pointsAccount { balance owed } } } }';
    type Data = { wallet: { member: { pointsAccount: { balance: number; owed: number } } } };
    return (await under.graph.ask<Data>(query, {}, token)).data.wallet.member.pointsAccount;
  };

  it('that were exchanged before their payment was cancelled are said to be owed, and none are exchanged', async () => {
    const { page } = member;
    await atRegister(TOP_UP, { topUpId: 'browser-1', code: await code(), amount: 20_000 });
    await atRegister(PAY, { merchantPaymentId: 'owed-1', code: await code(), amount: 20_000 });
    await expect.poll(balance).toEqual({ balance: 100, owed: 0 });
    await page.goto(at('/wallet/charge/points'));
    await page.getByLabel('使うポイント').fill('100');
    await press(page, 'チャージ');
    await expect.poll(balance).toEqual({ balance: 0, owed: 0 });

    await atRegister(CANCEL, { merchantPaymentId: 'owed-1' });
    await expect.poll(balance).toEqual({ balance: 0, owed: 100 });
    await page.goto(at('/wallet/charge/points'));
    await sees(page, /今後たまるポイントから100.*を精算します。/);
    await page.getByLabel('使うポイント').fill('1');
    await press(page, 'チャージ');
    await sees(page, /100ポイントが不足しています/);
    expect(await axeFaults(page)).toEqual([]);
    expect(await scrollsSideways(page)).toBe(false);
    if (PICTURES) await page.screenshot({ path: `${PICTURES}/points-owed.png`, fullPage: true });
  });
});
