import { DEMO } from '@7pay/platform';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platformUnderTest, type PlatformUnderTest } from '../support/platform-under-test.ts';
import { chromiumPath, launch, type Person } from './chromium.ts';
import { axeFaults } from './axe-faults.ts';
import { anOperator } from './console-login.ts';
import { scrollsSideways } from './scrolls-sideways.ts';

const [SATO] = DEMO.members;
const REGISTER = `mutation($input: RegisterClientInput!) { result: registerClient(input: $input) { ... on ClientSecretMade { client { id } } } }`;

describe.skipIf(chromiumPath === undefined)('the pages of the administration of 7iD', () => {
  let under: PlatformUnderTest;
  let browser: Browser;
  let first: Person;
  let second: Person;
  beforeAll(async () => {
    [under, browser] = await Promise.all([platformUnderTest('administration'), launch()]);
    first = await anOperator(browser, under, 0);
    second = await anOperator(browser, under, 1);
    const partner = await under.mint.member('mem_partner', { acr: 'urn:7id:acr:2' });
    const redirectUris = ['http://localhost:4100/callback', 'https://books.example/callback'];
    const input = { nameJa: '読書帳', nameEn: 'Books', redirectUris, kind: 'CODE' };
    await under.graph.ask(REGISTER, { input }, partner);
    await under.platform.connection.collection<{ _id: string }>('identity_notice').insertOne({
      _id: 'dead-1',
      kind: 'logout',
      clientId: 'partner-recipes',
      uri: 'https://recipes.example/back-channel-logout',
      facts: '',
      state: 'dead',
      tries: 14,
      madeAt: new Date(),
      dueAt: new Date(),
      problem: 'status 500',
    } as never);
  });
  afterAll(async () => {
    await browser.close();
    await under.stop();
  });

  const open = async ({ page }: Person, name: string) => {
    await page.getByRole('link', { name, exact: true }).click();
    await page.getByRole('heading', { name, exact: true, level: 1 }).waitFor();
  };
  const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });
  const step = async (page: Page, name: string, button: string) => {
    await row(page, name).getByRole('button', { name: button }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('記録する理由').fill('CASE-1');
    expect(await axeFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: button }).click();
    await dialog.waitFor({ state: 'detached' });
  };
  /** Looked at by people, where a folder is named. */
  const shoot = async (page: Page, name: string) => {
    expect(await axeFaults(page), name).toEqual([]);
    for (const width of [375, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      const wide = await scrollsSideways(page);
      expect(wide, `${name} scrolls sideways at ${width}`).toBe(false);
      const folder = process.env['SCREENSHOTS'];
      if (folder) await page.screenshot({ path: `${folder}/${name}-${width}.png`, fullPage: true });
    }
  };

  it('let an app at members by an operator, and stop it and let it in again by two', async () => {
    const { page } = first;
    await open(first, 'クライアント');
    await row(page, '読書帳').getByText('試験中').waitFor();
    await step(page, '読書帳', '公開を承認する');
    await row(page, '読書帳').getByText('公開中').waitFor();
    await step(page, '読書帳', '停止する');
    await row(page, '読書帳').getByText('停止中').waitFor();
    await step(page, '読書帳', '再開する');
    await page.getByText('「読書帳」は別の運用担当を待っています。').waitFor();
    await expect.poll(() => row(page, '読書帳').getByRole('button').count()).toBe(0); // once the row is read again
    await shoot(page, 'clients');

    await open(second, 'クライアント');
    await step(second.page, '読書帳', '再開する');
    await row(second.page, '読書帳').getByText('公開中').waitFor();
  });

  it('find a member by the whole address, and show what is masked', async () => {
    const { page } = first;
    await open(first, '会員');
    await page.getByRole('button', { name: '探す', exact: true }).click();
    await page.getByText('入力してください。').first().waitFor();
    await page.getByRole('textbox', { name: 'メールアドレス' }).fill(SATO.mail.slice(1));
    await page.getByLabel('探す理由').fill('CASE-2');
    await page.getByRole('button', { name: '探す', exact: true }).click();
    await page.getByText('一致する会員はいません。').waitFor();
    await page.getByRole('textbox', { name: 'メールアドレス' }).fill(SATO.mail.toUpperCase());
    await page.getByRole('button', { name: '探す', exact: true }).click();
    await row(page, SATO.displayName).getByText('s***@example.com').waitFor();
    await row(page, SATO.displayName).getByRole('button', { name: '詳しく見る' }).click();
    await page.getByRole('heading', { name: '最近のログイン' }).waitFor();
    await page.getByText('パスワード: あり').waitFor();
    expect(await page.locator('main').textContent()).not.toContain(SATO.mail);
    await shoot(page, 'members');
  });

  it('show what is on record, the search before among it, and count the logins', async () => {
    const { page } = first;
    await open(first, '記録');
    await page.getByRole('heading', { name: 'ログインの統計' }).waitFor();
    await page.getByRole('button', { name: '方法ごと' }).click();
    await row(page, 'PASSKEY').or(row(page, 'PASSWORD')).first().waitFor();
    await page.getByRole('button', { name: '運用', exact: true }).click();
    await row(page, '会員の閲覧').filter({ hasText: 'CASE-2' }).first().waitFor();
    await row(page, 'クライアントの変更').filter({ hasText: 'APPROVED' }).waitFor();
    await shoot(page, 'record');
  });

  it('have a notice tried again, and the signing key rotated', async () => {
    const { page } = first;
    await open(first, '署名鍵と通知');
    await step(page, 'recipes.example', '送り直す');
    await page.getByText('届かなかった通知はありません。').waitFor();
    await row(page, 'ES256').getByText('署名中').waitFor();
    await page.getByRole('button', { name: '鍵を入れ替える' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('記録する理由').fill('yearly');
    await dialog.getByRole('button', { name: '鍵を入れ替える' }).click();
    await page.getByText('次に署名').waitFor();
    await row(page, 'Kumo ID').getByText('login.external.kumo').waitFor();
    await shoot(page, 'keys');
  });

  it('speak English too, and complain of nothing', async () => {
    const { page } = second;
    await page.getByRole('button', { name: 'English' }).click();
    for (const name of ['Clients', 'Members', 'Record', 'Keys and notices']) {
      await open(second, name);
      expect(await axeFaults(page), name).toEqual([]);
    }
    expect([...first.complaints, ...second.complaints]).toEqual([]);
  });
});
