import { isRefused } from '@7pay/refusals';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openContactStore } from '../contact/contact.store.ts';
import { aBrowser, type Browser } from '../testing/browser.ts';
import {
  anApp,
  APPS,
  PARTNER_SECRET,
  PASSWORD,
  runIdentity,
  type RunningIdentity,
} from '../testing/running-identity.ts';
import { judgeClaims, scopesTelling } from './claims-of-scopes.ts';

const MAIL = 'Claims@example.jp';
const PHONE = '+819012345678';
const EVERYTHING = JSON.stringify({
  userinfo: { name: null, email: null, email_verified: null, phone_number: null },
});
const REACHED = { ja: '連絡帳', en: 'Address book' };
let running: RunningIdentity;
let memberId: string;
beforeAll(async () => {
  running = await runIdentity({
    clients: [
      {
        kind: 'partner-app',
        clientId: 'partner-reached',
        name: REACHED,
        redirectUris: [`${APPS}reached/callback`],
        clientSecret: PARTNER_SECRET,
        claimScopes: ['profile', 'email', 'phone'],
      },
    ],
  });
  const made = await running.identity.registerMember({
    mail: MAIL,
    displayName: 'はな',
    password: PASSWORD,
  });
  if (isRefused(made)) throw new Error('a member can register');
  ({ memberId } = made);
});
afterAll(() => running.stop());
const telephone = () => ({ memberId, channel: 'sms', address: PHONE }) as const;

/** From a partner's request to what userinfo tells it, and the consent page on the way if there is one. */
async function told(clientId: string, asked: Record<string, string>, browser?: Browser) {
  const path = clientId === 'partner-reached' ? 'reached' : 'recipes';
  const redirectUri = `${APPS}${path}/callback`;
  const configuration = await oidc.discovery(
    new URL(running.issuer),
    clientId,
    undefined,
    oidc.ClientSecretBasic(PARTNER_SECRET),
    { execute: [oidc.allowInsecureRequests] },
  );
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const url = oidc.buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...asked,
  });
  const visitor = browser ?? aBrowser({ leaveAt: APPS });
  let page = await visitor.go(url);
  if (page.text.includes('current-password'))
    page = await visitor.submit(page, '/login', { mail: MAIL, password: PASSWORD });
  const consent = page.text.includes('/consent"') ? page.text : null;
  if (consent !== null) page = await visitor.submit(page, '/consent');
  const tokens = await oidc.authorizationCodeGrant(configuration, new URL(page.url), {
    pkceCodeVerifier,
  });
  const { sub: _sub, ...userinfo } = await oidc.fetchUserInfo(
    configuration,
    tokens.access_token,
    oidc.skipSubjectCheck,
  );
  return { consent, userinfo, visitor };
}

describe('a partner that asks claim by claim', () => {
  it('is told nothing that its scopes would not tell, and nobody is asked for it', async () => {
    const { consent, userinfo, visitor } = await told('partner-recipes', {
      scope: 'openid',
      claims: EVERYTHING,
    });
    expect(consent).toContain('表示名');
    expect(consent).not.toContain('メールアドレス');
    expect(consent).not.toContain('電話番号');
    expect(userinfo).toEqual({ name: 'はな' });
    // What is withheld does not bring the page back.
    const again = await told('partner-recipes', { scope: 'openid', claims: EVERYTHING }, visitor);
    expect(again.consent).toBeNull();
    expect(again.userinfo).toEqual({ name: 'はな' });
  });

  it('has the member agree to each, and is told what was proven', async () => {
    const asked = { scope: 'openid', claims: EVERYTHING };
    const before = await told('partner-reached', asked);
    expect(before.consent).toContain('メールアドレスを見ること');
    expect(before.consent).toContain('確認済みの電話番号を見ること');
    expect(before.userinfo).toEqual({ name: 'はな', email: MAIL, email_verified: true });

    const contacts = openContactStore(running.connection);
    await contacts.add({ ...telephone(), addedAt: new Date() });
    const unproven = await told('partner-reached', asked, before.visitor);
    expect(unproven.userinfo).not.toHaveProperty('phone_number');
    await contacts.verify(telephone(), new Date());
    const proven = await told('partner-reached', asked, before.visitor);
    expect(proven.consent).toBeNull();
    expect(proven.userinfo).toEqual({ ...before.userinfo, phone_number: PHONE });
  });

  it('learns of a login ID that nobody proved that it is not verified', async () => {
    await openContactStore(running.connection).remove({
      memberId,
      channel: 'mail',
      address: MAIL.toLowerCase(),
    });
    const { userinfo } = await told('partner-reached', { scope: 'openid email phone' });
    expect(userinfo).toEqual({
      email: MAIL,
      email_verified: false,
      phone_number: PHONE,
      phone_number_verified: true,
    });
  });
});

describe('an app of the group', () => {
  it('is told no address by asking for it claim by claim either', async () => {
    const app = await anApp(running.issuer, 'seven-eleven-app');
    const request = await app.request({ scope: 'openid profile', claims: EVERYTHING });
    const browser = aBrowser({ leaveAt: APPS });
    const page = await browser.go(request.url);
    const back = await browser.submit(page, '/login', { mail: MAIL, password: PASSWORD });
    const { access_token: token } = await request.redeem(back);
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${running.issuer}/me`, { headers });
    expect(await response.text()).not.toContain('example.jp');
  });
});

describe('the claims of scopes', () => {
  it.each([
    [{ scope: 'openid profile' }, ['name'], ['email', 'phone_number']],
    [{ scope: 'openid email' }, ['email'], ['name', 'phone_number']],
    [{}, ['name', 'email', 'phone_number'], []],
  ])('of %j may tell %j, and not %j', (client, allowed, withheld) => {
    const judged = judgeClaims(client, ['name', 'email', 'phone_number']);
    expect(judged).toEqual({ told: allowed, withheld });
  });

  it('are found by a claim', () => {
    expect(scopesTelling(['email_verified', 'phone_number'])).toEqual(['email', 'phone']);
    expect(scopesTelling([])).toEqual([]);
  });
});
