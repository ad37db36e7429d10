import type { PublicKeyCredentialRequestOptionsJSON as RequestOptions } from '@simplewebauthn/server';
import { cohortSchema, type CutOff } from '@7pay/controls';
import { fixedClock } from '@7pay/time';
import { decodeJwt } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { firstPasskey } from '../testing/first-passkey.ts';
import { anAuthenticator } from '../testing/authenticator.ts';
import { passkeyOptionsOf, type Page } from '../testing/browser.ts';
import { anApp, type App, logIn, PASSWORD, runIdentity } from '../testing/running-identity.ts';
import type { RunningIdentity } from '../testing/running-identity.ts';
import { maskedMail } from './reset.ts';

const NEXT = 'another harbour in autumn';
const clock = fixedClock(new Date());
const cuts: CutOff[] = [];
let running: RunningIdentity;
let app: App;
let count = 0;

beforeAll(async () => {
  running = await runIdentity({ clock });
  app = await anApp(running.issuer, 'seven-eleven-app');
});
afterAll(() => running.stop());
afterEach(() => {
  for (const { id } of cuts.splice(0)) running.controls.lift(id);
  clock.advance(1_000);
});

async function aMember() {
  const mail = `reset-${(count += 1)}@example.jp`;
  await running.identity.registerMember({ mail, displayName: 'みなと', password: PASSWORD });
  return { mail };
}
const reset = (told: Partial<CutOff> = {}) => {
  const made = running.controls.cut({ effects: ['RESET_PASSWORD'], cutAt: clock.now(), ...told });
  cuts.push(made);
  return made;
};
const isReset = ({ text }: Page) => text.includes('パスワードの再設定');
const codeIn = () => /\d{6}/.exec(running.carrier.delivered().at(-1)?.text ?? '')?.[0] ?? '';
async function passByCode(person: { mail: string }, password = NEXT) {
  const { browser, back, request } = await logIn(app, person);
  expect(isReset(back)).toBe(true);
  const asked = await browser.submit(back, '/reset/code');
  const proven = await browser.submit(asked, '/reset/proof', { code: codeIn() });
  const done = await browser.submit(proven, '/reset/password', { password });
  return { browser, done, request };
}

