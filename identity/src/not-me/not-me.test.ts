import type { PublicKeyCredentialRequestOptionsJSON as RequestOptions } from '@simplewebauthn/server';
import type { Consumer } from '@7pay/events';
import { isRefused } from '@7pay/refusals';
import { createLog } from '@7pay/telemetry';
import { fixedClock } from '@7pay/time';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openContactStore } from '../contact/contact.store.ts';
import { enrol } from '../testing/first-passkey.ts';
import { anAuthenticator } from '../testing/authenticator.ts';
import { aBrowser, type Browser, type Page, passkeyOptionsOf } from '../testing/browser.ts';
import { anApp, type App, logIn, PASSWORD, runIdentity } from '../testing/running-identity.ts';
import type { RunningIdentity } from '../testing/running-identity.ts';

const NEXT = 'another harbour in autumn';
const clock = fixedClock(new Date());
let running: RunningIdentity;
let app: App;
let [count, unreachable] = [0, 0];

beforeAll(async () => {
  const write = (line: string) => {
    if (line.includes('"recovery.no_contact"')) unreachable += 1;
  };
  const log = createLog({ service: 'identity', destination: { write } });
  running = await runIdentity({ clock, log });
  app = await anApp(running.issuer, 'seven-eleven-app');
});
afterAll(() => running.stop());
beforeEach(() => clock.advance(25 * 3_600_000));

async function aMember(options: { telephone: boolean } = { telephone: true }) {
  const mail = `not-me-${(count += 1)}@example.jp`;
  const telephone = `+8190${String(count).padStart(8, '0')}`;
  const made = await running.identity.registerMember({
    mail,
    displayName: 'なぎさ',
    password: PASSWORD,
  });
  if (isRefused(made)) throw new Error(made.refused);
  const { memberId } = made;
  if (options.telephone) await verified(memberId, 'sms', telephone);
  return { mail, telephone, memberId };
}
async function verified(memberId: string, channel: 'mail' | 'sms', address: string) {
  const contacts = openContactStore(running.connection);
  await contacts.add({ memberId, channel, address, addedAt: clock.now() });
  await contacts.verify({ memberId, channel, address }, clock.now());
}
const events = (name: string, memberId: string) =>
  running.connection
    .collection('events_outbox')
    .find({ name, 'body.memberId': memberId })
    .toArray();
const consumerOf = (name: string): Consumer => {
  const found = running.identity.subgraph.consumers.find(({ event }) => event === name);
  if (!found) throw new Error(`nobody hears ${name}`);
  return found;
};
const lastTo = (address: string) => running.carrier.inbox(address).at(-1)?.text ?? '';
const codeTo = (address: string) => /\d{6}/.exec(lastTo(address))?.[0] ?? '';
const linkTo = (address: string) =>
  /https?:\S+\/not-me\/[\w-]{43}/.exec(lastTo(address))?.[0] ?? '';
const inboxOf = (address: string) => running.carrier.inbox(address).length;
async function begin(person: { mail: string }) {
  const browser = aBrowser();
  const request = await app.request();
  const login = await browser.go(request.url);
  const form = await browser.go(`${login.url}/forgot`);
  return { browser, request, asked: await browser.submit(form, '/forgot', { mail: person.mail }) };
}
const arrives = (address: string, before: number) =>
  vi.waitFor(() => expect(inboxOf(address)).toBe(before + 1), { timeout: 20_000 });

/** Recovers by the code that goes to this address, and sets a password. */
async function recoverBy(address: string, person: { mail: string }) {
  const before = inboxOf(address);
  const { browser, asked } = await begin(person);
  await arrives(address, before);
  const proven = await browser.submit(asked, '/forgot/code', { code: codeTo(address) });
  const password = 'a third harbour in the winter';
  expect((await browser.submit(proven, '/reset/password', { password })).url).toContain('code=');
  return browser;
}
/** Whoever reads the mail and the SMS of a member sets a new password, and the contacts are told. */
async function recoverByMail(person: { mail: string; telephone: string; memberId: string }) {
  const before = inboxOf(person.mail);
  const { browser, request, asked } = await begin(person);
  await arrives(person.mail, before);
  let page = await browser.submit(asked, '/forgot/code', { code: codeTo(person.mail) });
  if (page.text.includes('/second/send')) {
    page = await browser.submit(page, '/second/send');
    page = await browser.submit(page, '/second/code', { code: codeTo(person.telephone) });
  }
  const back = await browser.submit(page, '/reset/password', { password: NEXT });
  const tokens = await request.redeem(back);
  await tell('identity.password.recovered.v1', person.memberId);
  return { browser, tokens };
}
async function tell(name: string, memberId: string) {
  const event = (await events(name, memberId)).at(-1);
  if (!event) throw new Error(`no ${name}`);
  const { _id, ...rest } = event;
  await consumerOf(name).handle({ ...rest, id: String(rest['id'] ?? _id) } as never);
}
/** Adds the first passkey of a member in the session of this browser. */
async function enrolIn(browser: Browser) {
  const authenticator = anAuthenticator(running.issuer);
  const page = await browser.go((await app.request({ acr_values: 'urn:7id:acr:2' })).url);
  expect((await enrol(browser, page, authenticator)).url).toContain('code=');
  return authenticator;
}
async function isLetInBy(browser: Browser, authenticator: ReturnType<typeof anAuthenticator>) {
  const page = await browser.go((await app.request()).url);
  const credential = authenticator.get(passkeyOptionsOf<RequestOptions>(page, '/passkey'));
  return (await browser.submit(page, '/passkey', { credential })).url.includes('code=');
}
const press = (page: Page) => aBrowser().submit(page, new URL(page.url).pathname);
const look = (link: string) => aBrowser().go(link);

