import { setTimeout as wait } from 'node:timers/promises';
import type { CutOff } from '@7pay/controls';
import { cohortSchema, fixedControls } from '@7pay/controls';
import { isRefused } from '@7pay/refusals';
import * as oidc from 'openid-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openContactStore } from '../contact/contact.store.ts';
import { anAuthenticator } from '../testing/authenticator.ts';
import { confirmByMail, firstPasskey } from '../testing/first-passkey.ts';
import { aBrowser, type Page } from '../testing/browser.ts';
import { type ExternalLogins, runWithExternalIds } from '../testing/external-logins.ts';
import { anApp, type App, APPS, logIn, PASSWORD } from '../testing/running-identity.ts';
import { GATE_PLACES, type GatePlace } from './gate-place.ts';
import { openGate } from './gate.ts';
import type { LoginRecordStore } from './login-record.store.ts';

const NO_RECORDS: LoginRecordStore = {
  find: async () => null,
  record: async () => {},
  insert: async () => {},
  hasUsed: async () => false,
  hasUsedNetwork: async () => false,
  hasLoggedIn: async () => false,
  count: async () => ({ logins: 0, members: 0 }),
};
const PERSON = { mail: 'place@example.jp' };
const OPERATOR = { mail: 'operator@example.jp' };
const TELEPHONED = { mail: 'telephone@example.jp' };
const gateless = new Set<GatePlace>();
let external: ExternalLogins;
let app: App;
let partner: App;
let consoleApp: App;
const cuts: CutOff[] = [];

beforeAll(async () => {
  external = await runWithExternalIds({ gateless });
  app = external.app;
  const { running } = external;
  partner = await anApp(running.issuer, 'partner-recipes');
  consoleApp = await anApp(running.issuer, 'operator-console');
  const { registerMember } = running.identity;
  await registerMember({ ...OPERATOR, displayName: 'ば', password: PASSWORD });
  await registerMember({ ...PERSON, displayName: 'ば', password: PASSWORD });
  const made = await registerMember({ ...TELEPHONED, displayName: 'ば', password: PASSWORD });
  if (isRefused(made)) throw new Error(made.refused);
  const contacts = openContactStore(running.connection);
  const telephone = { memberId: made.memberId, channel: 'sms', address: '+819012345678' } as const;
  await contacts.add({ ...telephone, addedAt: new Date() });
  await contacts.verify(telephone, new Date());
});
afterAll(() => external.stop());
afterEach(() => {
  gateless.clear();
  for (const { id } of cuts.splice(0)) external.running.controls.lift(id);
});

const cut = (told: Partial<CutOff>) => cuts.push(external.running.controls.cut(told));
const block = (cohort: object) =>
  cut({ effects: ['BLOCK_NEW'], cohort: cohortSchema.parse(cohort) });
const browser = () => aBrowser({ leaveAt: APPS });
const loginPage = async (parameters: Record<string, string> = {}) => {
  const visitor = browser();
  return { visitor, page: await visitor.go((await app.request(parameters)).url) };
};
const passes = ({ text }: Page) => !text.includes('LOGIN_STOPPED');
const succeeds = (work: Promise<unknown>) =>
  work.then(
    () => true,
    () => false,
  );

