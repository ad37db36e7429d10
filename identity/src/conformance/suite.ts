import assert from 'node:assert/strict';
import { aBrowser, type Browser, type Page } from '../testing/browser.ts';
import { APPS, PASSWORD, type RunningIdentity } from '../testing/running-identity.ts';
import type { Attempt, Driver, Tokens } from './driver.ts';

export const PERSON = { mail: 'conformance@example.jp', displayName: '適合性', password: PASSWORD };

/** The telephone that they have confirmed. */
export const PHONE = '+819012345678';

/** What a case works with. */
export interface Suite {
  readonly running: RunningIdentity;
  readonly driver: Driver;
  /** How the answer of an authorization request comes back. */
  readonly mode: 'query' | 'form_post';
  /** The same client, proving itself by its secret in the body. */
  readonly byPost: Driver;
}
/** One module of the suite, played here: it resolves when 7iD does what the module asks. */
export type Case = (suite: Suite) => Promise<void>;
export type Cases = Readonly<Record<string, Case>>;

export interface Answered {
  readonly browser: Browser;
  readonly attempt: Attempt;
  /** Where the browser ended: at the app, or on a page of ours. */
  readonly page: Page;
  /** The answer to the app, whichever way it came. */
  readonly callback: URL;
}

const isLogin = ({ text }: Page) => text.includes('autocomplete="current-password"');
const isConsent = ({ text }: Page) => /action="[^"]*\/consent"/.test(text);

/** Logs in and agrees wherever the page asks for it. */
export async function answer(browser: Browser, start: Page): Promise<Page> {
  let page = start;
  for (let step = 0; step < 4; step += 1) {
    if (isLogin(page)) page = await browser.submit(page, '/login', PERSON);
    else if (isConsent(page)) page = await browser.submit(page, '/consent');
    else break;
  }
  return page;
}

/** The parameters that came back to the app: in the address, or in the form that the browser would post. */
export function callbackOf(page: Page, redirectUri: string): URL {
  if (page.url.startsWith(APPS)) return new URL(page.url);
  const form = new RegExp(`<form[^>]*action="${redirectUri.replaceAll('?', '\\?')}"[^>]*>`).exec(
    page.text,
  );
  assert(form, `not back at the app but at ${page.url}: ${page.text.slice(0, 300)}`);
  const url = new URL(redirectUri);
  for (const [tag] of page.text.matchAll(/<input\b[^>]*>/g)) {
    const [, name] = /name="([^"]*)"/.exec(tag) ?? [];
    const [, value = ''] = /value="([^"]*)"/.exec(tag) ?? [];
    if (name !== undefined) url.searchParams.set(name, value.replaceAll('&amp;', '&'));
  }
  return url;
}

/** From the request to the answer at the app. */
export async function authorize(
  suite: Suite,
  parameters: Record<string, string | undefined> = {},
  browser: Browser = aBrowser({ leaveAt: APPS }),
): Promise<Answered> {
  const { driver, mode } = suite;
  const attempt = await driver.begin({
    ...(mode === 'form_post' && { response_mode: 'form_post' }),
    ...parameters,
  });
  const page = await answer(browser, await browser.go(attempt.url));
  return { browser, attempt, page, callback: callbackOf(page, driver.redirectUri) };
}

/** From the request to the tokens. */
export async function signIn(
  suite: Suite,
  parameters: Record<string, string | undefined> = {},
  browser?: Browser,
): Promise<Answered & { tokens: Tokens }> {
  const answered = await authorize(suite, parameters, browser);
  const tokens = await suite.driver.redeem(answered.attempt, answered.callback);
  return { ...answered, tokens };
}

/** The error that came back to the app. */
export const errorOf = ({ callback }: Answered): string | null =>
  callback.searchParams.get('error');

/** Where a request leads before anybody does anything: to the app, or to a page of ours. */
export async function firstPage(
  suite: Suite,
  parameters: Record<string, string | undefined>,
  browser: Browser = aBrowser({ leaveAt: APPS }),
): Promise<Page> {
  const { url } = await suite.driver.begin(parameters);
  return browser.go(url);
}
export const asksToLogIn = isLogin;

export const second = (seconds: number) =>
  new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
