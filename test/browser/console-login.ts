import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { DEMO } from '@7pay/platform';
import type { Browser, Page } from 'playwright-core';
import type { PlatformUnderTest } from '../support/platform-under-test.ts';
import { aPerson } from './chromium.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** One of the two demo operators at the console, logged in with a passkey, in Japanese. */
export async function anOperator(browser: Browser, under: PlatformUnderTest, which: 0 | 1) {
  const person = await aPerson(browser, { width: 1280, height: 900 });
  const { page } = person;
  await page.goto(`${under.platform.urls.gateway}/console/`);
  await page.getByRole('button', { name: 'ログイン', exact: true }).click();
  await page.getByLabel(/メールアドレス/).fill(DEMO.operators[which].mail);
  await page.getByLabel('パスワード').fill(DEMO.password);
  await page.getByRole('button', { name: 'ログイン', exact: true }).click();
  await page.getByRole('button', { name: 'パスキーを登録する' }).click();
  await page.getByRole('heading', { name: 'スイッチ' }).waitFor();
  return person;
}

/** What axe finds wrong with a page as it stands, by rule. */
export async function axeFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe: judge } = window as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }> };
    };
    return (await judge.run()).violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
    );
  });
}