/** For each place something that is under way when a cut comes, and whether it gets through. */
const underWay: Readonly<Record<GatePlace, () => Promise<boolean>>> = {
  password: async () => {
    const { visitor, page } = await loginPage();
    block({ methods: ['PASSWORD'] });
    return passes(await visitor.submit(page, '/login', { ...PERSON, password: PASSWORD }));
  },
  passkey: async () => {
    const { visitor, page } = await loginPage();
    block({ methods: ['PASSKEY'] });
    return passes(await visitor.submit(page, '/passkey', { credential: '{}' }));
  },
  'second-factor': async () => {
    const asked = { acr_values: 'urn:7id:acr:2' };
    const { browser: visitor, back } = await logIn(app, TELEPHONED, asked, browser());
    // In its own second a login counts as made after the cut as well, and would have ended.
    await wait(1_000 - (Date.now() % 1_000));
    block({ methods: ['PASSWORD'] });
    return passes(await visitor.submit(back, '/sms'));
  },
  registration: async () => {
    const { visitor, page } = await loginPage();
    const form = await visitor.go(`${page.url}/register`);
    block({ clients: ['seven-eleven-app'] });
    return passes(await visitor.submit(form, '/register', { mail: 'x', displayName: 'x' }));
  },
  recovery: async () => {
    const { visitor, page } = await loginPage();
    const form = await visitor.go(`${page.url}/forgot`);
    block({ methods: ['PASSWORD'] });
    return passes(await visitor.submit(form, '/forgot', PERSON));
  },
  'carry-over': async () => {
    const visitor = browser();
    const page = await visitor.go(`${external.running.issuer}/carry-over`);
    block({ clients: ['7id-pages'] });
    const { status } = await visitor.submit(page, '/claim', { address: PERSON.mail });
    return status === 200;
  },
  enrolment: async () => {
    const asked = { acr_values: 'urn:7id:acr:2' };
    const { browser: visitor, back } = await logIn(app, PERSON, asked, browser());
    const at = { browser: visitor, page: back, mail: PERSON.mail };
    const form = await confirmByMail(external.running, at);
    cut({});
    const page = await visitor.submit(form, '/enrol', { credential: '{}' });
    return page.text.includes('パスキーを確認できませんでした');
  },
  'external-start': async () => {
    const { visitor, page } = await loginPage();
    block({ providers: ['kumo'] });
    return passes(await visitor.go(`${page.url}/external/kumo`));
  },
  'external-callback': async () => {
    const visitor = browser();
    const { people } = await external.toProvider(visitor);
    block({ providers: ['kumo'] });
    return passes(
      await visitor.submit(people, new URL(people.url).pathname, { person: 'kumo-1001' }),
    );
  },
  resume: async () => {
    const visitor = aBrowser({ leaveAt: `${external.running.issuer}/auth/` });
    const { url } = await app.request();
    const page = await visitor.go(url);
    const finished = await visitor.submit(page, '/login', { ...PERSON, password: PASSWORD });
    cut({});
    const cookie = visitor
      .cookies()
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
    const resumed = await fetch(finished.url, { headers: { cookie }, redirect: 'manual' });
    return resumed.headers.get('location')?.includes('code=') === true;
  },
  session: async () => {
    const { browser: visitor, back } = await logIn(app, PERSON, {}, browser());
    expect(back.url).toContain('code=');
    cut({});
    const silent = await visitor.go((await app.request({ prompt: 'none' })).url);
    const aloud = await visitor.go((await app.request()).url);
    expect(aloud.url.includes('/interaction/')).toBe(silent.url.includes('error=login_required'));
    return silent.url.includes('code=');
  },
  code: async () => {
    const { redeem } = await logIn(app, PERSON, {}, browser());
    cut({});
    return succeeds(redeem());
  },
  refresh: async () => {
    const { redeem } = await logIn(app, PERSON, {}, browser());
    const { refresh_token: token = '' } = await redeem();
    cut({});
    return succeeds(oidc.refreshTokenGrant(app.configuration, token));
  },
  userinfo: async () => {
    const visitor = browser();
    const request = await partner.request();
    const page = await visitor.go(request.url);
    const consent = await visitor.submit(page, '/login', { ...PERSON, password: PASSWORD });
    const back = consent.url.includes('code=')
      ? consent
      : await visitor.submit(consent, '/consent');
    const { access_token: token } = await request.redeem(back);
    cut({});
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`${external.running.issuer}/me`, { headers })).status === 200;
  },
  // What other grants will ask (a device code, a poll, an exchange): the same question, without a session.
  token: async () => {
    const controls = fixedControls();
    const gate = openGate({
      noteDevice: async () => {},
      noteStopped: async () => {},
      controls,
      logins: NO_RECORDS,
      judgeAt: (place, facts) =>
        gateless.has(place) ? { holds: true, withoutScopes: [] } : controls.judge(facts),
    });
    controls.cut({});
    const token = { kind: 'DeviceCode', amr: ['pwd'], authTime: 1 };
    return gate.loginStillHolds({ oidc: {} } as never, token);
  },
};

