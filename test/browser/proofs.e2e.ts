import { createHmac } from 'node:crypto';
import { DEMO } from '@7pay/platform';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platformUnderTest, type PlatformUnderTest } from '../support/platform-under-test.ts';
import { axeFaults } from './axe-faults.ts';
import { aPerson, chromiumPath, launch } from './chromium.ts';
import { registerFirstPasskey } from './first-passkey.ts';

const PHONE = '09012345678';

/** What an authenticator app shows for a secret (RFC 6238), written here once more: a second witness. */
function shownByApp(base32: string, at: Date): string {
  const bits = [...base32]
    .map((letter) =>
      'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
    )
    .join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at.getTime() / 30_000)));
  const mac = createHmac('sha1', key).update(step).digest();
  const from = (mac.at(-1) ?? 0) & 0xf;
  return String((mac.readUInt32BE(from) & 0x7fff_ffff) % 1_000_000).padStart(6, '0');
}

describe.skipIf(chromiumPath === undefined)('the page of contacts and proofs', () => {
  let under: PlatformUnderTest;
  let browser: Browser;
  beforeAll(async () => {
    [under, browser] = await Promise.all([platformUnderTest('proofs'), launch()]);
  });
  afterAll(async () => {
    await browser.close();
    await under.stop();
  });

  async function logIn(page: Page, person: { mail: string }) {
    await page.goto(`${under.platform.urls.gateway}/wallet/`);
    await page
      .getByRole('button', { name: /スマートフォンをなくしたとき|My phone is gone/ })
      .click();
    await typePassword(page, person);
    await page.waitForURL((url) => url.pathname === '/wallet/safety');
  }
  async function typePassword(page: Page, person: { mail: string }) {
    await page.locator('input[name="mail"]').fill(person.mail);
    await page.locator('input[name="password"]').fill(DEMO.password);
    await page.locator('form:has(input[name="password"]) button[type="submit"]').click();
  }
  const isUsable = async (page: Page) => expect(await axeFaults(page)).toEqual([]);
  const sentTo = (to: string) => under.platform.messageCarrier.inbox(to).length;
  async function codeFor(to: string, before = 0): Promise<string> {
    const { messageCarrier } = under.platform;
    await expect.poll(() => sentTo(to)).toBeGreaterThan(before);
    return /\d{6}/.exec(messageCarrier.inbox(to).at(-1)?.text ?? '')?.[0] ?? '';
  }

  it('adds a telephone to a member with more than a password, by the code that went there; a wrong code adds none', async () => {
    const { page, complaints } = await aPerson(browser, { locale: 'ja-JP' });
    await logIn(page, DEMO.members[0]);
    await page.getByRole('link', { name: '連絡先と認証アプリ' }).click();
    await page.getByLabel('携帯電話（SMS）').fill(PHONE);
    await page.getByRole('button', { name: '番号を送る' }).click();
    await page.getByText('STEP_UP_REQUIRED').waitFor();
    expect(sentTo('+819012345678')).toBe(0);
    await page.getByRole('button', { name: '本人確認をする' }).click();
    await typePassword(page, DEMO.members[0]);
    await registerFirstPasskey(page, under, DEMO.members[0].mail);
    await page.waitForURL((url) => url.pathname === '/wallet/proofs');
    await page.getByLabel('携帯電話（SMS）').fill(PHONE);
    await page.getByRole('button', { name: '番号を送る' }).click();
    await page.getByText('番号を確認する').waitFor();
    await isUsable(page);
    const code = await codeFor('+819012345678');
    await page.getByLabel('届いた番号').fill(code === '000000' ? '111111' : '000000');
    await page.getByRole('button', { name: '確認する', exact: true }).click();
    await page.getByText('ONE_TIME_CODE_FAILED').waitFor();
    await page.getByLabel('届いた番号').fill(code);
    await page.getByRole('button', { name: '確認する', exact: true }).click();
    await page.getByText('連絡先を確認しました').waitFor();
    const phones = () => page.getByRole('listitem').filter({ hasText: '携帯電話（SMS）' });
    await expect.poll(() => phones().getByText('確認済み').count()).toBe(1);
    expect(await page.getByText(PHONE).count()).toBe(0);
    await isUsable(page);
    expect(complaints).toEqual([]);
  });

  it('adds an authenticator app beside a telephone once that was shown, and shows the recovery codes once', async () => {
    const { page, complaints } = await aPerson(browser, { locale: 'en-GB', width: 375 });
    await logIn(page, DEMO.members[0]);
    await page.getByRole('link', { name: 'Contacts and authenticator app' }).click();
    await page.getByRole('button', { name: 'Add an authenticator app' }).click();
    await page.getByText('STEP_UP_REQUIRED').waitFor();
    await isUsable(page);
    await page.getByRole('button', { name: 'Prove that it is you' }).click();
    await typePassword(page, DEMO.members[0]);
    const before = sentTo('+819012345678');
    await page.locator('form[action$="/sms"] button').click();
    const sms = page.locator('form[action$="/sms-code"]');
    await sms.locator('input[name="code"]').fill(await codeFor('+819012345678', before));
    await sms.getByRole('button').click();
    await page.waitForURL((url) => url.pathname === '/wallet/proofs');
    await page.getByRole('button', { name: 'Add an authenticator app' }).click();
    const secret = (await page.locator('code').first().innerText()).replaceAll(' ', '');
    await isUsable(page);
    await page.getByLabel('The six digits that the app shows').fill(shownByApp(secret, new Date()));
    await page.getByRole('button', { name: 'Use this app' }).click();
    await page.getByText('Keep these recovery codes').waitFor();
    const codes = await page.getByRole('alert').or(page.locator('.notice')).locator('code').count();
    expect(codes).toBeGreaterThanOrEqual(8);
    await isUsable(page);
    await page.getByRole('button', { name: 'I have kept them' }).click();
    await page.reload();
    await page.getByText(`Recovery codes left: ${codes}`).waitFor();
    expect(await page.getByText('Keep these recovery codes').count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});
