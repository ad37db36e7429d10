import assert from 'node:assert/strict';
import { decodeJwt, UnsecuredJWT } from 'jose';
import type { Page } from '../testing/browser.ts';
import { APPS } from '../testing/running-identity.ts';
import { authorize, type Case, type Cases, errorOf, signIn, type Suite } from './suite.ts';

export const AFTER = `${APPS}conformance/over`;

async function endSession(suite: Suite, parameters: Record<string, string | undefined>) {
  const signed = await signIn(suite);
  const url = new URL(`${suite.running.issuer}/session/end`);
  const all: Record<string, string | undefined> = {
    id_token_hint: signed.tokens.id_token,
    post_logout_redirect_uri: AFTER,
    state: 'over',
    ...parameters,
  };
  for (const [name, value] of Object.entries(all)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  const page = await signed.browser.go(url);
  return { ...signed, page };
}
type Ended = Awaited<ReturnType<typeof endSession>>;

const confirm = ({ browser, page }: Ended): Promise<Page> =>
  browser.submit(page, '/session/end/confirm', { logout: 'yes' });

async function isOver(suite: Suite, ended: Ended): Promise<void> {
  const again = await authorize(suite, { prompt: 'none' }, ended.browser);
  assert.equal(errorOf(again), 'login_required');
}

/** Ends the session, and stays on our page: nothing told us where else to go. */
const staysHere =
  (parameters: Record<string, string | undefined>): Case =>
  async (suite) => {
    const ended = await endSession(suite, parameters);
    const page = await confirm(ended);
    assert.ok(page.url.startsWith(suite.running.issuer));
    await isOver(suite, ended);
  };
/** Shows an error, and goes nowhere. */
const isRefused =
  (parameters: (ended: Suite) => Record<string, string | undefined>): Case =>
  async (suite) => {
    const { page } = await endSession(suite, parameters(suite));
    assert.equal(page.status, 400);
    assert.ok(page.url.startsWith(suite.running.issuer));
  };

/** oidcc-rp-initiated-logout-certification-test-plan */
export const rpLogoutCases: Cases = {
  'oidcc-rp-initiated-logout-discovery-endpoint-verification': async ({ running }) => {
    const metadata = await (
      await fetch(`${running.issuer}/.well-known/openid-configuration`)
    ).json();
    assert.equal(metadata.end_session_endpoint, `${running.issuer}/session/end`);
  },
  'oidcc-rp-initiated-logout': async (suite) => {
    const ended = await endSession(suite, {});
    assert.equal((await confirm(ended)).url, `${AFTER}?state=over`);
    await isOver(suite, ended);
  },
  'oidcc-rp-initiated-logout-bad-post-logout-redirect-uri': isRefused(() => ({
    post_logout_redirect_uri: 'https://evil.example/over',
  })),
  'oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri': isRefused(() => ({
    post_logout_redirect_uri: `${AFTER}?foo=bar`,
  })),
  'oidcc-rp-initiated-logout-bad-id-token-hint': isRefused(() => ({
    id_token_hint: 'not.a.token',
  })),
  'oidcc-rp-initiated-logout-modified-id-token-hint': async (suite) => {
    const { tokens } = await signIn(suite);
    const hint = new UnsecuredJWT(decodeJwt(tokens.id_token ?? '')).encode();
    const { page } = await endSession(suite, { id_token_hint: hint });
    assert.equal(page.status, 400);
  },
  'oidcc-rp-initiated-logout-no-id-token-hint': staysHere({ id_token_hint: undefined }),
  'oidcc-rp-initiated-logout-no-post-logout-redirect-uri': staysHere({
    post_logout_redirect_uri: undefined,
    state: undefined,
  }),
  'oidcc-rp-initiated-logout-no-params': staysHere({
    id_token_hint: undefined,
    post_logout_redirect_uri: undefined,
    state: undefined,
  }),
  'oidcc-rp-initiated-logout-only-state': staysHere({
    id_token_hint: undefined,
    post_logout_redirect_uri: undefined,
  }),
  'oidcc-rp-initiated-logout-no-state': async (suite) => {
    const ended = await endSession(suite, { state: undefined });
    assert.equal((await confirm(ended)).url, AFTER);
    await isOver(suite, ended);
  },
};

/** oidcc-backchannel-rp-initiated-logout-certification-test-plan */
export const backChannelCases = (heard: readonly { readonly body: string }[]): Cases => ({
  'oidcc-backchannel-logout-discovery-endpoint-verification': async ({ running }) => {
    const metadata = await (
      await fetch(`${running.issuer}/.well-known/openid-configuration`)
    ).json();
    assert.equal(metadata.backchannel_logout_supported, true);
    assert.equal(metadata.backchannel_logout_session_supported, true);
  },
  'oidcc-backchannel-rp-initiated-logout': async (suite) => {
    const ended = await endSession(suite, {});
    await confirm(ended);
    assert.equal(await suite.running.identity.admin.notices.deliver(), 1);
    const told = decodeJwt(new URLSearchParams(heard.at(-1)?.body).get('logout_token') ?? '');
    assert.deepEqual(told['events'], { 'http://schemas.openid.net/event/backchannel-logout': {} });
    assert.equal(told['nonce'], undefined);
    assert.equal(told.sub, ended.tokens.claims.sub);
    assert.equal(told['sid'], ended.tokens.claims['sid']);
    assert.equal(told.aud, suite.driver.clientId);
    await isOver(suite, ended);
  },
});
