import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platformUnderTest, type PlatformUnderTest } from '../support/platform-under-test.ts';
import { axeFaults, ON_A_PHONE } from './axe-faults.ts';
import { aPerson, chromiumPath, launch } from './chromium.ts';
import { confirmAddress } from './confirm-address.ts';
import { scrollsSideways } from './scrolls-sideways.ts';

const WORDS = {
  'ja-JP': {
    start: '7iDで始める',
    register: '会員登録',
    mail: /メールアドレス/,
    name: '表示名',
    password: 'パスワード',
    go: 'パスワードで登録',
    title: 'メールアドレスの確認',
    code: '届いたコード（6桁）',
    confirm: '確認して登録する',
    wrong: '確認できませんでした',
    again: 'コードを送り直す',
  },
  'en-US': {
    start: 'Start with 7iD',
    register: 'Register',
    mail: /Mail address/,
    name: 'Display name',
    password: 'Password',
    go: 'Register with a password',
    title: 'Confirm your mail address',
    code: 'Code from the mail (6 digits)',
    confirm: 'Confirm and register',
    wrong: 'We could not confirm it',
    again: 'Send another code',
  },
} as const;

describe.skipIf(chromiumPath === undefined)('registering at 7iD', () => {
  let under: PlatformUnderTest;
  let browser: Browser;
  beforeAll(async () => {
    [under, browser] = await Promise.all([platformUnderTest('registering'), launch()]);
  });
  afterAll(async () => {
    await browser.close();
    await under.stop();
  });

  it.each(['ja-JP', 'en-US'] as const)(
    'asks for the code of a mail, says when it is wrong, and fits a telephone (%s)',
    async (locale) => {
      const words = WORDS[locale];
      const mail = `registers-${locale.slice(0, 2)}@example.com`;
      const { page, complaints } = await aPerson(browser, { width: 375, locale });
      await page.goto(`${under.platform.urls.gateway}/wallet/`);
      await page.getByRole('button', { name: words.start }).click();
      await page.getByRole('link', { name: words.register, exact: true }).click();
      await page.getByLabel(words.mail).first().fill(mail);
      await page.getByLabel(words.name).first().fill('Hana');
      await page.getByLabel(words.password).first().fill('kaki-no-ki-no-shita');
      await page.getByRole('button', { name: words.go }).click();
      await page.getByRole('heading', { name: words.title }).waitFor();
      const shots = process.env['SCREENSHOTS'];
      const check = async (name: string) => {
        expect(await axeFaults(page, ON_A_PHONE)).toEqual([]);
        const isWide = await scrollsSideways(page);
        expect(isWide).toBe(false);
        if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
      };
      await check(`register-code-${locale}`);
      await page.getByLabel(words.code).fill('12345');
      await page.getByRole('button', { name: words.confirm }).click();
      await page.getByText(words.wrong).waitFor();
      await check(`register-wrong-${locale}`);
      await page.getByRole('button', { name: words.again }).click();
      await page.getByText(words.wrong).waitFor({ state: 'detached' });
      await expect.poll(() => under.platform.messageCarrier.inbox(mail).length).toBe(2);
      await confirmAddress(page, under, mail);
      await page.waitForURL(/\/wallet\/|\/interaction\//);
      // The wrong code was answered with 400, and a browser says so.
      expect(complaints.filter((one) => !one.includes('400'))).toEqual([]);
    },
  );
});
