import type { PublicKeyCredentialCreationOptionsJSON as CreationOptions } from '@simplewebauthn/server';
import type { anAuthenticator } from './authenticator.ts';
import { type Browser, type Page, passkeyOptionsOf } from './browser.ts';
import type { RunningIdentity } from './running-identity.ts';

type Authenticator = ReturnType<typeof anAuthenticator>;

/** The code that went to this address last. */
export const codeSentTo = ({ carrier }: Pick<RunningIdentity, 'carrier'>, address: string) =>
  /\d{6}/.exec(carrier.inbox(address).at(-1)?.text ?? '')?.[0] ?? '';

/** Shows the code that goes to the mail address of a member who has logged in by a password. @returns the page after it */
export async function confirmByMail(
  running: Pick<RunningIdentity, 'carrier'>,
  { browser, page, mail }: { browser: Browser; page: Page; mail: string },
): Promise<Page> {
  const asked = await browser.submit(page, '/mail', {});
  return browser.submit(asked, '/mail-code', { code: codeSentTo(running, mail) });
}

/** Registers the first passkey, on the page that asks for it. @returns the page after it */
export const enrol = (browser: Browser, page: Page, authenticator: Authenticator): Promise<Page> =>
  browser.submit(page, '/enrol', {
    credential: authenticator.create(passkeyOptionsOf<CreationOptions>(page, '/enrol')),
  });

/** Both. @returns the page after it */
export async function firstPasskey(
  running: Pick<RunningIdentity, 'carrier'>,
  at: { browser: Browser; page: Page; mail: string; authenticator: Authenticator },
): Promise<Page> {
  return enrol(at.browser, await confirmByMail(running, at), at.authenticator);
}