describe('the link of a notice', () => {
  it('goes to every verified contact, each with its own, and looking at it changes nothing', async () => {
    const person = await aMember();
    await recoverByMail(person);
    const links = [linkTo(person.mail), linkTo(person.telephone)];
    expect(new Set(links).size).toBe(2);
    for (const link of links) {
      expect(link.startsWith(running.issuer)).toBe(true);
      for (let times = 0; times < 3; times += 1) expect((await look(link)).status).toBe(200);
    }
    expect(await events('identity.not-me.reported.v1', person.memberId)).toEqual([]);
    expect((await logIn(app, { ...person, password: NEXT })).back.url).toContain('code=');
    const kept = await running.connection.collection('identity_notMe').find().toArray();
    expect(JSON.stringify(kept)).not.toContain(links[0]?.split('/').at(-1));
  });

  it('stops everything at once, without a login: sessions, tokens, new logins, open recoveries', async () => {
    const person = await aMember();
    const [thief, open] = [await recoverByMail(person), await begin(person)];
    const done = await press(await look(linkTo(person.telephone)));
    expect(done.text).toContain('すべて止めました');
    expect(done.text).not.toContain(person.mail);

    const refresh = oidc.refreshTokenGrant(app.configuration, thief.tokens.refresh_token ?? '');
    await expect(refresh).rejects.toThrow();
    const silent = await thief.browser.go((await app.request({ prompt: 'none' })).url);
    expect(silent.url).toContain('login_required');
    const again = await logIn(app, { ...person, password: NEXT });
    expect([again.back.status, again.back.text.includes('LOGIN_LOCKED')]).toEqual([403, true]);
    const late = await open.browser.submit(open.asked, '/forgot/code', {
      code: codeTo(person.mail),
    });
    expect(late.text).not.toContain('type="password"');
    const told = await events('identity.not-me.reported.v1', person.memberId);
    expect(told.map(({ body }) => (body as { kind: string }).kind)).toEqual(['RECOVERY']);
    const ended = await events('identity.logins.ended.v1', person.memberId);
    expect(ended.map(({ body }) => (body as { reason: string }).reason)).toEqual([
      'PASSWORD_RESET',
      'NOT_ME',
    ]);
  });

  it('is good once, for seven days, with the same words for a used, a late and no link', async () => {
    const person = await aMember();
    await recoverByMail(person);
    const page = await look(linkTo(person.mail));
    const answers = await Promise.all(Array.from({ length: 8 }, () => press(page)));
    const stopped = answers.filter(({ text }) => text.includes('すべて止めました'));
    expect(stopped).toHaveLength(1);
    expect(await events('identity.not-me.reported.v1', person.memberId)).toHaveLength(1);
    const other = linkTo(person.telephone);
    clock.advance(8 * 86_400_000);
    const gone = [
      await look(linkTo(person.mail)),
      await look(other),
      await look(`${running.issuer}/not-me/${'a'.repeat(43)}`),
      ...answers.filter((one) => !stopped.includes(one)).slice(0, 1),
    ].map(({ status, text }) => [status, /<h1>.*?<\/p>/.exec(text)?.[0]]);
    expect(gone[0]).toEqual([410, expect.stringContaining('このリンクは使えません')]);
    for (const one of gone) expect(one).toEqual(gone[0]);
  });

  it('is not pressed by a form from elsewhere', async () => {
    const person = await aMember();
    await recoverByMail(person);
    const link = linkTo(person.mail);
    const page = await look(link);
    const bare = await fetch(link, { method: 'POST', body: new URLSearchParams({ form: 'x' }) });
    const evil = await fetch(link, {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
      body: new URLSearchParams({ form: /name="form" value="([^"]+)"/.exec(page.text)?.[1] ?? '' }),
    });
    expect([bare.status, evil.status]).toEqual([410, 410]);
    expect(await events('identity.not-me.reported.v1', person.memberId)).toEqual([]);
  });
});

