import { createExternalIdProvider, type ExternalIdFault } from '@7pay/sandbox';
import { aBrowser, type Browser, type Page } from './browser.ts';
import { anApp, APPS, listen, runIdentity } from './running-identity.ts';

const SECRET = 'external-secret-for-tests-0123456789';

/**
 * 7iD with external IDs: `kumo` is the sandbox's provider, `nami` the same one under a second name, `dead` answers
 * nobody. `setFault` makes the next ID tokens wrong.
 */
export async function runWithExternalIds(
  options: Omit<Parameters<typeof runIdentity>[0] & {}, 'externalProviders' | 'issuer'> = {},
) {
  const people: { sub: string; name: string; mail?: string }[] = [
    { sub: 'kumo-1001', name: 'くも はるか' },
    { sub: 'kumo-1002', name: 'くも なつき' },
    { sub: 'kumo-1003', name: 'くも あきと' },
  ];
  let fault: ExternalIdFault | null = null;
  let handler: Parameters<typeof listen>[0] = (_request, response) => response.end();
  const external = await listen((request, response) => handler(request, response));
  const setting = (key: string, issuer: string) => ({
    key,
    name: { ja: `${key}のID`, en: `${key} ID` },
    issuer,
    clientId: '7id',
    clientSecret: SECRET,
  });
  const running = await runIdentity({
    ...options,
    externalProviders: (issuer) => {
      const redirectUris = [`${issuer}/external/kumo/callback`, `${issuer}/external/nami/callback`];
      handler = createExternalIdProvider({
        issuer: external.url,
        clients: [{ clientId: '7id', clientSecret: SECRET, redirectUris }],
        people,
        faults: () => fault,
      }).callback();
      return [
        setting('kumo', external.url),
        setting('nami', external.url),
        setting('dead', 'http://localhost:9'),
      ];
    },
  });
  const app = await anApp(running.issuer, 'seven-eleven-app');

  /** From the app's request to the provider's list of people. */
  const toProvider = async (browser: Browser, key = 'kumo') => {
    const request = await app.request({ scope: 'openid profile wallet' });
    const page = await browser.go(request.url);
    return { request, page, people: await browser.go(`${page.url}/external/${key}`) };
  };
  return {
    running,
    app,
    people,
    toProvider,
    setFault: (next: ExternalIdFault | null) => {
      fault = next;
    },
    logInAs: async (person: string, browser = aBrowser({ leaveAt: APPS })) => {
      const { request, page, people: list } = await toProvider(browser);
      const answer = await browser.submit(list, new URL(list.url).pathname, { person });
      const back = await registerIfNew(browser, answer);
      return { browser, request, page, back, redeem: () => request.redeem(back) };
    },
    stop: async () => {
      external.server.close().closeAllConnections();
      await running.stop();
    },
  };
}
/** Says that one is new here, where a first login asks; any other page stays as it is. */
export const registerIfNew = async (browser: Browser, page: Page): Promise<Page> => {
  if (!/\/external\/\w+\/first$/.test(page.url)) return page;
  const displayName = /name="displayName"[^>]* value="([^"]*)"/.exec(page.text)?.[1] || 'そら';
  return browser.submit(page, '/register', { displayName });
};

export type ExternalLogins = Awaited<ReturnType<typeof runWithExternalIds>>;

/** Whether the page offers the ways to log in. */
export const isLoginPage = ({ text }: Page): boolean =>
  text.includes('autocomplete="current-password"');