describe('a mass reset', () => {
  it('asks for a new password once, by a code to the own address, and shows which account', async () => {
    const person = await aMember();
    const before = await logIn(app, person);
    const { refresh_token: old = '' } = await before.redeem();
    clock.advance(2_000);
    const { id } = reset({ reason: { ja: '不正ログインを確認しました。', en: 'Misuse.' } });
    const first = await logIn(app, person);
    expect(first.back.text).toContain(maskedMail(person.mail));
    expect(first.back.text).not.toContain(person.mail);
    expect(first.back.text).toContain('不正ログインを確認しました。');

    const { done, request } = await passByCode(person);
    expect(running.carrier.inbox(person.mail)).toHaveLength(1);
    const claims = decodeJwt((await request.redeem(done)).access_token);
    expect(claims).toMatchObject({ acr: 'urn:7id:acr:1', amr: ['pwd', 'mail'] });

    // The old password, the logins of before, and the event that tells of it.
    expect((await logIn(app, person)).back.text).toContain('ログインできませんでした');
    await expect(oidc.refreshTokenGrant(app.configuration, old)).rejects.toThrow();
    const silent = await before.browser.go((await app.request({ prompt: 'none' })).url);
    expect(silent.url).toContain('login_required');
    const events = running.connection.collection('events_outbox');
    const told = await events.findOne({ 'body.memberId': claims.sub });
    expect(told).toMatchObject({
      name: 'identity.logins.ended.v1',
      body: { reason: 'PASSWORD_RESET' },
    });

    const again = await logIn(app, { ...person, password: NEXT });
    expect(again.back.url).toContain('code=');
    const progress = await running.connection
      .collection('identity_resetProgress')
      .find({ cutOff: id })
      .toArray();
    expect(progress.map(({ done: through }) => through)).toEqual([1]);
  });

  it('mails the code to the own address of a member who has no verified contact', async () => {
    const person = await aMember();
    await running.connection.collection('identity_contacts').deleteMany({});
    reset();
    const { browser, back } = await logIn(app, person);
    const asked = await browser.submit(back, '/reset/code');
    expect(running.carrier.inbox(person.mail)).toHaveLength(1);
    const proven = await browser.submit(asked, '/reset/proof', { code: codeIn() });
    const done = await browser.submit(proven, '/reset/password', { password: NEXT });
    expect(done.url).toContain('code=');
  });

  it.each(['with', 'without'])(
    'mails five codes an hour to one address, %s a verified contact',
    async (which) => {
      const person = await aMember();
      if (which === 'without')
        await running.connection.collection('identity_contacts').deleteMany({});
      reset();
      const pages: Page[] = [];
      for (let n = 0; n < 6; n += 1) {
        const { browser, back } = await logIn(app, person);
        pages.push(await browser.submit(back, '/reset/code'));
      }
      expect(running.carrier.inbox(person.mail)).toHaveLength(5);
      const over = pages.map(({ text }) => text.includes('送れる回数を超えました'));
      expect(over).toEqual([false, false, false, false, false, true]);
    },
  );

  it('looks at five tries of a code, however many logins they come in', async () => {
    const person = await aMember();
    await running.connection.collection('identity_contacts').deleteMany({});
    reset();
    const [first, second] = [await logIn(app, person), await logIn(app, person)];
    const other = await second.browser.submit(second.back, '/reset/code');
    let page = await first.browser.submit(first.back, '/reset/code');
    const code = codeIn();
    const wrong = code === '000000' ? '000001' : '000000';
    for (let n = 0; n < 5; n += 1) {
      page = await first.browser.submit(page, '/reset/proof', { code: wrong });
    }
    const late = await second.browser.submit(other, '/reset/proof', { code });
    expect(late.text).toContain('本人確認ができませんでした');
  });

  it('mails nothing to an address that its member took away, nor to one of a login that was disowned', async () => {
    for (const set of [{ loginIdProvenAt: new Date() }, { mustReplacePassword: true }]) {
      const person = await aMember();
      const { mail } = person;
      await running.connection.collection('identity_contacts').deleteMany({ address: mail });
      await running.connection.collection('identity_members').updateOne({ mail }, { $set: set });
      reset(); // a mass reset takes nothing back of what was disowned
      const { browser, back } = await logIn(app, person);
      expect(back.text).toContain('ご登録の連絡先では確認できません');
      const before = running.carrier.delivered().length;
      const form = {
        ...back,
        text: back.text.replaceAll(/action="[^"]*abort"/g, (tag) =>
          tag.replace('abort', 'reset/code'),
        ),
      };
      await browser.submit(form, '/reset/code');
      expect(running.carrier.delivered()).toHaveLength(before);
    }
  });

  it('takes no code that was mailed to another member in the same interaction', async () => {
    const [thief, victim] = [await aMember(), await aMember()];
    await running.connection.collection('identity_contacts').deleteMany({});
    reset();
    const { browser, back } = await logIn(app, thief);
    await browser.submit(back, '/reset/code');
    const code = codeIn();
    // With the leaked password of somebody else: the reset of this interaction becomes theirs.
    const form = { ...back, text: back.text.replace('/reset/code', '/login') };
    const theirs = await browser.submit(form, '/login', { ...victim, password: PASSWORD });
    expect(theirs.text).toContain(maskedMail(victim.mail));
    const proof = { ...theirs, text: theirs.text.replace('/reset/code', '/reset/proof') };
    const taken = await browser.submit(proof, '/reset/proof', { code });
    expect(taken.text).toContain('本人確認ができませんでした');
    const set = { ...taken, text: taken.text.replaceAll('/reset/proof', '/reset/password') };
    const done = await browser.submit(set, '/reset/password', { password: NEXT });
    expect(done.url).not.toContain('code=');
    await running.connection.collection('identity_pendingResets').deleteMany({});
    expect((await logIn(app, { ...victim, password: NEXT })).back.url).not.toContain('code=');
  });

  it.each([
    { mail: 'evil@example.net' },
    { to: 'evil@example.net', email: 'evil@example.net' },
    { mail: 'reset-1@example.jp, evil@example.net' },
    { mail: 'reset-1@example.jp\r\nBcc: evil@example.net' },
  ])('mails to the verified contact alone, whatever else the form says: %j', async (more) => {
    const person = await aMember();
    reset();
    const { browser, back } = await logIn(app, person);
    const before = running.carrier.delivered().length;
    expect(back.text).not.toContain('生年月日');
    await browser.submit(back, '/reset/code', more);
    const told = running.carrier.delivered().slice(before);
    expect(told.map(({ to }) => to)).toEqual([person.mail]);
    expect(JSON.stringify(told)).not.toContain('evil');
  });

  it('takes a passkey as the proof, which then is the stronger login', async () => {
    const person = await aMember();
    const authenticator = anAuthenticator(running.issuer);
    const enrolling = await logIn(app, person, { acr_values: 'urn:7id:acr:2' });
    const { browser: home, back: page } = enrolling;
    await firstPasskey(running, { browser: home, page, mail: person.mail, authenticator });
    reset();
    const { browser, back, request } = await logIn(app, person);
    const options = passkeyOptionsOf<RequestOptions>(back, '/reset/passkey');
    const proven = await browser.submit(back, '/reset/passkey', {
      credential: authenticator.get(options),
    });
    const done = await browser.submit(proven, '/reset/password', { password: NEXT });
    expect(decodeJwt((await request.redeem(done)).access_token)['acr']).toBe('urn:7id:acr:3');
  });

  it('sets nothing without a proof, nor the password of before, nor a weak one', async () => {
    const person = await aMember();
    reset();
    const { browser, back } = await logIn(app, person);
    const form = back.text.replace('/reset/code', '/reset/password');
    const unproven = await browser.submit({ ...back, text: form }, '/reset/password', {
      password: NEXT,
    });
    expect(unproven.text).toContain('本人確認ができませんでした');
    const asked = await browser.submit(unproven, '/reset/code');
    const proven = await browser.submit(asked, '/reset/proof', { code: codeIn() });
    const same = await browser.submit(proven, '/reset/password', { password: PASSWORD });
    expect(same.text).toContain('いままでと同じ');
    const weak = await browser.submit(same, '/reset/password', { password: 'short' });
    expect(weak.text).toContain('12文字以上');
    expect((await browser.submit(weak, '/reset/password', { password: NEXT })).url).toContain(
      'code=',
    );
  });

  it('sends three codes at most and looks at five, in one login', async () => {
    const person = await aMember();
    reset();
    const login = await logIn(app, person);
    let page = login.back;
    for (let n = 0; n < 3; n += 1) page = await login.browser.submit(page, '/reset/code');
    expect((await login.browser.submit(page, '/reset/code')).text).toContain('これ以上送れません');
    for (let n = 0; n < 5; n += 1) {
      page = await login.browser.submit(page, '/reset/proof', { code: '000000' });
    }
    const right = await login.browser.submit(page, '/reset/proof', { code: codeIn() });
    expect(right.text).toContain('本人確認ができませんでした');
    clock.advance(16 * 60_000);
    const late = await login.browser.submit(right, '/reset/proof', { code: codeIn() });
    expect(late.text).toContain('有効期限が切れました');
  });

  it('means nobody outside of its cohort, nobody who registered after it, and nobody once cancelled', async () => {
    const person = await aMember();
    await logIn(app, person); // a login on record, by this app
    clock.advance(2_000);
    const cohort = cohortSchema.parse({ clients: ['partner-recipes'] });
    reset({ cohort });
    expect((await logIn(app, person)).back.url).toContain('code=');
    reset({ id: 'cut_all' });
    expect((await logIn(app, await aMember())).back.url).toContain('code=');
    const meant = await logIn(app, person);
    expect(isReset(meant.back)).toBe(true);
    running.controls.lift('cut_all');
    expect((await logIn(app, person)).back.url).toContain('code=');
    const mine = reset({
      id: 'cut_app',
      cohort: cohortSchema.parse({ clients: ['seven-eleven-app'] }),
    });
    expect(mine.generation).toBeGreaterThan(1);
    expect(isReset((await logIn(app, person)).back)).toBe(true);
  });

  it('means a member who comes back long after the facts of their logins were swept away', async () => {
    const [person, other] = [await aMember(), await aMember()];
    await logIn(app, person);
    clock.advance(2_000);
    reset({ cohort: cohortSchema.parse({ clients: ['seven-eleven-app'] }) });
    clock.advance(46 * 86_400_000);
    await running.connection.collection('identity_logins').deleteMany({});
    expect(isReset((await logIn(app, person)).back)).toBe(true);
    expect((await logIn(app, other)).back.url).toContain('code=');
  });
});
