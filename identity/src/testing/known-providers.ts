import { generateKeyPairSync } from 'node:crypto';
import { createExternalIdProvider, type ExternalIdFault, type ProviderKind } from '@7pay/sandbox';
import { silentLog } from '@7pay/telemetry';
import { aBrowser, type Browser } from './browser.ts';
import { registerIfNew } from './external-logins.ts';
import { anApp, APPS, listen, runIdentity } from './running-identity.ts';

export const KNOWN = ['plain', 'line', 'yahoo-japan', 'google', 'apple'] as const;
const SECRET = 'external-secret-for-tests-0123456789';
const ACCOUNT = { teamId: 'TEAM000001', keyId: 'KEY0000001' };
const people = [
  { sub: 'p-1', name: 'そら はるか', mail: 'haruka@example.jp', organisation: 'group.example' },
  { sub: 'p-2', name: 'そら なつき' },
];

/** The key of a provider in the settings of {@link runWithKnownProviders}. */
export const keyOf = (kind: ProviderKind): string => kind.replace('-', '');

/** 7iD with one provider of each kind, as the sandbox plays them; `setFault` makes the next answers of all wrong. */
export async function runWithKnownProviders() {
  const signing = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const privateKey = String(signing.export({ type: 'pkcs8', format: 'pem' }));
  let fault: ExternalIdFault | null = null;
  const refusals: unknown[] = [];
  const handlers = new Map<ProviderKind, Parameters<typeof listen>[0]>();
  const listening = await Promise.all(
    KNOWN.map(async (kind) => ({
      kind,
      ...(await listen((request, response) => handlers.get(kind)?.(request, response))),
    })),
  );
  const running = await runIdentity({
    log: {
      ...silentLog,
      warn: (event, facts) => {
        if (event === 'external_id.rejected') refusals.push(facts?.['code']);
      },
    },
    externalProviders: (issuer) =>
      listening.map(({ kind, url }) => {
        const key = keyOf(kind);
        const redirectUris = [`${issuer}/external/${key}/callback`];
        const clientSecret = kind === 'apple' ? privateKey : SECRET;
        handlers.set(
          kind,
          createExternalIdProvider({
            issuer: url,
            key,
            kind,
            account: ACCOUNT,
            clients: [{ clientId: '7id', clientSecret, redirectUris }],
            people,
            faults: () => fault,
          }).callback(),
        );
        return {
          key,
          issuer: url,
          clientId: '7id',
          ...(kind === 'plain'
            ? { name: { ja: 'Plain', en: 'Plain' } }
            : { profile: kind, assurance: { twoFactorAcrs: ['0'], maximumAcr: 'urn:7id:acr:2' } }),
          ...(kind === 'apple'
            ? { signingKey: { ...ACCOUNT, privateKey } }
            : { clientSecret: SECRET }),
        };
      }),
  });
  const app = await anApp(running.issuer, 'seven-eleven-app');
  const toProvider = async (kind: ProviderKind, browser: Browser) => {
    const request = await app.request({ scope: 'openid profile wallet' });
    const page = await browser.go(request.url);
    return { request, page, people: await browser.go(`${page.url}/external/${keyOf(kind)}`) };
  };
  return {
    running,
    app,
    /** Why answers were refused, as the log says it. */
    refusals,
    toProvider,
    setFault: (next: ExternalIdFault | null) => {
      fault = next;
      refusals.length = 0;
    },
    logInAs: async (kind: ProviderKind, person = 'p-1', browser = aBrowser({ leaveAt: APPS })) => {
      const { request, page, people: list } = await toProvider(kind, browser);
      const chosen = await browser.submit(list, new URL(list.url).pathname, { person });
      // Without script a person presses the button of the form that the provider answers with.
      const answer = chosen.text.includes('name="state"')
        ? await browser.submit(chosen, '/callback')
        : chosen;
      const back = await registerIfNew(browser, answer);
      return { browser, page, back, redeem: () => request.redeem(back) };
    },
    stop: async () => {
      for (const { server } of listening) server.close().closeAllConnections();
      await running.stop();
    },
  };
}
