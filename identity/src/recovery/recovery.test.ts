import type {
  PublicKeyCredentialCreationOptionsJSON as CreationOptions,
  PublicKeyCredentialRequestOptionsJSON as RequestOptions,
} from '@simplewebauthn/server';
import { randomIds } from '@7pay/ids';
import { isRefused } from '@7pay/refusals';
import { createLog, silentLog } from '@7pay/telemetry';
import { fixedClock } from '@7pay/time';
import { decodeJwt } from 'jose';
import * as oidc from 'openid-client';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openAccount } from '../account/open-account.ts';
import { maskedMail } from '../reset/reset.ts';
import { anAuthenticator } from '../testing/authenticator.ts';
import { aBrowser, type Browser, type Page, passkeyOptionsOf } from '../testing/browser.ts';
import { anApp, type App, logIn, PASSWORD, runIdentity } from '../testing/running-identity.ts';
import type { RunningIdentity } from '../testing/running-identity.ts';
import { RECOVERY_LIMITS } from './recovery.ts';

const NEXT = 'another harbour in autumn';
const clock = fixedClock(new Date());
let running: RunningIdentity;
let app: App;
let account: ReturnType<typeof openAccount>;
let done: string[] = [];
let count = 0;

beforeAll(async () => {
  const write = (line: string) => {
    const event = /"(recovery\.\w+)"/.exec(line)?.[1];
    if (event) done.push(event);
  };
  const log = createLog({ service: 'identity', destination: { write } });
  running = await runIdentity({ clock, log });
  app = await anApp(running.issuer, 'seven-eleven-app');
  const { credentialSecrets, messageCarrier } = running.settings;
  const { connection } = running;
  const settings = { credentialSecrets, messageCarrier };
  account = openAccount({ connection, settings, clock, ids: randomIds, log: silentLog });
});
afterAll(() => running.stop());
beforeEach(() => {
  clock.advance(25 * 3_600_000);
  done = [];
});

async function aMember(telephone?: string) {
  const mail = `Forgot-${(count += 1)}@example.jp`;
  const made = await running.identity.registerMember({
    mail,
    displayName: 'みお',
    password: PASSWORD,
  });
  if (isRefused(made)) throw new Error(made.refused);
  const { memberId } = made;
  if (telephone) {
    const contact = { memberId, channel: 'sms', address: telephone } as const;
    await account.contacts.add({ ...contact, addedAt: clock.now() });
    await account.contacts.verify(contact, clock.now());
  }
  return { mail, address: mail.toLowerCase(), memberId };
}
/** What is left to do when the answer is out is done when it has said so. */
const workDone = (times = 1) =>
  vi.waitFor(() => expect(done.length).toBeGreaterThanOrEqual(times), { timeout: 20_000 });
const codeFor = (address: string) =>
  /\d{6}/.exec(running.carrier.inbox(address).at(-1)?.text ?? '')?.[0] ?? '';

async function ask(mail: string, more: Record<string, string> = {}) {
  const browser = aBrowser();
  const request = await app.request();
  const login = await browser.go(request.url);
  const form = await browser.go(`${login.url}/forgot`);
  const before = done.length;
  const asked = await browser.submit(form, '/forgot', { mail, ...more });
  await workDone(before + 1);
  return { browser, request, asked };
}
async function askAndProve(person: { mail: string; address: string }) {
  const all = await ask(person.mail);
  const proven = await all.browser.submit(all.asked, '/forgot/code', {
    code: codeFor(person.address),
  });
  return { ...all, proven };
}
const setPassword = (browser: Browser, page: Page, password = NEXT) =>
  browser.submit(page, '/reset/password', { password });
const events = (name: string, memberId: string) =>
  running.connection
    .collection('events_outbox')
    .find({ name, 'body.memberId': memberId })
    .toArray();

