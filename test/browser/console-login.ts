import { DEMO } from '@7pay/platform';
import type { Browser } from 'playwright-core';
import type { PlatformUnderTest } from '../support/platform-under-test.ts';
import { aPerson } from './chromium.ts';
import { registerFirstPasskey } from './first-passkey.ts';

/** One of the demo operators at the console, logged in with a passkey, in Japanese. */
export async function anOperator(browser: Browser, under: PlatformUnderTest, which: number) {
  const person = await aPerson(browser, { width: 1280, height: 900 });
  const { page } = person;
  await page.goto(`${under.platform.urls.gateway}/console/`);
  await page.getByRole('button', { name: 'ログイン', exact: true }).click();
  await page.getByLabel(/メールアドレス/).fill(DEMO.operators[which]!.mail);
  await page.getByLabel('パスワード').fill(DEMO.password);
  await page.getByRole('button', { name: 'ログイン', exact: true }).click();
  await registerFirstPasskey(page, under, DEMO.operators[which]!.mail);
  await page.getByRole('heading', { name: 'スイッチ' }).waitFor();
  return person;
}
