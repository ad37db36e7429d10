import { cohortSchema } from '@7pay/controls';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aBrowser } from '../testing/browser.ts';
import {
  type ExternalLogins,
  isLoginPage,
  runWithExternalIds,
} from '../testing/external-logins.ts';
import { anApp, APPS, logIn, PASSWORD } from '../testing/running-identity.ts';

let external: ExternalLogins;
let running: ExternalLogins['running'];
let app: ExternalLogins['app'];
let toProvider: ExternalLogins['toProvider'];
let logInAs: ExternalLogins['logInAs'];

beforeAll(async () => {
  external = await runWithExternalIds();
  ({ running, app, toProvider, logInAs } = external);
});
afterAll(() => external.stop());

describe('stopping a provider', () => {
  const stop = async (key: string, work: () => Promise<void>) => {
    running.controls.close(key);
    try {
      await work();
    } finally {
      running.controls.open(key);
    }
  };

  it.each(['login.external', 'login.external.kumo'])(
    'by %s refuses new logins with the reason and shows it as stopped',
    (key) =>
      stop(key, async () => {
        const { page, people: refused } = await toProvider(aBrowser({ leaveAt: APPS }));
        expect(page.text).toContain('停止中');
        expect(page.text).not.toContain(`/external/kumo"`);
        expect(page.text).toContain('ただいま使えません');
        expect(page.text).toContain('href="/carry-over"');
        expect(refused.status).toBe(403);
        expect(refused.text).toContain('FUNCTION_CLOSED');
        expect(refused.text).toContain('調査のため');
      }),
  );

  it('by a cut-off that only blocks shows it as stopped, refuses new logins and leaves its sessions', async () => {
    const { browser, redeem } = await logInAs('kumo-1001');
    const { refresh_token: token = '' } = await redeem();
    const cohort = cohortSchema.parse({ providers: ['kumo'] });
    const cutAt = new Date(Date.now() + 2_000); // behind every login of this test
    const cut = running.controls.cut({ effects: ['BLOCK_NEW'], cohort, cutAt });
    try {
      await expect(oidc.refreshTokenGrant(app.configuration, token)).resolves.toBeTruthy();
      const silent = await app.request({ prompt: 'none' });
      expect((await browser.go(silent.url)).url).toContain('code=');
      await new Promise((resolve) => setTimeout(resolve, 2_100)); // seconds are what the protocol counts
      const { page, people: refused } = await toProvider(aBrowser({ leaveAt: APPS }));
      expect(page.text).toContain('停止中');
      expect(page.text).toContain('調査のため');
      expect(refused.text).toContain('LOGIN_STOPPED');
      expect((await toProvider(aBrowser({ leaveAt: APPS }), 'nami')).people.text).toContain('くも');
      expect((await browser.go((await app.request({ prompt: 'none' })).url)).url).toContain(
        'code=',
      );
    } finally {
      running.controls.lift(cut.id);
    }
  });

  it('leaves the other providers open', () =>
    stop('login.external.kumo', async () => {
      const { people: list } = await toProvider(aBrowser({ leaveAt: APPS }), 'nami');
      expect(list.text).toContain('くも はるか');
    }));

  it('refuses a login that was under way', async () => {
    const browser = aBrowser({ leaveAt: APPS });
    const { people: list } = await toProvider(browser);
    await stop('login.external.kumo', async () => {
      const page = await browser.submit(list, new URL(list.url).pathname, { person: 'kumo-1001' });
      expect(page.text).toContain('FUNCTION_CLOSED');
    });
  });

  it('ends the sessions it made: no silent login and no refresh, and nobody else notices', async () => {
    const { browser, redeem } = await logInAs('kumo-1001');
    const tokens = await redeem();
    const byPassword = await aPasswordSession();
    await stop('login.external.kumo', async () => {
      const silent = await app.request({ prompt: 'none' });
      expect((await browser.go(silent.url)).url).toContain('error=login_required');
      expect(isLoginPage(await browser.go((await app.request()).url))).toBe(true);
      await expect(
        oidc.refreshTokenGrant(app.configuration, tokens.refresh_token ?? ''),
      ).rejects.toMatchObject({ error: 'invalid_grant' });
      const others = await app.request({ prompt: 'none' });
      expect((await byPassword.browser.go(others.url)).url).toContain('code=');
      const still = await byPassword.redeem();
      await expect(
        oidc.refreshTokenGrant(app.configuration, still.refresh_token ?? ''),
      ).resolves.toBeTruthy();
    });
  });

  it('ends what its access tokens may read at userinfo', async () => {
    const partner = await anApp(running.issuer, 'partner-recipes');
    const browser = aBrowser({ leaveAt: APPS });
    const request = await partner.request();
    const page = await browser.go(request.url);
    const list = await browser.go(`${page.url}/external/kumo`);
    const consent = await browser.submit(list, new URL(list.url).pathname, { person: 'kumo-1001' });
    const { access_token: token } = await request.redeem(await browser.submit(consent, '/consent'));
    const read = async () =>
      (await fetch(`${running.issuer}/me`, { headers: { authorization: `Bearer ${token}` } }))
        .status;
    expect(await read()).toBe(200);
    await stop('login.external.kumo', async () => expect(await read()).toBe(401));
  });

  it('refuses a code that was given out before', async () => {
    const { redeem } = await logInAs('kumo-1001');
    await stop('login.external.kumo', async () => {
      await expect(redeem()).rejects.toMatchObject({ error: 'invalid_grant' });
    });
  });

  it('keeps a login that was finished before and comes back after from passing', async () => {
    const browser = aBrowser({ leaveAt: `${running.issuer}/auth/` });
    const { people: list } = await toProvider(browser);
    const finished = await browser.submit(list, new URL(list.url).pathname, {
      person: 'kumo-1001',
    });
    expect(finished.url).toContain('/auth/'); // the result is stored, the request not yet resumed
    const cookie = browser
      .cookies()
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
    await stop('login.external.kumo', async () => {
      const resumed = await fetch(finished.url, { headers: { cookie }, redirect: 'manual' });
      expect(resumed.headers.get('location')).toMatch(/^\/interaction\//);
    });
  });

  async function aPasswordSession() {
    await running.identity.registerMember({
      mail: 'pw@example.jp',
      displayName: 'は',
      password: PASSWORD,
    });
    return logIn(app, { mail: 'pw@example.jp' });
  }
});

describe('registration by an external ID', () => {
  it('is refused while registration is stopped; members still log in', async () => {
    const known = await logInAs('kumo-1002');
    await known.redeem();
    running.controls.close('registration');
    try {
      const fresh = { sub: 'kumo-2001', name: 'くも ふゆ' };
      external.people.push(fresh);
      const { back } = await logInAs(fresh.sub);
      expect(back.text).toContain('FUNCTION_CLOSED');
      expect((await logInAs('kumo-1002')).back.url).toContain('code=');
    } finally {
      running.controls.open('registration');
    }
  });
});
