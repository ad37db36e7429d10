import { randomIds } from '@7pay/ids';
import { isRefused } from '@7pay/refusals';
import { eventually } from '@7pay/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openContactStore } from '../../identity/src/contact/contact.store.ts';
import { platformUnderTest, type PlatformUnderTest } from '../support/platform-under-test.ts';
import { axeFaults, ON_A_PHONE } from './axe-faults.ts';
import { aPerson, chromiumPath, launch } from './chromium.ts';
import { scrollsSideways } from './scrolls-sideways.ts';

const WORDS = {
  'ja-JP': {
    forgot: 'パスワードをお忘れの方',
    send: 'コードを送る',
    code: '届いたコード（6桁）',
    confirm: '確認する',
    again: 'はじめからやり直す',
    second: 'もう一つの方法で確認',
    set: '設定してログイン',
    start: '7iDで始める',
    low: 'お支払いの上限が低くなっています',
    notMe: '私ではありません。すぐに止める',
    stopped: 'すべて止めました',
    gone: 'このリンクは使えません',
  },
  'en-US': {
    forgot: 'Forgot your password?',
    send: 'Send a code',
    code: 'The code you received (6 digits)',
    confirm: 'Confirm',
    again: 'Start over',
    second: 'Confirm in a second way',
    set: 'Set it and log in',
    start: 'Start with 7iD',
    low: 'Limits are low until',
    notMe: 'It was not me. Stop everything now',
    stopped: 'Everything is stopped',
    gone: 'This link is of no use any more',
  },
} as const;

describe.skipIf(chromiumPath === undefined)('a forgotten password', () => {
  let under: PlatformUnderTest;
  let browser: Browser;
  beforeAll(async () => {
    [under, browser] = await Promise.all([platformUnderTest('recovery'), launch()]);
  });
  afterAll(async () => {
    await browser.close();
    await under.stop();
  });

  /** What is wrong with the page as it stands, and whether it fits a narrow phone. */
  async function faultsOf(page: Page): Promise<string[]> {
    const isWide = await scrollsSideways(page);
    return [...(await axeFaults(page, ON_A_PHONE)), ...(isWide ? ['wider than the screen'] : [])];
  }
  const read = new Set<string>();
  /** The newest message that nobody has read yet, or what it says: the one before may still be the last. */
  const last = (to: string, found: RegExp) =>
    eventually(async () => {
      const [message] = under.platform.messageCarrier
        .delivered()
        .filter((one) => one.to === to && found.test(one.text) && !read.has(one.id))
        .slice(-1);
      if (!message) return undefined;
      read.add(message.id);
      return found.exec(message.text)?.[0];
    });

  async function aMember(name: string) {
    const mail = `${name}@example.jp`;
    const telephone = `+8190${randomIds.digits(8)}`;
    const { identity, connection } = under.platform;
    const made = await identity.registerMember({
      mail,
      displayName: name,
      password: 'a quiet harbour in spring',
    });
    if (isRefused(made)) throw new Error(made.refused);
    const { memberId } = made;
    const contacts = openContactStore(connection);
    const sms = { memberId, channel: 'sms', address: telephone } as const;
    await contacts.add({ ...sms, addedAt: new Date() });
    await contacts.verify(sms, new Date());
    await under.graph.ask(
      'mutation { openWallet(input: { termsVersion: "2019-07-01" }) { __typename } }',
      {},
      await under.mint.member(memberId),
    );
    return { mail, telephone };
  }

  it.each(Object.keys(WORDS) as (keyof typeof WORDS)[])(
    'is set anew, cools the wallet and is disowned, on pages without a fault: %s',
    async (locale) => {
      const words = WORDS[locale];
      const { mail, telephone } = await aMember(`m${locale}${randomIds.digits(4)}`.toLowerCase());
      const { page, context, complaints } = await aPerson(browser, { width: 375, locale });
      const shots = process.env['SCREENSHOTS'];
      const faults: Record<string, string[]> = {};
      const check = async (name: string) => {
        const found = await faultsOf(page);
        if (found.length > 0) faults[name] = found;
        if (shots)
          await page.screenshot({ path: `${shots}/${locale}-${name}.png`, fullPage: true });
      };
      await page.goto(`${under.platform.urls.gateway}/wallet/`);
      await page
        .getByRole('button', { name: /スマートフォンをなくしたとき|My phone is gone/ })
        .click();
      await page.waitForURL((url) => url.pathname.startsWith('/interaction/'));
      await check('1-login');
      await page.getByRole('link', { name: words.forgot }).click();
      await page.locator('input[name="mail"]').fill('Nobody@example.jp');
      await check('2-forgot');
      await page.getByRole('button', { name: words.send }).click();
      await page.getByLabel(words.code).fill('123456');
      await page.getByRole('button', { name: words.confirm }).click();
      await page.getByRole('alert').waitFor();
      await check('3-wrong');
      await page.getByRole('link', { name: words.again }).click();
      await page.locator('input[name="mail"]').fill(mail);
      await page.getByRole('button', { name: words.send }).click();
      await check('4-code');
      await page.getByLabel(words.code).fill((await last(mail, /\d{6}/)) ?? '');
      await page.getByRole('button', { name: words.confirm }).click();
      await page.getByRole('heading', { name: words.second }).waitFor();
      await check('5-second');
      await page.getByRole('button', { name: telephone.slice(-4) }).click();
      await page.locator('#contact-code').waitFor();
      await page.locator('#contact-code').fill((await last(telephone, /\d{6}/)) ?? '');
      await check('6-second-sent');
      await page.getByRole('button', { name: words.confirm }).click();
      await page.locator('input[name="password"]').fill('another harbour in autumn');
      await check('7-password');
      await page.getByRole('button', { name: words.set }).click();
      await page.waitForURL((url) => url.pathname.startsWith('/wallet'));
      // The way back may have ended or not: the tab begins anew, signed out.
      await page.goto('about:blank');
      await page.goto(`${under.platform.urls.gateway}/wallet/`);
      await page.evaluate(() => sessionStorage.clear());
      await page.reload();
      await page.getByRole('button', { name: words.start }).click();
      await page.getByRole('button', { name: telephone.slice(-4) }).click();
      await page.locator('#sms-code').waitFor();
      await page.locator('#sms-code').fill((await last(telephone, /\d{6}/)) ?? '');
      await page.getByRole('button', { name: words.confirm }).click();
      await page.waitForURL((url) => url.pathname === '/wallet/');
      await page.goto(`${under.platform.urls.gateway}/wallet/safety`);
      await page.getByText(words.low).waitFor();
      await check('7b-safety');
      const link = await last(mail, /https?:\S+\/not-me\/\S+/);
      await page.goto(link ?? '');
      await check('8-not-me');
      await page.getByRole('button', { name: words.notMe }).click();
      await page.getByRole('heading', { name: words.stopped }).waitFor();
      await check('9-stopped');
      await page.goto(link ?? '');
      await page.getByRole('heading', { name: words.gone }).waitFor();
      await check('10-gone');
      expect(faults).toEqual({});
      // A page that was refused is told by the browser as well.
      const unexpected = complaints.filter((text) => !/\b(?:400|410)\b/.test(text));
      expect(unexpected).toEqual([]);
      await context.close();
    },
    120_000,
  );
});