describe('a member who was locked by it', () => {
  it('comes back by another contact than that of the recovery, and by none that was added since', async () => {
    const person = await aMember();
    clock.advance(1_000); // they have been here for a while
    await recoverByMail(person);
    clock.advance(1_000);
    const added = `evil-${count}@example.net`;
    await verified(person.memberId, 'mail', added);
    clock.advance(1_000);
    const link = linkTo(person.telephone);
    await press(await look(link));
    const before = [person.mail, person.telephone, added].map(inboxOf);
    const looked = unreachable;
    await begin(person);
    await vi.waitFor(() => expect(unreachable).toBe(looked + 1), { timeout: 20_000 });
    await running.identity.admin.unlockLogin(person.memberId); // support knows who they are
    const { asked } = await begin(person);
    expect(asked.status).toBe(200);
    await arrives(person.mail, before[0] ?? 0);
    expect([person.telephone, added].map(inboxOf)).toEqual(before.slice(1));
  });

  it('is let in by the new password, and what was added meanwhile lets nobody in', async () => {
    const person = await aMember({ telephone: false });
    const { browser: thiefsBrowser } = await recoverByMail(person);
    clock.advance(2_000);
    const authenticator = await enrolIn(thiefsBrowser);
    clock.advance(2_000);
    const link = linkTo(person.mail);
    const other = `other-${count}@example.jp`;
    await running.connection.collection('identity_contacts').updateOne(
      { _id: `${person.memberId}|mail|${other}` as never },
      {
        $set: {
          memberId: person.memberId,
          channel: 'mail',
          address: other,
          addedAt: new Date(0),
          verifiedAt: new Date(0),
        },
      },
      { upsert: true },
    );
    await press(await look(link));
    const { browser, asked, request } = await begin(person);
    await arrives(other, 0);
    const proven = await browser.submit(asked, '/forgot/code', { code: codeTo(other) });
    const back = await browser.submit(proven, '/reset/password', {
      password: 'a third harbour in the winter',
    });
    expect((await request.redeem(back)).access_token).toBeTruthy();
    const members = running.connection.collection<{
      _id: string;
      lock: { liftedAt: Date };
    }>('identity_members');
    const kept = await members.findOne({ _id: person.memberId });
    expect(kept?.lock.liftedAt).toEqual(clock.now());
    const again = await logIn(app, { ...person, password: 'a third harbour in the winter' });
    expect(again.back.url).toContain('code=');
    // What the thief added while they were in opens nothing.
    expect(await isLetInBy(thiefsBrowser, authenticator)).toBe(false);
  });

  it.each(['by another contact', 'by support'])(
    'and is back %s is not locked again by a link from before, and keeps what they added',
    async (how) => {
      const person = await aMember({ telephone: false });
      const other = `other-${count}@example.jp`;
      await verified(person.memberId, 'mail', other);
      clock.advance(1_000);
      await recoverByMail(person);
      const [pressed, old] = [linkTo(other), linkTo(person.mail)];
      const page = await look(old);
      await press(await look(pressed));
      clock.advance(1_000);
      if (how === 'by support') await running.identity.admin.unlockLogin(person.memberId);
      const back = await recoverBy(how === 'by support' ? person.mail : other, person);
      clock.advance(1_000);
      const authenticator = await enrolIn(back);
      for (const late of [await press(page), await look(old)]) {
        expect([late.status, late.text]).toEqual([
          410,
          expect.stringContaining('このリンクは使えません'),
        ]);
      }
      expect(await isLetInBy(aBrowser(), authenticator)).toBe(true);
      expect(await events('identity.not-me.reported.v1', person.memberId)).toHaveLength(1);
      // Whoever came back may be a thief again: that one's own link is good.
      await tell('identity.password.recovered.v1', person.memberId);
      expect((await look(linkTo(other))).status).toBe(200);
    },
  );

  it('is let in by support, and neither what was added meanwhile nor the password of then is', async () => {
    const person = await aMember({ telephone: false });
    clock.advance(1_000);
    const { browser: thiefsBrowser } = await recoverByMail(person);
    clock.advance(2_000);
    const authenticator = await enrolIn(thiefsBrowser);
    await press(await look(linkTo(person.mail)));
    await running.identity.admin.unlockLogin(person.memberId);
    expect(await isLetInBy(thiefsBrowser, authenticator)).toBe(false);
    const byPassword = await logIn(app, { ...person, password: NEXT });
    expect(byPassword.back.url).not.toContain('code=');
    expect(byPassword.back.text).toContain(
      '前のパスワードは、ほかの人に知られているかもしれません',
    );
    // Whoever reads the mail of the account sets another one.
    const before = inboxOf(person.mail);
    const asked = await byPassword.browser.submit(byPassword.back, '/reset/code');
    await arrives(person.mail, before);
    const code = codeTo(person.mail);
    const proven = await byPassword.browser.submit(asked, '/reset/proof', { code });
    const password = 'a third harbour in the winter';
    const done = await byPassword.browser.submit(proven, '/reset/password', { password });
    expect(done.url).toContain('code=');
    expect((await logIn(app, { ...person, password })).back.url).toContain('code=');
  });
});
