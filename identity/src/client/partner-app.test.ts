import { decodeJwt } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pairwiseSubject } from '../claims/pairwise-subject.ts';
import { aBrowser } from '../testing/browser.ts';
import {
  anApp,
  type App,
  APPS,
  GRAPH,
  logIn,
  PASSWORD,
  runIdentity,
  type RunningIdentity,
} from '../testing/running-identity.ts';

let running: RunningIdentity;
let partner: App;
let memberId: string;
const person = { mail: 'hana@example.jp' };

beforeAll(async () => {
  running = await runIdentity();
  partner = await anApp(running.issuer, 'partner-recipes');
  const made = await running.identity.registerMember({
    ...person,
    displayName: 'はな',
    password: PASSWORD,
  });
  memberId = 'memberId' in made ? made.memberId : '';
});
afterAll(() => running.stop());

describe('a partner app', () => {
  it('gets in only after the member has read what it asks for and agreed', async () => {
    const { browser, request, back } = await logIn(partner, person);
    expect(back.text).toContain('「レシピ帳」が次のことを求めています。');
    expect(back.text).toContain('表示名と言語を見ること');
    const tokens = await request.redeem(await browser.submit(back, '/consent'));
    expect(tokens.claims()?.sub).toMatch(/^[\w-]{43}$/);
    const userinfo = await oidc.fetchUserInfo(
      partner.configuration,
      tokens.access_token,
      tokens.claims()?.sub ?? '',
    );
    expect(userinfo).toMatchObject({ name: 'はな', locale: 'ja' });
    expect(JSON.stringify(userinfo)).not.toContain('example.jp');
    const again = await partner.request();
    expect((await browser.go(again.url)).url).toContain('code='); // given already in this session
  });

  it('gets nothing when the member says no', async () => {
    const { browser, back } = await logIn(partner, person);
    const form = /name="form" value="([^"]*)"/.exec(back.text)?.[1] ?? '';
    const refused = await browser.go(back.url + '/abort', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: running.issuer },
      body: new URLSearchParams({ form }),
    });
    expect(refused.url).toContain('error=access_denied');
  });

  it('sees the same stranger each time, whom no other partner and no app of the group sees', async () => {
    const enter = async () => {
      const { browser, request, back } = await logIn(partner, person);
      return (await request.redeem(await browser.submit(back, '/consent'))).claims()?.sub;
    };
    const sub = await enter();
    expect(await enter()).toBe(sub);
    expect(sub).not.toBe(memberId);
    const group = await logIn(await anApp(running.issuer, 'seven-eleven-app'), person);
    expect(decodeJwt((await group.redeem()).access_token).sub).toBe(memberId);
    const secret = 'pairwise-secret-for-tests-0123456789';
    expect(pairwiseSubject(secret, 'localhost:49151', memberId)).toBe(sub);
    expect(pairwiseSubject(secret, 'travel.example', memberId)).not.toBe(sub);
  });

  it('stays connected after a logout only when the member agreed to that', async () => {
    const scope = 'openid offline_access';
    const { browser, request, back } = await logIn(partner, person, { scope, prompt: 'consent' });
    expect(back.text).toContain('ログアウト後も最長14日間有効です');
    const kept = await request.redeem(await browser.submit(back, '/consent'));
    expect(kept.refresh_token).toEqual(expect.any(String));
    const plain = await logIn(partner, person);
    const bound = await plain.request.redeem(await plain.browser.submit(plain.back, '/consent'));
    expect(bound.refresh_token).toBeUndefined();
  });

  it('needs its secret to redeem a code', async () => {
    const { browser, request, back } = await logIn(partner, person);
    const done = await browser.submit(back, '/consent');
    const answer = await fetch(`${running.issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: 'partner-recipes',
        code: new URL(done.url).searchParams.get('code') ?? '',
        code_verifier: request.codeVerifier,
        redirect_uri: partner.redirectUri,
      }),
    });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ error: 'invalid_client' });
  });

  it('has no scope of the graph', async () => {
    const { browser, request, back } = await logIn(partner, person, {
      scope: 'openid wallet operations',
    });
    const tokens = await request.redeem(await browser.submit(back, '/consent'));
    expect(tokens.scope).toBe('openid');
    expect(() => decodeJwt(tokens.access_token)).toThrow(); // opaque, good for userinfo alone
  });

  it('is given no token for the graph by naming it either', async () => {
    const { url } = await partner.request({ resource: GRAPH });
    const back = await aBrowser({ leaveAt: APPS }).go(url);
    expect(back.url).toContain('error=invalid_target');
  });

  it('shows its consent page to nobody but the member', async () => {
    const { back } = await logIn(partner, person);
    expect((await aBrowser({ leaveAt: APPS }).go(back.url)).text).toContain('session_expired');
  });
});
