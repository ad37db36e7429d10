import { DEMO } from '@7pay/platform';
import type { Browser, Download, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  PAY,
  platformUnderTest,
  type PlatformUnderTest,
  TOP_UP,
} from '../support/platform-under-test.ts';
import { axeFaults } from './axe-faults.ts';
import { aPerson, chromiumPath, launch, type Person } from './chromium.ts';
import { registerFirstPasskey } from './first-passkey.ts';
import { confirmAddress } from './confirm-address.ts';

const CODE = `mutation { result: issuePaymentCode { ... on PaymentCodeIssued { paymentCode { code } } } }`;
/** Where pictures of the pages go, to be looked at; nowhere unless told. */
const PICTURES = process.env['PICTURES'];

describe.skipIf(chromiumPath === undefined)('what moves a wallet, in a real browser', () => {
  let under: PlatformUnderTest;
  let browser: Browser;
  let member: Person;
  let operator: Person;
  let token: string;
  let walletId: string;
  beforeAll(async () => {
    [under, browser] = await Promise.all([platformUnderTest('movements'), launch()]);
    member = await aPerson(browser, { locale: 'ja-JP' });
    operator = await aPerson(browser, { width: 1280, height: 900, locale: 'ja-JP' });
  });
  afterAll(async () => {
    await browser.close();
    await under.stop();
  });
  const at = (path: string) => `${under.platform.urls.gateway}${path}`;
  const press = (page: Page, name: string | RegExp) =>
    page
      .getByRole('button', { name, exact: typeof name === 'string' })
      .or(page.getByRole('link', { name, exact: typeof name === 'string' }))
      .first()
      .click();
  const sees = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();
  const ask = async <Data>(query: string, variables: Record<string, unknown>, by: string) =>
    (await under.graph.ask<Data>(query, variables, by)).data;
  const code = async () =>
    (await ask<{ result: { paymentCode: { code: string } } }>(CODE, {}, token)).result.paymentCode
      .code;
  const pay = async (merchantPaymentId: string, amount: number) => {
    const input = { merchantPaymentId, amount, code: await code() };
    await ask(PAY, { input }, under.stores[0]!.token);
  };

  /** What axe finds on the page as it stands; and a picture of it, if wished. */
  async function look(page: Page, name: string): Promise<void> {
    const found = await axeFaults(page);
    if (PICTURES) await page.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: true });
    expect(found, name).toEqual([]);
  }
  const textOf = async (download: Download): Promise<Buffer> => {
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  };

  it('the bell counts what was told, and leads to it and to the receipt', async () => {
    const { page } = member;
    await page.goto(at('/wallet/'));
    await press(page, '7iDで始める');
    await press(page, '会員登録');
    await page
      .getByLabel(/メールアドレス/)
      .first()
      .fill('michiko@example.com');
    await page.getByLabel('表示名').first().fill('道子');
    await press(page, 'パスキーで登録');
    await confirmAddress(page, under, 'michiko@example.com');
    await page.waitForURL(/\/wallet\//);
    await press(page, '7payを始める');
    await sees(page, '残高');
    const members = under.platform.connection.collection<{ _id: string }>('identity_members');
    const memberId = String((await members.findOne({ mail: 'michiko@example.com' }))?._id);
    token = await under.mint.member(memberId);
    // The page that opens a wallet names the balance too, before there is one.
    const wallet = async () =>
      (await ask<{ wallet: { id: string } | null }>('{ wallet { id } }', {}, token)).wallet;
    await expect.poll(wallet).not.toBeNull();
    walletId = (await wallet())?.id ?? '';
    for (const topUpId of ['browser-1', 'browser-2']) {
      const input = { topUpId, amount: 49_000, code: await code() };
      await ask(TOP_UP, { input }, under.stores[0]!.token);
    }
    await pay('browser-1', 1_080);
    await page.getByRole('link', { name: 'お知らせ（未読3件）' }).click();
    await sees(page, 'お支払いがありました');
    await look(page, 'notices');
    await page.getByLabel('返金・取消').check();
    await press(page, '設定を保存する');
    await sees(page, '保存しました。');
    await look(page, 'notices-mail');
    await press(page, 'すべて既読にする');
    await page.getByRole('link', { name: 'お知らせ', exact: true }).waitFor();
    await press(page, 'お支払いがありました');
    await sees(page, '明細番号');
    await sees(page, under.stores[0]!.name);
    await sees(page, '96,920円');
    await look(page, 'receipt');
  });

  it('a payment that is looked at asks the member, who says yes', async () => {
    const { page } = member;
    await page.goto(at('/wallet/'));
    await pay('browser-2', 60_000);
    await page.getByRole('link', { name: '内容を見て答える' }).click();
    await sees(page, 'いつもより大きな金額です。');
    await look(page, 'review');
    await press(page, 'はい、私のお支払いです');
    await sees(page, '支払いました');
  });

  it('a row of the history is reported, and the desk takes and closes the case', async () => {
    const { page } = member;
    await page.goto(at('/wallet/statement'));
    await sees(page, '60,000円');
    await press(page, '身に覚えがない');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').fill('買っていません');
    await look(page, 'report');
    await dialog.getByRole('button', { name: '申告する' }).click();
    await sees(page, '確認しています');

    const desk = operator.page;
    await desk.goto(at('/console/'));
    await press(desk, 'ログイン');
    await desk.getByLabel(/メールアドレス/).fill(DEMO.operators[0].mail);
    await desk.getByLabel('パスワード').fill(DEMO.password);
    await desk.getByRole('button', { name: 'ログイン', exact: true }).click();
    await registerFirstPasskey(desk, under, DEMO.operators[0].mail);
    await desk.getByRole('heading', { name: 'スイッチ' }).waitFor();
    await desk.getByRole('link', { name: '案件', exact: true }).click();
    await look(desk, 'console-held');
    await press(desk, 'お客様の申告');
    await sees(desk, '買っていません');
    await look(desk, 'console-cases');
    await press(desk, '担当する');
    await sees(desk, 'あなたが担当しています');
    await press(desk, '完了にする');
    const close = desk.getByRole('dialog');
    await close.getByLabel('お客様ご自身の取引だった').check();
    await close.getByRole('button', { name: '完了にする' }).click();
    await sees(desk, '理由を入力してください。');
    await close.getByRole('textbox').fill('ご家族のお買い物でした');
    await look(desk, 'console-close-case');
    await close.getByRole('button', { name: '完了にする' }).click();
    await sees(desk, '申告を完了にしました。');
  });

  it('a wallet is found by its id, frozen with a reason, and its record is shown', async () => {
    const desk = operator.page;
    await desk.getByRole('link', { name: '利用停止' }).click();
    await desk.getByRole('searchbox').fill(walletId);
    await desk.keyboard.press('Enter');
    await sees(desk, '停止と再開の記録');
    await press(desk, '利用を止める');
    const dialog = desk.getByRole('dialog');
    await dialog.getByRole('textbox').nth(0).fill('調査のため');
    await dialog.getByRole('textbox').nth(1).fill('We are looking into it');
    await dialog.getByRole('button', { name: '今すぐ止める' }).click();
    await sees(desk, '別の担当者が再開できます。');
    await look(desk, 'console-freezes');
    await desk.getByRole('link', { name: '照合の不一致' }).click();
    await sees(desk, 'この状態の不一致はありません。');
    await look(desk, 'console-reconciliation');
    const second = await under.mint.operator('mem_second');
    await ask(`mutation { thawWallet(walletId: "${walletId}") { __typename } }`, {}, second);
  });

  it('the member thaws what they froze, and sets a limit', async () => {
    const { page } = member;
    await page.goto(at('/wallet/safety'));
    await press(page, '利用を再開する');
    await sees(page, '利用をすぐに止める');
    await page.getByLabel('1回の限度額（円）').fill('5000');
    await look(page, 'safety');
    await press(page, '限度額を変える');
    await page.waitForFunction(() => document.body.innerText.includes('限度額'));
    const { wallet } = await ask<{ wallet: { state: string } }>('{ wallet { state } }', {}, token);
    expect(wallet.state).toBe('OPEN');
  });

  it('a month is saved as a table and as a printed page, in English too', async () => {
    const { page } = member;
    await page.goto(at('/wallet/statement'));
    const saved = async (name: RegExp) => {
      const waiting = page.waitForEvent('download');
      await press(page, name);
      return textOf(await waiting);
    };
    const csv = await saved(/CSV/);
    expect(csv.toString('utf8')).toContain('60000');
    expect((await saved(/PDF/)).subarray(0, 5).toString()).toBe('%PDF-');
    await press(page, 'English');
    await page.goto(at('/wallet/notices'));
    await sees(page, 'A payment was made');
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    await look(page, 'notices-en');
    await operator.page.goto(at('/console/cases'));
    await press(operator.page, 'English');
    await sees(operator.page, 'Payments under review');
    await look(operator.page, 'console-cases-en');
  });
});