describe('a cut that comes while something is under way', () => {
  it.each(GATE_PLACES)('stops it at %s, and nothing else would', async (place) => {
    expect(await underWay[place]()).toBe(false);
    for (const { id } of cuts.splice(0)) external.running.controls.lift(id);
    gateless.add(place); // without the gate at this one place the same thing gets through
    expect(await underWay[place]()).toBe(true);
  });

  it('leaves those it does not mean alone', async () => {
    const { browser: visitor, redeem } = await logIn(app, PERSON, {}, browser());
    const { refresh_token: token = '' } = await redeem();
    cut({ cohort: cohortSchema.parse({ providers: ['kumo'] }) });
    cut({ cohort: cohortSchema.parse({ countries: ['US'] }) });
    cut({ cohort: cohortSchema.parse({ clients: ['partner-recipes'] }) });
    expect(await succeeds(oidc.refreshTokenGrant(app.configuration, token))).toBe(true);
    const silent = await visitor.go((await app.request({ prompt: 'none' })).url);
    expect(silent.url).toContain('code=');
  });
});

describe('a block of everybody', () => {
  it('lets operators in at the console, and with that login nowhere else', async () => {
    block({});
    const { browser: visitor, request, back } = await logIn(consoleApp, OPERATOR, {}, browser());
    expect(back.text).toContain('パスキーの登録'); // the password was taken, a second factor is missing
    for (const other of [partner, app]) {
      const silent = await visitor.go((await other.request({ prompt: 'none' })).url);
      expect(silent.url).toContain('error=login_required');
      const aloud = await visitor.go((await other.request()).url);
      expect(aloud.text).toContain('パスワード: 停止中');
    }
    const authenticator = anAuthenticator(external.running.issuer);
    const at = { browser: visitor, page: back, mail: OPERATOR.mail, authenticator };
    const done = await firstPasskey(external.running, at);
    expect(await succeeds(request.redeem(done))).toBe(true);
  });
});

describe('a block by a process whose clock is ahead', () => {
  it('refuses new logins, also one that got past it, and leaves those of before', async () => {
    const before = await logIn(app, PERSON, {}, browser());
    const [first, second] = [await loginPage(), await loginPage()];
    cut({ effects: ['BLOCK_NEW'], cutAt: new Date(Date.now() + 60_000) });
    const typed = { ...PERSON, password: PASSWORD };
    const silent = async (visitor: typeof before.browser) =>
      (await visitor.go((await app.request({ prompt: 'none' })).url)).url;
    expect(await silent(before.browser)).toContain('code=');
    expect(passes(await first.visitor.submit(first.page, '/login', typed))).toBe(false);
    gateless.add('password');
    gateless.add('resume');
    const past = await second.visitor.submit(second.page, '/login', typed);
    expect(past.url).toContain('code=');
    expect(await silent(second.visitor)).toContain('error=login_required');
  });
});

describe('a cut of an app', () => {
  it('ends what was given to it through a login that was made for another one, and leaves that', async () => {
    const { browser: visitor, redeem } = await logIn(app, PERSON, {}, browser());
    const { refresh_token: token = '' } = await redeem();
    const request = await partner.request();
    const consent = await visitor.go(request.url);
    const back = consent.url.includes('code=')
      ? consent
      : await visitor.submit(consent, '/consent');
    const { access_token: given } = await request.redeem(back);
    const told = async () => {
      const headers = { authorization: `Bearer ${given}` };
      return (await fetch(`${external.running.issuer}/me`, { headers })).status;
    };
    expect(await told()).toBe(200);
    cut({ cohort: cohortSchema.parse({ clients: ['partner-recipes'] }) });
    expect(await told()).toBe(401);
    const silent = await visitor.go((await partner.request({ prompt: 'none' })).url);
    expect(silent.url).toContain('error=login_required');
    expect(await succeeds(oidc.refreshTokenGrant(app.configuration, token))).toBe(true);
  });
});

describe('a process that has lost sight of the controls', () => {
  it('passes nobody until it has looked', async () => {
    const blind = fixedControls({ stale: true });
    const gate = openGate({
      controls: blind,
      logins: NO_RECORDS,
      noteDevice: async () => {},
      noteStopped: async () => {},
    });
    const held = gate.loginStillHolds({ oidc: {} } as never, { kind: 'RefreshToken', authTime: 1 });
    await expect(held).rejects.toThrow('temporarily_unavailable');
    expect(gate.admit('password', { atSeconds: 1 })).toMatchObject({ refused: 'CONTROLS_STALE' });
  });
});
