import type { MessageCarrier } from '@7pay/sandbox';
import { vi } from 'vitest';
import type { Browser, Page } from './browser.ts';

/** The newest code in the mailbox of somebody. */
export const codeIn = (carrier: Pick<MessageCarrier, 'inbox'>, mail: string): Promise<string> =>
  vi.waitFor(
    () => {
      const text = carrier.inbox(mail).at(-1)?.text ?? '';
      const code = /\d{6}/.exec(text)?.[0];
      if (code === undefined) throw new Error('no code yet');
      return code;
    },
    { timeout: 20_000 },
  );

/** Types the code that registering sent, on the page that asks for it; a page that asks for none is given back. */
export async function confirmRegistration(
  browser: Pick<Browser, 'submit'>,
  page: Page,
  { carrier, mail }: { carrier: Pick<MessageCarrier, 'inbox'>; mail: string },
): Promise<Page> {
  if (!page.text.includes('/register/code"')) return page;
  return browser.submit(page, '/register/code', { code: await codeIn(carrier, mail) });
}
