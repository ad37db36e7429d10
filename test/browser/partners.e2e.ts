import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DEMO } from '@7pay/platform';
import { eventually } from '@7pay/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platformUnderTest, type PlatformUnderTest } from '../support/platform-under-test.ts';
import { aPerson, chromiumPath, launch, type Person } from './chromium.ts';
import { registerFirstPasskey } from './first-passkey.ts';
import { axeFaults } from './axe-faults.ts';
import { scrollsSideways } from './scrolls-sideways.ts';

const [SATO] = DEMO.members;

describe.skipIf(chromiumPath === undefined)('the page of partners', () => {
  let under: PlatformUnderTest;
  let browser: Browser;
  let partner: Person;
  let app: ChildProcess | undefined;
  let own = '';
  beforeAll(async () => {
    [under, browser] = await Promise.all([platformUnderTest('partners_page'), launch()]);
    own = `http://localhost:${await freePort()}`;
    partner = await aPerson(browser, { width: 375, height: 800 });
    const { page } = partner;
    await page.goto(`${under.platform.urls.gateway}/console/partners`);
    await page.getByRole('button', { name: 'ログイン', exact: true }).click();
    await page.getByLabel(/メールアドレス/).fill(SATO.mail);
    await page.getByLabel('パスワード').fill(DEMO.password);
    await page.getByRole('button', { name: 'ログイン', exact: true }).click();
    await registerFirstPasskey(page, under, SATO.mail);
    await page.getByRole('heading', { name: '提携アプリ' }).waitFor();
  });
  afterAll(async () => {
    app?.kill();
    if (app && app.exitCode === null && app.signalCode === null) await once(app, 'exit');
    await browser.close();
    await under.stop();
  });

  it('tells which redirect URI cannot be registered, and why, beside it', async () => {
    const { page } = partner;
    await page.getByLabel('アプリの名前（日本語）').fill('わたしのレシピ');
    await page.getByLabel('アプリの名前（英語）').fill('My recipes');
    const uris = page.getByLabel('戻り先（リダイレクトURI）');
    await uris.fill('http://recipes.example/callback');
    await page.getByRole('button', { name: '登録する', exact: true }).click();
    await page.getByText('戻り先「http://recipes.example/callback」は登録できません。').waitFor();
    expect(await uris.getAttribute('aria-invalid')).toBe('true');
    expect(await axeFaults(page)).toEqual([]);
  });

  it('registers an app, which the example logs a test person in with', async () => {
    const { page } = partner;
    await page
      .getByLabel('戻り先（リダイレクトURI）')
      .fill(`${own}/callback\nhttps://recipes.example/callback`);
    await page.getByRole('button', { name: '登録する', exact: true }).click();
    const command = (await page.locator('pre.command').textContent()) ?? '';
    expect(await axeFaults(page)).toEqual([]);
    await page.getByText('試験中', { exact: true }).waitFor();

    // Just what the page says to type.
    const [, variables = '', program = ''] = /^(.*) npx node (\S+)$/.exec(command) ?? [];
    const given = Object.fromEntries(variables.split(' ').map((pair) => pair.split(/=(.*)/s)));
    app = spawn(process.execPath, [program], {
      env: { ...process.env, ...given },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [app.stdout, app.stderr]) stream?.on('data', (text) => (said += text));
    await eventually(async () => {
      if (app?.exitCode !== null) throw new Error(said);
      return said.includes('listening');
    }, 20_000);

    const visitor = await aPerson(browser);
    await visitor.page.goto(`${own}/login`);
    await visitor.page.getByLabel(/メールアドレス/).fill(SATO.mail);
    await visitor.page.getByLabel('パスワード').fill(DEMO.password);
    await visitor.page.getByRole('button', { name: 'ログイン', exact: true }).click();
    await visitor.page.getByText('「わたしのレシピ」が次のことを求めています。').waitFor();
    await visitor.page.locator('form[action$="/consent"] button').first().click();
    await visitor.page.getByText(`Hello ${SATO.displayName}.`).waitFor();
  });

  it('makes a new secret beside the old one, which ends when the partner says so, and shows each once', async () => {
    const { page } = partner;
    const secret = page.locator('dd code.breaks').first();
    const before = await secret.textContent();
    await page.getByRole('button', { name: 'シークレットを作り直す' }).click();
    await eventually(async () => (await secret.textContent()) !== before);
    await page.getByText(/古いシークレット（.+まで有効）: 最終利用日/).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    const shots = process.env['SCREENSHOTS'];
    if (shots) await page.screenshot({ path: `${shots}/two-secrets-375.png`, fullPage: true });
    await page.getByRole('button', { name: '古いシークレットを今すぐ無効にする' }).click();
    await page.getByText(/^シークレット: まだ使われていません/).waitFor();
    expect(await page.getByText('古いシークレット（').count()).toBe(0);
    await page.reload();
    await page.getByRole('row').filter({ hasText: 'わたしのレシピ' }).waitFor();
    expect(await page.locator('pre.command').count()).toBe(0);
  });

  it('speaks English too, fits a telephone, and complains of nothing', async () => {
    const { page } = partner;
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Partner apps' }).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    const wide = await scrollsSideways(page);
    expect(wide).toBe(false);
    expect(partner.complaints).toEqual([]);
    const shots = process.env['SCREENSHOTS'];
    if (!shots) return;
    for (const width of [375, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await page.screenshot({ path: `${shots}/partners-${width}.png`, fullPage: true });
    }
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
