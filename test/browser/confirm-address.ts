import { eventually } from '@7pay/testing';
import type { Page } from 'playwright-core';
import type { PlatformUnderTest } from '../support/platform-under-test.ts';

/** Types the code that came to the address with which somebody registers. */
export async function confirmAddress(
  page: Page,
  { platform }: PlatformUnderTest,
  mail: string,
): Promise<void> {
  const field = page.getByLabel(/届いたコード|Code from the mail/);
  await field.waitFor();
  let code = '';
  await eventually(async () => {
    code = /\d{6}/.exec(platform.messageCarrier.inbox(mail).at(-1)?.text ?? '')?.[0] ?? '';
    return code !== '';
  });
  await field.fill(code);
  await page.getByRole('button', { name: /確認して登録する|Confirm and register/ }).click();
}
