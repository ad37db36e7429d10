import { verifyBooks } from '@7pay/ledger';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onboarding } from '../support/onboarding.ts';
import {
  PAY,
  platformUnderTest,
  type PlatformUnderTest,
  TOP_UP,
} from '../support/platform-under-test.ts';
import { aPerson, chromiumPath, launch, type Person } from './chromium.ts';
import { confirmAddress } from './confirm-address.ts';

interface Answer {
  readonly result: { readonly __typename: string };
}

describe.skipIf(chromiumPath === undefined)('codes in a real browser', () => {
  let under: PlatformUnderTest;
  let browser: Browser;
  let member: Person;
  let clerk: Person;

  beforeAll(async () => {
    [under, browser] = await Promise.all([platformUnderTest('browser-codes'), launch()]);
    member = await aPerson(browser);
    const { page } = member;
    await page.goto(at('/wallet/'));
    await press(page, '7iDで始める');
    await press(page, '会員登録');
    await page
      .getByLabel(/メールアドレス/)
      .first()
      .fill('codes@example.com');
    await page.getByLabel('表示名').first().fill('花子');
    await press(page, 'パスキーで登録');
    await confirmAddress(page, under, 'codes@example.com');
    await page.waitForURL(/\/wallet\//);
    await press(page, '7payを始める');
    await sees(page, '残高');
  });
  afterAll(async () => {
    const { faults } = await verifyBooks(under.platform.connection);
    await browser.close();
    await under.stop();
    expect(faults).toEqual([]);
  });

  it('are made by the browser itself, with a key that nobody can read out, and top up', async () => {
    const { page } = member;
    await press(page, '支払う');
    const code = await shownCode(page);
    expect(code).toMatch(/^711000772\d{15}$/);
    expect(await take(TOP_UP, { topUpId: 'browser-1', code, amount: 3_000 })).toBe('TopUpAccepted');
    const extractable = await page.evaluate(
      () =>
        new Promise((resolve, reject) => {
          const opening = indexedDB.open('7pay-wallet');
          opening.onerror = () => reject(new Error('no store'));
          opening.onsuccess = () => {
            const reading = opening.result.transaction('device').objectStore('device').get('own');
            reading.onsuccess = () => {
              const { key, registered } = reading.result as {
                key: CryptoKey;
                registered: { agreed: CryptoKey };
              };
              opening.result.close();
              resolve([key.extractable, registered.agreed.extractable]);
            };
          };
        }),
    );
    expect(extractable).toEqual([false, false]);
  });

  it('go on without a network: each step by itself, another code on request, and both pay', async () => {
    const { page, context } = member;
    const looked = page.waitForResponse(
      (response) => response.request().postData()?.includes('"WalletLatest"') === true,
    );
    await page.goto(at('/wallet/pay'));
    const before = await shownCode(page);
    await (await looked).finished();
    await context.setOffline(true);
    const asked: string[] = [];
    page.on('request', (request) => {
      const name = /"operationName":"(\w+)"/.exec(request.postData() ?? '')?.[1];
      if (name) asked.push(name);
    });
    // The digits change at the end of a step of 30 seconds, the handle stays.
    const step = await otherCode(page, before);
    expect(step.slice(0, 20)).toBe(before.slice(0, 20));
    // Looking for arrivals fails quietly; nobody is asked for codes.
    expect(asked.filter((name) => /Code|Handles|Device/.test(name))).toEqual([]);
    expect(await take(PAY, { merchantPaymentId: 'off-1', code: step, amount: 100 })).toBe(
      'PaymentAccepted',
    );
    await press(page, '別のコードを表示する');
    const second = await otherCode(page, step, 20);
    expect(await take(PAY, { merchantPaymentId: 'off-2', code: second, amount: 200 })).toBe(
      'PaymentAccepted',
    );
    expect(await take(PAY, { merchantPaymentId: 'off-3', code: second, amount: 200 })).toBe(
      'CodeUsed',
    );
    await context.setOffline(false);
    await sees(page, '支払いました');
  });

  it('of a store are shown by the register, and paid by the member who reads them', async () => {
    clerk = await aPerson(browser, { width: 1280, height: 800 });
    const operator = await under.mint.operator('mem_browser_operator');
    const pairing = await onboarding(under).issueCode(operator, under.stores[0]!.id);
    await clerk.page.goto(at('/pos/'));
    await clerk.page.getByLabel('登録コード').fill(pairing);
    await press(clerk.page, '登録する');
    const qr = await showBill('648');

    const { page } = member;
    await page.goto(at('/wallet/'));
    await press(page, 'お店のQRを読む');
    await page.getByLabel('QRコードの文字').fill('https://example.com/');
    await press(page, '内容を確かめる');
    await sees(page, '7payで支払えるお店のQRコードではありません');
    await page.getByLabel('QRコードの文字').fill(qr);
    await press(page, '内容を確かめる');
    await sees(page, under.stores[0]!.name);
    await sees(page, '648円');
    await press(page, '支払う');
    await sees(page, '支払いました');
    await sees(clerk.page, '承認');
    expect(clerk.complaints).toEqual([]);
  });

  it('of a store that are taken back while they are paid end as the cancel says', async () => {
    const steps = { paid: aStep(), pressed: aStep(), heard: aStep() };
    await clerk.page.route('**/graphql', async (route) => {
      const asked = route.request().postData() ?? '';
      if (asked.includes('subscription')) {
        const refused = { errors: [{ message: '', extensions: { code: 'FORBIDDEN' } }] };
        return route.fulfill({ json: refused }); // told of nothing, it asks
      }
      if (asked.includes('PaymentInquiry')) {
        await steps.paid.reached;
        const response = await route.fetch();
        expect(await response.text()).toContain('"ACCEPTED"');
        await steps.pressed.reached;
        await route.fulfill({ response });
        return steps.heard.reach();
      }
      if (asked.includes('CancelPayment')) await steps.heard.reached;
      return route.continue();
    });
    await clerk.page.goto(at('/pos/'));
    const asking = clerk.page.waitForRequest((request) =>
      (request.postData() ?? '').includes('PaymentInquiry'),
    );
    const qr = await showBill('300');
    await asking;
    const { page } = member;
    await page.goto(at('/wallet/scan'));
    await page.getByLabel('QRコードの文字').fill(qr);
    await press(page, '内容を確かめる');
    await press(page, '支払う');
    await sees(page, '支払いました');
    steps.paid.reach();
    const cancelling = clerk.page.waitForRequest((request) =>
      (request.postData() ?? '').includes('CancelPayment'),
    );
    await press(clerk.page, 'やめる');
    await cancelling;
    steps.pressed.reach();
    await sees(clerk.page, '代金は全額お客様の残高に戻りました。');
    await clerk.page.unrouteAll({ behavior: 'ignoreErrors' });
  });

  it('end when the device is removed', async () => {
    const { page } = member;
    await page.goto(at('/wallet/pay'));
    const code = await shownCode(page);
    await press(page, '支払いに使う端末');
    await press(page, '解除する');
    await sees(page, '登録された端末はありません');
    expect(await take(PAY, { merchantPaymentId: 'removed-1', code, amount: 1 })).toBe(
      'CodeUnknown',
    );
    await page.goto(at('/wallet/pay'));
    const next = await shownCode(page);
    expect(await take(PAY, { merchantPaymentId: 'removed-2', code: next, amount: 1 })).toBe(
      'PaymentAccepted',
    );
  });

  const at = (path: string) => `${under.platform.urls.gateway}${path}`;
  const press = (page: Page, name: string) =>
    page
      .getByRole('button', { name, exact: true })
      .or(page.getByRole('link', { name, exact: true }))
      .first()
      .click();
  const sees = async (page: Page, text: string) =>
    void (await page.waitForFunction((words) => document.body.innerText.includes(words), text));
  const take = async (query: string, input: object) =>
    (await under.graph.ask<Answer>(query, { input }, under.stores[0]!.token)).data.result
      .__typename;
  /** Something that others wait for. */
  function aStep() {
    const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
    return { reached, reach };
  }
  async function showBill(amount: string): Promise<string> {
    await press(clerk.page, '支払いを受ける');
    await clerk.page.getByLabel(/お会計の金額/).fill(amount);
    await press(clerk.page, 'コードを読み取る');
    await press(clerk.page, 'QRコードを見せて支払ってもらう');
    await sees(clerk.page, 'お客様のお支払いを待っています');
    return (await clerk.page.locator('.bill-text').textContent()) ?? '';
  }
  const digits = (text: unknown) => String(text).replace(/\D/g, '');

  /** The 24 digits on the screen, as a scanner would read them from the bars. */
  async function shownCode(page: Page): Promise<string> {
    const found = await page.waitForFunction(
      () => /(\d{4}\s){5}\d{4}/.exec(document.body.innerText)?.[0],
    );
    return digits(await found.jsonValue());
  }

  /** The next digits on the screen; with `places`, the next that differ within so many places. */
  async function otherCode(page: Page, before: string, places = 24): Promise<string> {
    const found = await page.waitForFunction(
      ({ last, length }) => {
        const shown = /(\d{4}\s){5}\d{4}/.exec(document.body.innerText)?.[0].replace(/\D/g, '');
        return shown !== undefined && shown.slice(0, length) !== last.slice(0, length) && shown;
      },
      { last: before, length: places },
      { timeout: 45_000 },
    );
    return digits(await found.jsonValue());
  }
});
