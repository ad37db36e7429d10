import type { Page } from 'playwright-core';
import type { PlatformUnderTest } from '../support/platform-under-test.ts';

/** Logged in by a password alone: shows the code that came by mail. */
export async function confirmByMail(
  page: Page,
  { platform }: PlatformUnderTest,
  mail: string,
): Promise<void> {
  await page.getByRole('button', { name: /へコードを送る|Send a code to/ }).click();
  const field = page.getByLabel(/メールで届いたコード|Code from the mail/);
  await field.waitFor();
  await field.fill(/\d{6}/.exec(platform.messageCarrier.inbox(mail).at(-1)?.text ?? '')?.[0] ?? '');
  await page.getByRole('button', { name: /^(確認する|Confirm)$/ }).click();
}

/** The same, and registers the first passkey. */
export async function registerFirstPasskey(
  page: Page,
  under: PlatformUnderTest,
  mail: string,
): Promise<void> {
  await confirmByMail(page, under, mail);
  await page.getByRole('button', { name: /パスキーを登録する|Register a passkey/ }).click();
}