describe('a forgotten password', () => {
  it('is set anew after a code to the verified mail, ends every login and says so', async () => {
    const person = await aMember();
    const before = await logIn(app, person);
    const { refresh_token: old = '' } = await before.redeem();
    clock.advance(2_000);
    const { browser, proven, request } = await askAndProve(person);
    expect(running.carrier.inbox(person.address)[0]?.text).toContain(maskedMail(person.mail));
    expect(proven.text).toContain(maskedMail(person.mail));
    const back = await setPassword(browser, proven);
    const claims = decodeJwt((await request.redeem(back)).access_token);
    expect(claims).toMatchObject({ acr: 'urn:7id:acr:1', amr: ['pwd', 'mail'] });
    await expect(oidc.refreshTokenGrant(app.configuration, old)).rejects.toThrow();
    expect((await logIn(app, person)).back.text).toContain('ログインできませんでした');
    expect((await logIn(app, { ...person, password: NEXT })).back.url).toContain('code=');
    expect(await events('identity.logins.ended.v1', person.memberId)).toHaveLength(1);
    const [told] = await events('identity.password.recovered.v1', person.memberId);
    const { recoveredAt, coolsUntil } = (told?.['body'] ?? {}) as Record<string, string>;
    expect(Date.parse(coolsUntil ?? '') - Date.parse(recoveredAt ?? '')).toBe(24 * 3_600_000);
  });

  it('is found by the login ID in any spelling of one mail address', async () => {
    const person = await aMember();
    await ask(person.mail.toUpperCase().replace('@', '＠'));
    expect(running.carrier.inbox(person.address)).toHaveLength(1);
  });

  it('sends nothing to an address that was typed and never verified', async () => {
    const person = await aMember();
    await running.connection
      .collection('identity_contacts')
      .updateMany({ memberId: person.memberId }, { $set: { verifiedAt: null } });
    await ask(person.mail);
    expect(running.carrier.inbox(person.address)).toEqual([]);
    expect(done).toContain('recovery.no_contact');
  });

  it('takes a code once, five tries, in the browser that asked, and for ten minutes', async () => {
    const person = await aMember();
    const first = await ask(person.mail);
    const code = codeFor(person.address);
    const elsewhere = await ask(`nobody-${count}@example.jp`);
    const foreign = await elsewhere.browser.submit(elsewhere.asked, '/forgot/code', { code });
    expect(foreign.text).toContain('確認できませんでした');
    let page = first.asked;
    const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0');
    for (let n = 0; n < 5; n += 1) {
      page = await first.browser.submit(page, '/forgot/code', { code: wrong });
    }
    const right = await first.browser.submit(page, '/forgot/code', { code });
    expect(right.text).toContain('確認できませんでした');

    const again = await ask(person.mail);
    clock.advance(11 * 60_000);
    const late = await again.browser.submit(again.asked, '/forgot/code', {
      code: codeFor(person.address),
    });
    expect(late.text).not.toContain('新しいパスワード');
    const twice = await askAndProve(person);
    const used = await twice.browser.submit(twice.asked, '/forgot/code', {
      code: codeFor(person.address),
    });
    expect(used.text).toContain('新しく始められました');
  });

  it('is over in one browser when it is begun in another', async () => {
    const person = await aMember();
    const first = await ask(person.mail);
    const code = codeFor(person.address);
    const second = await ask(person.mail);
    const old = await first.browser.submit(first.asked, '/forgot/code', { code });
    expect(old.text).toContain('新しく始められました');
    const fresh = await first.browser.submit(first.asked, '/forgot/code', {
      code: codeFor(person.address),
    });
    expect(fresh.text).toContain('新しく始められました');
    const proven = await second.browser.submit(second.asked, '/forgot/code', {
      code: codeFor(person.address),
    });
    expect(proven.text).toContain('新しいパスワード');
  });

  it('keeps codes only as digests', async () => {
    const person = await aMember();
    await ask(person.mail);
    const code = codeFor(person.address);
    const kept = await Promise.all(
      ['identity_recoveries', 'identity_one_time_codes'].map((name) =>
        running.connection.collection(name).find().toArray(),
      ),
    );
    expect(code).toMatch(/^\d{6}$/);
    expect(JSON.stringify(kept)).not.toContain(`"${code}"`);
    expect(JSON.stringify(kept[0])).toContain(person.memberId);
  });
});

