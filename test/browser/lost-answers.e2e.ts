import { verifyBooks } from '@7pay/ledger';
import { eventually } from '@7pay/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  PAY,
  platformUnderTest,
  type PlatformUnderTest,
  TOP_UP,
} from '../support/platform-under-test.ts';
import { axeFaults, ON_A_PHONE } from './axe-faults.ts';
import { aPerson, chromiumPath, launch, type Person } from './chromium.ts';
import { confirmAddress } from './confirm-address.ts';
import { scrollsSideways } from './scrolls-sideways.ts';

const CODE = `mutation { result: issuePaymentCode { ... on PaymentCodeIssued { paymentCode { code } } } }`;
/** Where pictures of the pages go, to be looked at; nowhere unless told. */
const PICTURES = process.env['PICTURES'];
const MAIL = 'lost@example.com';
const ja = { lost: 'このお支払いの結果がまだ届いていません。', again: /もう一度確かめる/ };

describe.skipIf(chromiumPath === undefined)('an answer that is lost, in a real browser', () => {
  let under: PlatformUnderTest;
  let browser: Browser;
  let member: Person;
  let token: string;
  beforeAll(async () => {
    [under, browser] = await Promise.all([platformUnderTest('lost-answers'), launch()]);
    member = await aPerson(browser, { width: 375, locale: 'ja-JP' });
    const { page } = member;
    await page.goto(at('/wallet/'));
    await press(page, '7iDで始める');
    await press(page, '会員登録');
    await page
      .getByLabel(/メールアドレス/)
      .first()
      .fill(MAIL);
    await page.getByLabel('表示名').first().fill('花子');
    await press(page, 'パスキーで登録');
    await confirmAddress(page, under, MAIL);
    await page.waitForURL(/\/wallet\//);
    await press(page, '7payを始める');
    const members = under.platform.connection.collection<{ _id: string }>('identity_members');
    token = await under.mint.member(String((await members.findOne({ mail: MAIL }))?._id));
    const wallet = async () => (await ask<{ wallet: object | null }>('{ wallet { id } }')).wallet;
    await eventually(async () => (await wallet()) !== null);
    await atRegister(TOP_UP, { topUpId: 'lost-1', code: await code(), amount: 30_000 });
    await atRegister(PAY, { merchantPaymentId: 'lost-1', code: await code(), amount: 20_000 });
  });
  afterAll(async () => {
    const { faults } = await verifyBooks(under.platform.connection);
    await browser.close();
    await under.stop();
    expect(faults).toEqual([]);
  });

  const at = (path: string) => `${under.platform.urls.gateway}${path}`;
  const press = (page: Page, name: string | RegExp) =>
    page
      .getByRole('button', { name, exact: typeof name === 'string' })
      .or(page.getByRole('link', { name, exact: typeof name === 'string' }))
      .first()
      .click();
  const sees = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();
  const ask = async <Data>(query: string) => (await under.graph.ask<Data>(query, {}, token)).data;
  const atRegister = (document: string, input: object) =>
    under.graph.ask(document, { input }, under.stores[0]!.token);
  const code = async () =>
    (await ask<{ result: { paymentCode: { code: string } } }>(CODE)).result.paymentCode.code;
  const balance = async () =>
    (await ask<{ wallet: { balance: number } }>('{ wallet { balance } }')).wallet.balance;

  /** How each sending of an operation ends, in their order; all later ones as the platform says. The inputs that were sent. */
  async function endings(
    page: Page,
    operation: string,
    ...ends: ('lost' | 'not there' | 'RATE_LIMITED' | 'UNAUTHENTICATED')[]
  ) {
    const inputs: Record<string, unknown>[] = [];
    await page.route('**/graphql', async (route) => {
      const asked = route.request().postData() ?? '';
      if (!asked.includes(`"operationName":"${operation}"`)) return route.continue();
      const { variables } = JSON.parse(asked) as { variables: { input: Record<string, unknown> } };
      inputs.push(variables.input);
      const end = ends.shift();
      if (end === undefined) return route.continue();
      if (end === 'not there') return route.abort();
      if (end === 'lost') await route.fetch(); // it arrives; its answer does not
      const said = end === 'lost' ? 'UNAVAILABLE' : end;
      return route.fulfill({ json: { errors: [{ message: '', extensions: { code: said } }] } });
    });
    return inputs;
  }
  const theSame = (inputs: readonly object[]) =>
    new Set(inputs.map((input) => JSON.stringify(input))).size === 1;

  async function look(page: Page, name: string): Promise<void> {
    expect(await axeFaults(page, ON_A_PHONE), name).toEqual([]);
    expect(await scrollsSideways(page), `${name} scrolls sideways`).toBe(false);
    for (const [locale, language] of [
      ['en', 'English'],
      ['ja', '日本語'],
    ] as const) {
      if (!PICTURES) return;
      await press(page, language);
      await page.screenshot({ path: `${PICTURES}/${name}-${locale}.png`, fullPage: true });
    }
  }

  it('to a payment is asked for under the same number, over a reload and refusals that say nothing of it', async () => {
    const { page } = member;
    const { data } = await under.graph.ask<{ terminal: { store: { qr: string } } }>(
      '{ terminal { id store { id qr } } }',
      {},
      under.stores[0]!.token,
    );
    const before = await balance();
    const inputs = await endings(
      page,
      'PayByStoreCode',
      'lost',
      'RATE_LIMITED',
      'UNAUTHENTICATED',
      'not there',
    );
    await page.goto(at('/wallet/scan'));
    await page.getByLabel('QRコードの文字').fill(data.terminal.store.qr);
    await press(page, '内容を確かめる');
    await page.getByLabel('支払う金額（円）').fill('500');
    await press(page, '支払う');
    await sees(page, ja.again);
    expect(await page.getByLabel('支払う金額（円）').isDisabled()).toBe(true);

    await page.reload();
    await sees(page, ja.lost);
    await sees(page, under.stores[0]!.name);
    expect(await page.getByLabel('支払う金額（円）').inputValue()).toBe('500');
    await look(page, 'payment-open');
    for (const fault of ['RATE_LIMITED', 'UNAUTHENTICATED', 'UNREACHABLE']) {
      await press(page, ja.again);
      await page.getByText(fault, { exact: true }).waitFor();
      await sees(page, ja.lost);
      const back = page.getByRole('button', { name: '別のQRコードにする' });
      expect(await back.isDisabled()).toBe(true);
    }
    await press(page, ja.again);
    await sees(page, '支払いました');
    expect(inputs).toHaveLength(5);
    expect(theSame(inputs)).toBe(true);
    expect(await balance()).toBe(before - 500);
    await page.goto(at('/wallet/scan'));
    await page.getByLabel('QRコードの文字').waitFor(); // nothing is open any more
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });

  it('to a charge of a card keeps the card and the amount, and charges once', async () => {
    const { page } = member;
    const { acquirer } = under.platform;
    await page.goto(at('/wallet/charge/card'));
    await press(page, 'カードを登録する');
    await page.getByLabel(/カード番号/).fill('4111111111111111');
    await page.getByLabel(/セキュリティコード/).fill('987');
    await press(page, /次へ/);
    await press(page, /本人です/);
    const card = page.getByLabel('カード', { exact: true });
    await card.waitFor();
    const charges = acquirer.charges().length;
    const before = await balance();
    const inputs = await endings(page, 'ChargeCard', 'lost');
    const amount = page.getByLabel('金額（円）');
    await amount.fill('3000');
    await press(page, 'チャージ');
    await sees(page, 'もう一度押しても、チャージは1回だけです。');
    expect([await amount.isDisabled(), await card.isDisabled()]).toEqual([true, true]);
    await page.reload();
    await sees(page, 'もう一度押しても、チャージは1回だけです。');
    expect([await amount.isDisabled(), await amount.inputValue()]).toEqual([true, '3000']);
    await look(page, 'charge-open');
    await press(page, 'チャージ');
    await page.getByRole('button', { name: /本人です/ }).waitFor();
    expect(theSame(inputs)).toBe(true);

    // Back from the issuer's page by hand, the same charge goes on.
    await page.goto(at('/wallet/charge/card'));
    await sees(page, 'もう一度押しても、チャージは1回だけです。');
    await press(page, 'チャージ');
    // The answer to the end of the charge is lost: no other one is begun before it is known.
    const ends = await endings(page, 'CompleteTopUp', 'lost');
    await press(page, /本人です/);
    await page.getByRole('alert').waitFor();
    expect(await amount.count()).toBe(0);
    await look(page, 'charge-end-open');
    await press(page, 'もう一度');
    await sees(page, '3,000円をチャージしました');
    expect(ends).toHaveLength(2);
    await amount.waitFor();
    expect(await amount.isDisabled()).toBe(false);
    expect(acquirer.charges()).toHaveLength(charges + 1);
    expect(await balance()).toBe(before + 3_000);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });

  it('to a charge by points keeps the points, over a network that goes away', async () => {
    const { page } = member;
    const points = async () =>
      (
        await ask<{ me: { pointsAccount: { balance: number } } }>(
          '{ me { pointsAccount { balance } } }',
        )
      ).me.pointsAccount.balance;
    await expect.poll(points).toBeGreaterThanOrEqual(100);
    const before = await balance();
    const inputs = await endings(page, 'ChargePoints', 'lost', 'not there');
    await page.goto(at('/wallet/charge/points'));
    const field = page.getByLabel('使うポイント');
    await field.fill('50');
    await press(page, 'チャージ');
    await sees(page, 'もう一度押しても、チャージは1回だけです。');
    await page.reload();
    expect([await field.isDisabled(), await field.inputValue()]).toEqual([true, '50']);
    await look(page, 'points-open');
    await press(page, 'チャージ');
    await sees(page, 'UNREACHABLE');
    await press(page, 'チャージ');
    await sees(page, '50円をチャージしました');
    expect([inputs.length, theSame(inputs)]).toEqual([3, true]);
    expect(await balance()).toBe(before + 50);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });

  it('leaves nothing behind at a logout', async () => {
    const { page } = member;
    await endings(page, 'ChargePoints', 'lost');
    await page.goto(at('/wallet/charge/points'));
    await page.getByLabel('使うポイント').fill('1');
    await press(page, 'チャージ');
    await sees(page, 'もう一度押しても、チャージは1回だけです。');
    const kept = () => page.evaluate(() => sessionStorage.getItem('7pay.wallet.notes'));
    expect(await kept()).not.toBeNull();
    await press(page, 'ログアウト');
    await page.waitForURL((url) => !url.pathname.includes('/charge'));
    await page.goto(at('/wallet/'));
    expect(await kept()).toBeNull();
  });
});
