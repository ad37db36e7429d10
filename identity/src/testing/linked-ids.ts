import type { PublicKeyCredentialRequestOptionsJSON as RequestOptions } from '@simplewebauthn/server';
import { anAuthenticator } from './authenticator.ts';
import { aBrowser, type Browser, type Page, passkeyOptionsOf } from './browser.ts';
import { firstPasskey } from './first-passkey.ts';
import type { ExternalLogins } from './external-logins.ts';
import { APPS, PASSWORD } from './running-identity.ts';

let members = 0;

/** A member with a password, and what they do on the page of linked IDs. */
export async function aMemberOf({ running }: ExternalLogins) {
  const mail = `linker-${(members += 1)}@example.jp`;
  const made = await running.identity.registerMember({
    mail,
    displayName: 'みつき',
    password: PASSWORD,
  });
  if (!('memberId' in made)) throw new Error(made.refused);
  const browser = aBrowser({ leaveAt: APPS });
  const authenticator = anAuthenticator(running.issuer);
  const linked = `${running.issuer}/linked`;

  const logIn = async () =>
    browser.submit(await browser.go(linked), '/login', { mail, password: PASSWORD });
  const enrol = (page: Page) => firstPasskey(running, { browser, page, mail, authenticator });
  const confirm = (page: Page) =>
    browser.submit(page, '/passkey', {
      credential: authenticator.get(passkeyOptionsOf<RequestOptions>(page, '/passkey')),
    });
  /** Follows the link of a provider, wherever that leads. */
  const ask = async (page: Page, key = 'kumo') => {
    const address = new RegExp(`href="(/linked/${key}/link[^"]*)"`).exec(page.text)?.[1];
    if (!address) throw new Error(`no link for ${key}: ${page.text}`);
    return browser.go(new URL(address, linked));
  };
  /** Logged in and stepped up by a passkey that is registered on the way. */
  const ready = async () => enrol(await ask(await logIn()));
  return {
    memberId: made.memberId,
    mail,
    browser,
    linked,
    logIn,
    enrol,
    confirm,
    ask,
    ready,
    /** From the page to the provider, and back as this person. */
    linkAs: async (page: Page, person: string, key = 'kumo') =>
      choose(browser, await ask(page, key), person),
  };
}

/** Says at the provider who one is. */
export const choose = (browser: Browser, people: Page, person: string): Promise<Page> =>
  browser.submit(people, new URL(people.url).pathname, { person });