describe('a member who has a second factor', () => {
  it('shows a code of the app too; the mail alone sets nothing, and the app stays', async () => {
    const person = await aMember();
    const { secret } = await account.useCases.app.begin(person.memberId, person.mail);
    const totp = new TOTP({ secret: Secret.fromBase32(secret) });
    const code = () => totp.generate({ timestamp: clock.now().getTime() });
    const recovery = await account.useCases.app.confirm(person.memberId, code());
    if (isRefused(recovery)) throw new Error(recovery.refused);
    clock.advance(60_000);
    const { browser, proven, request } = await askAndProve(person);
    expect(proven.text).not.toContain('type="password"');
    const forged = {
      ...proven,
      text: proven.text.replace('/forgot/second/app', '/reset/password'),
    };
    const refused = await setPassword(browser, forged);
    expect(refused.url).not.toContain('code=');
    expect((await logIn(app, { ...person, password: NEXT })).back.text).toContain(
      'ログインできませんでした',
    );
    const wrong = await browser.submit(proven, '/second/app', { code: '000000' });
    expect(wrong.text).toContain('確認できませんでした');
    const next = await browser.submit(wrong, '/second/app', { code: recovery[0] ?? '' });
    const back = await setPassword(browser, next);
    expect(decodeJwt((await request.redeem(back)).access_token)['amr']).toEqual([
      'pwd',
      'mail',
      'recovery',
    ]);
    expect((await account.factors.find(person.memberId))?.totp).not.toBeNull();
  });

  it('shows a passkey of their own', async () => {
    const person = await aMember();
    const authenticator = anAuthenticator(running.issuer);
    const enrolling = await logIn(app, person, { acr_values: 'urn:7id:acr:2' });
    await enrolling.browser.submit(enrolling.back, '/enrol', {
      credential: authenticator.create(passkeyOptionsOf<CreationOptions>(enrolling.back, '/enrol')),
    });
    const { browser, proven, request } = await askAndProve(person);
    const options = passkeyOptionsOf<RequestOptions>(proven, '/second/passkey');
    const next = await browser.submit(proven, '/second/passkey', {
      credential: authenticator.get(options),
    });
    const back = await setPassword(browser, next);
    expect(decodeJwt((await request.redeem(back)).access_token)['acr']).toBe('urn:7id:acr:3');
  });

  it.each(['mail', 'sms'] as const)(
    'proves both the mail and the telephone, whichever came first: %s',
    async (first) => {
      const telephone = `+8190${String((count += 1)).padStart(8, '0')}`;
      const person = await aMember(telephone);
      const { browser, asked } = await ask(person.mail);
      let page = asked;
      if (first === 'sms') {
        page = await browser.submit(asked, '/forgot/sms');
        await workDone(2);
        expect(page.text.replace(/<form[\s\S]*?<\/form>/g, '')).not.toContain(telephone.slice(-4));
      }
      const [one, other] =
        first === 'mail' ? [person.address, telephone] : [telephone, person.address];
      const proven = await browser.submit(page, '/forgot/code', { code: codeFor(one) });
      expect(proven.text).toContain(first === 'mail' ? telephone.slice(-4) : '@example.jp');
      const sent = await browser.submit(proven, '/second/send');
      const next = await browser.submit(sent, '/second/code', { code: codeFor(other) });
      expect((await setPassword(browser, next)).url).toContain('code=');
    },
  );
});

describe('what a page tells about an account', () => {
  const asPage = ({ text, status }: Page) => ({
    status,
    text: text.replace(/[\w-]{21,}/g, ':id').replace(/\d{2}:\d{2}/g, ':time'),
  });
  it('is the same for everybody: known, unknown, without a contact, locked, at the limit', async () => {
    const [known, bare, locked, limited] = [
      await aMember(),
      await aMember(),
      await aMember(),
      await aMember(),
    ];
    const members = running.connection.collection<{ _id: string }>('identity_members');
    const lock = { at: clock.now(), since: new Date(0), without: [], liftedAt: null };
    await members.updateOne({ _id: locked.memberId }, { $set: { lock } });
    await running.connection
      .collection('identity_contacts')
      .deleteMany({ memberId: bare.memberId });
    for (let n = 0; n <= RECOVERY_LIMITS.perAccountHour; n += 1) await ask(limited.mail);
    const pages = [];
    const ids = [known, bare, locked, limited].map(({ mail }) => mail);
    for (const mail of [...ids, 'nobody@example.jp', 'no mail', '']) {
      const { browser, asked } = await ask(mail);
      const wrong = await browser.submit(asked, '/forgot/code', { code: '12345' });
      const sms = await browser.submit(wrong, '/forgot/sms');
      pages.push([asked, wrong, sms].map(asPage));
    }
    expect(pages.map((one) => one.map(({ status }) => status))).toEqual(
      pages.map(() => [200, 400, 200]),
    );
    for (const one of pages) expect(one).toEqual(pages[0]);
    expect(running.carrier.inbox(known.address)).toHaveLength(1);
    expect(running.carrier.inbox(limited.address)).toHaveLength(RECOVERY_LIMITS.perAccountHour);
    for (const { address } of [bare, locked]) expect(running.carrier.inbox(address)).toEqual([]);
  });

  it('is stopped for all by its switch, before anything is looked at', async () => {
    const { browser, asked } = await ask('nobody@example.jp');
    running.controls.close('recovery');
    const closed = await browser.submit(asked, '/forgot/sms');
    running.controls.open('recovery');
    expect([closed.status, closed.text.includes('FUNCTION_CLOSED')]).toEqual([403, true]);
  });

  it.each(['recovery', 'login.password'])('is stopped at its last step too by %s', async (key) => {
    const { browser, proven } = await askAndProve(await aMember());
    running.controls.close(key);
    const closed = await setPassword(browser, proven);
    running.controls.open(key);
    expect(closed.text).toContain('この機能を停止しています');
    expect((await setPassword(browser, proven)).url).toContain('code=');
  });
});
