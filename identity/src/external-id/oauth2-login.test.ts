import { createOAuth2Provider, type OAuth2Fault } from '@7pay/sandbox';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aBrowser } from '../testing/browser.ts';
import { registerIfNew } from '../testing/external-logins.ts';
import { anApp, type App, APPS, listen, runIdentity } from '../testing/running-identity.ts';
import type { RunningIdentity } from '../testing/running-identity.ts';
import { acrOf, externalProviderSetting } from './external-id.ts';

const SECRET = 'external-secret-for-tests-0123456789';
const people = [
  { sub: '4711', name: 'とり あゆみ' },
  { sub: '4712', name: 'とり かなた' },
];
let fault: OAuth2Fault | null = null;
let running: RunningIdentity;
let app: App;
let stopProvider: () => void;

beforeAll(async () => {
  let handler: Parameters<typeof listen>[0] = (_request, response) => response.end();
  const { url, server } = await listen((request, response) => handler(request, response));
  stopProvider = () => server.close().closeAllConnections();
  running = await runIdentity({
    externalProviders: (issuer) => {
      const redirectUri = `${issuer}/external/tori/callback`;
      const client = { clientId: '7id', clientSecret: SECRET };
      handler = createOAuth2Provider({
        name: 'Tori',
        ...client,
        redirectUri,
        people,
        faults: () => fault,
      });
      return [
        {
          key: 'tori',
          name: { ja: 'Tori', en: 'Tori' },
          issuer: url,
          ...client,
          oauth2: {
            authorizationEndpoint: `${url}/authorize`,
            tokenEndpoint: `${url}/token`,
            userinfoEndpoint: `${url}/me`,
            scope: 'basic',
            subjectMember: 'id',
            nameMember: 'display',
          },
        },
      ];
    },
  });
  app = await anApp(running.issuer, 'seven-eleven-app');
});
afterAll(async () => {
  stopProvider();
  await running.stop();
});
beforeEach(() => {
  fault = null;
});

async function logInAs(person: string) {
  const browser = aBrowser({ leaveAt: APPS });
  const request = await app.request({ scope: 'openid profile wallet' });
  const page = await browser.go(request.url);
  const list = await browser.go(`${page.url}/external/tori`);
  const shown = { ...list, text: list.text.replaceAll('&#38;', '&') };
  const back = await registerIfNew(browser, await browser.submit(shown, '', { person }));
  return { back, redeem: () => request.redeem(back) };
}

describe('a provider without OpenID Connect', () => {
  it('logs in whoever it says the token belongs to, the same member each time', async () => {
    const first = decodeJwt((await (await logInAs('4711')).redeem()).access_token);
    const again = decodeJwt((await (await logInAs('4711')).redeem()).access_token);
    const other = decodeJwt((await (await logInAs('4712')).redeem()).access_token);
    expect(first).toMatchObject({ acr: 'urn:7id:acr:1', amr: ['fed:tori'] });
    expect([again.sub === first.sub, other.sub === first.sub]).toEqual([true, false]);
  });

  it.each<OAuth2Fault>(['no-subject', 'not-json', 'refused'])(
    'logs nobody in when it answers %s',
    async (kind) => {
      fault = kind;
      expect((await logInAs('4711')).back.text).toContain('EXTERNAL_ID_REJECTED');
    },
  );
});

describe('what a login by a provider is worth', () => {
  const provider = (assurance?: object) =>
    externalProviderSetting.parse({
      key: 'kumo',
      name: { ja: 'k', en: 'k' },
      issuer: 'https://kumo.example',
      clientId: '7id',
      clientSecret: SECRET,
      ...(assurance && { assurance }),
    });
  const believed = { twoFactorAcrs: ['loa-2'], maximumAcr: 'urn:7id:acr:2' };

  it.each<[string, object | undefined, string | null, string]>([
    ['one factor, unless the settings believe it', undefined, 'loa-2', 'urn:7id:acr:1'],
    ['two, when it says what is believed', believed, 'loa-2', 'urn:7id:acr:2'],
    ['one, when it says something else', believed, 'loa-9', 'urn:7id:acr:1'],
    ['one, when it says nothing', believed, null, 'urn:7id:acr:1'],
    ['capped, whatever it says', { twoFactorAcrs: ['loa-2'] }, 'loa-2', 'urn:7id:acr:1'],
  ])('is %s', (_, assurance, said, acr) => {
    expect(acrOf(provider(assurance), said)).toBe(acr);
  });

  it('is never that of a passkey', () => {
    expect(() => provider({ maximumAcr: 'urn:7id:acr:3' })).toThrow();
  });
});
