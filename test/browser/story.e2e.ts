import { verifyBooks } from '@7pay/ledger';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO } from '@7pay/platform';
import { platformUnderTest, type PlatformUnderTest } from '../support/platform-under-test.ts';
import { aPerson, chromiumPath, launch, type Person } from './chromium.ts';
import { registerFirstPasskey } from './first-passkey.ts';
import { confirmAddress } from './confirm-address.ts';

describe.skipIf(chromiumPath === undefined)('the story in a real browser', () => {
  let under: PlatformUnderTest;
  let browser: Browser;
  let member: Person;
  let clerk: Person;
  let firstOperator: Person;
  let secondOperator: Person;

  beforeAll(async () => {
    [under, browser] = await Promise.all([platformUnderTest('story'), launch()]);
    member = await aPerson(browser);
    clerk = await aPerson(browser, { width: 1280, height: 800 });
    firstOperator = await aPerson(browser, { width: 1280, height: 900 });
    secondOperator = await aPerson(browser, { width: 1280, height: 900 });
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

  /** A stream of events that the page has opened. */
  const subscribed = (page: Page, operation: string) =>
    page.waitForResponse(
      (response) =>
        (response.request().postData() ?? '').includes(operation) &&
        (response.headers()['content-type'] ?? '').startsWith('text/event-stream'),
    );

  it('a member registers at 7iD with a passkey and opens a wallet in two taps', async () => {
    const { page } = member;
    await page.goto(at('/wallet/'));
    await press(page, '7iDで始める');
    await press(page, '会員登録');
    await page
      .getByLabel(/メールアドレス/)
      .first()
      .fill('hanako@example.com');
    await page.getByLabel('表示名').first().fill('花子');
    await press(page, 'パスキーで登録');
    await confirmAddress(page, under, 'hanako@example.com');
    await page.waitForURL(/\/wallet\//);
    await press(page, '7payを始める');
    await sees(page, '残高');
    await sees(page, '0円');
  });

  it('a register is paired with a store by a code from the console', async () => {
    await logInToConsole(firstOperator.page, DEMO.operators[0].mail);
    await logInToConsole(secondOperator.page, DEMO.operators[1].mail);
    const { page } = firstOperator;
    await page.getByRole('link', { name: /お店と端末/ }).click();
    const row = page.getByRole('row').filter({ hasText: '千代田二番町店' });
    await row.getByRole('button', { name: '登録コードを発行' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('端末の呼び名').fill('レジ1');
    await dialog.getByRole('button', { name: '登録コードを発行' }).click();
    const code = await pairingCode(page);

    await clerk.page.goto(at('/pos/'));
    await clerk.page.getByLabel('登録コード').fill(code);
    await press(clerk.page, '登録する');
    await sees(clerk.page, '支払いを受ける');
  });

  it('cash at the register tops the wallet up', async () => {
    const code = await shownCode(member.page, 'チャージ');
    const { page } = clerk;
    await press(page, 'チャージを受ける');
    await page.getByLabel(/チャージの金額/).fill('3000');
    await press(page, '現金を数える');
    await press(page, '数えました。コードへ進む');
    await page.getByLabel('お客様のコード').fill(code);
    await page.getByLabel('お客様のコード').press('Enter');
    await sees(page, 'チャージ済み');
    await sees(member.page, '3,000円をチャージしました');
  });

  it('the terminal accepts a payment code; the member and the store both see the payment, and points arrive', async () => {
    await member.page.goto(at('/wallet/'));
    const told = subscribed(member.page, 'WalletPaymentTold');
    const code = await shownCode(member.page, '支払う');
    await told;
    await payAtRegister(clerk.page, code, '1080');
    await sees(clerk.page, '承認');
    await sees(member.page, '支払いました');
    await sees(member.page, '1,080円');

    await member.page.goto(at('/wallet/history'));
    await sees(member.page, '1,080円');
    await member.page
      .getByText(/5ポイント|\+5/)
      .first()
      .waitFor();
    await clerk.page
      .getByText(/今日の支払い/)
      .first()
      .click();
    await sees(clerk.page, '1,080円');
    await clerk.page.goto(at('/pos/'));
  });

  it('a register whose answer is lost is told of it, though it can ask nobody', async () => {
    const { page } = clerk;
    await member.page.goto(at('/wallet/'));
    const code = await shownCode(member.page, '支払う');
    await page.route('**/graphql', async (route) => {
      const asked = route.request().postData() ?? '';
      if (asked.includes('AcceptPayment')) await route.fetch(); // it arrives; its answer does not
      const isLost = /AcceptPayment|PaymentInquiry/.test(asked);
      const lost = { errors: [{ message: '', extensions: { code: 'UNAVAILABLE' } }] };
      await (isLost ? route.fulfill({ json: lost }) : route.continue());
    });
    await payAtRegister(page, code, '120');
    await sees(page, '承認');
    await page.unroute('**/graphql');
    await page.goto(at('/pos/'));
  });

  it('an operator stops payments: the next one is refused with the reason', async () => {
    const { page } = firstOperator;
    const told = subscribed(page, 'ConsoleSwitchTold');
    await page.goto(at('/console/'));
    await told;
    const row = page.getByRole('row').filter({ has: page.getByText('payment', { exact: true }) });
    await row.getByRole('button', { name: '停止する' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('理由（日本語）').fill('不正利用の調査のため');
    await dialog.getByLabel('理由（英語）').fill('Investigating misuse');
    await dialog.getByRole('button', { name: 'いま停止する' }).click();
    await row.getByText('停止中').waitFor();

    await member.page.goto(at('/wallet/'));
    await sees(member.page, '不正利用の調査のため');
    // The code can still be shown while top-ups run; the register hears why it is no payment.
    const code = await shownCode(member.page, 'チャージ');
    await payAtRegister(clerk.page, code, '100');
    await sees(clerk.page, '不正利用の調査のため');
  });

  it('reopening takes two operators, and then the next payment goes through', async () => {
    for (const { page } of [firstOperator, secondOperator]) {
      await page.goto(at('/console/'));
      const row = page.getByRole('row').filter({ has: page.getByText('payment', { exact: true }) });
      await row.getByRole('button', { name: /再開/ }).click();
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /提案|確認|再開/ })
        .last()
        .click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    await sees(secondOperator.page, 'すべての機能が動いています。');
    await member.page.goto(at('/wallet/'));
    const code = await shownCode(member.page, '支払う');
    await clerk.page.goto(at('/pos/'));
    await payAtRegister(clerk.page, code, '200');
    await sees(clerk.page, '承認');
    await sees(member.page, '支払いました');
  });

  it('a card is typed at the acquirer, challenged, and tops the wallet up', async () => {
    const { page } = member;
    await page.goto(at('/wallet/charge/ways'));
    await press(page, 'クレジットカード');
    await press(page, 'カードを登録する');
    await page.getByLabel(/カード番号/).fill('4111111111111111');
    await page.getByLabel(/セキュリティコード/).fill('987');
    await press(page, /次へ/);
    await press(page, /本人です/);
    await sees(page, '****1111');
    await page.getByLabel('金額（円）').fill('3000');
    await page.getByRole('button', { name: 'チャージ', exact: true }).click();
    await press(page, /本人です/);
    await sees(page, '3,000円をチャージしました');
  });

  it('no page complained on the way', () => {
    const complaints = [member, clerk, firstOperator, secondOperator].flatMap(
      (person) => person.complaints,
    );
    expect(complaints).toEqual([]);
  });

  /** Waits until a person reads this text on the page. */
  async function sees(page: Page, text: string): Promise<void> {
    await page.waitForFunction((words) => document.body.innerText.includes(words), text);
  }

  async function logInToConsole(page: Page, mail: string): Promise<void> {
    await page.goto(at('/console/'));
    await press(page, 'ログイン');
    await page.getByLabel(/メールアドレス/).fill(mail);
    await page.getByLabel('パスワード').fill(DEMO.password);
    await page.getByRole('button', { name: 'ログイン', exact: true }).click();
    await registerFirstPasskey(page, under, mail); // the second factor, added at the first login
    await page.getByRole('heading', { name: 'スイッチ' }).waitFor();
  }

  async function pairingCode(page: Page): Promise<string> {
    const text = await page
      .getByText(/^[2-9A-HJ-NP-Z]{4}[ -]?[2-9A-HJ-NP-Z]{4}$/)
      .first()
      .textContent();
    return text ?? '';
  }

  /** The 24 digits on the screen, as a scanner would read them from the bars. */
  async function shownCode(page: Page, button: string): Promise<string> {
    await press(page, button);
    const digits = await page.waitForFunction(
      () => /(\d{4}\s){5}\d{4}/.exec(document.body.innerText)?.[0],
    );
    return String(await digits.jsonValue()).replace(/\D/g, '');
  }

  async function payAtRegister(page: Page, code: string, amount: string): Promise<void> {
    await page.goto(at('/pos/'));
    await press(page, '支払いを受ける');
    await page.getByLabel(/お会計の金額/).fill(amount);
    await press(page, 'コードを読み取る');
    await page.getByLabel('お客様のコード').fill(code);
    await page.getByLabel('お客様のコード').press('Enter');
  }
});
