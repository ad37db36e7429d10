import type { PublicKeyCredentialCreationOptionsJSON as CreationOptions } from '@simplewebauthn/server';
import { fixedClock } from '@7pay/time';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { CODE_TRIES } from '../one-time-code/one-time-code.ts';
import { messageCountModel } from '../one-time-code/window-count.store.ts';
import { anAuthenticator } from '../testing/authenticator.ts';
import { aBrowser, type Browser, type Page, passkeyOptionsOf } from '../testing/browser.ts';
import { codeIn } from '../testing/registering.ts';
import {
  anApp,
  type App,
  APPS,
  logIn,
  PASSWORD,
  runIdentity,
  type RunningIdentity,
} from '../testing/running-identity.ts';
import { REGISTRATION_LIMITS, REGISTRATION_MINUTES } from './registration.ts';
import { registrationModel } from './registration.store.ts';

const clock = fixedClock(new Date());
let running: RunningIdentity;
let app: App;
let count = 0;
let mail = '';
beforeAll(async () => {
  running = await runIdentity({ clock });
  app = await anApp(running.issuer, 'seven-eleven-app');
});
afterAll(() => running.stop());
afterEach(() => vi.restoreAllMocks());
beforeEach(() => {
  clock.advance(25 * 3_600_000);
  mail = `new-${(count += 1)}@example.jp`;
});

async function ask(fields: Record<string, string> = {}, browser = aBrowser({ leaveAt: APPS })) {
  const request = await app.request();
  const login = await browser.go(request.url);
  const form = await browser.go(`${login.url}/register`);
  const typed = { mail, displayName: 'はな', password: PASSWORD, ...fields };
  return { browser, request, form, asked: await browser.submit(form, '/register', typed) };
}
const typeCode = (browser: Browser, page: Page, code: string) =>
  browser.submit(page, '/register/code', { code });
const membersWith = (address: string) =>
  running.connection.collection('identity_members').countDocuments({ canonicalMail: address });
const members = () => running.connection.collection('identity_members').countDocuments();
const heard = (address: string, many: number) =>
  vi.waitFor(() => expect(running.carrier.inbox(address)).toHaveLength(many), { timeout: 20_000 });
const known = async () =>
  running.identity.registerMember({ mail, displayName: 'もと', password: PASSWORD });
const asPage = ({ text, status }: Page, address: string) => ({
  status,
  text: text.replaceAll(address, ':mail').replace(/[\w-]{21,}/g, ':id'),
});

describe('registering by the page', () => {
  it('makes a member when the code has come back, with the address verified, and not before', async () => {
    const before = await members();
    const { browser, request, asked } = await ask();
    expect(asked.text).toContain('メールを送りました');
    expect(await members()).toBe(before);
    const back = await typeCode(browser, asked, await codeIn(running.carrier, mail));
    const { sub } = (await request.redeem(back)).claims() ?? {};
    const contacts = running.connection.collection('identity_contacts');
    expect(await contacts.findOne({ memberId: sub })).toMatchObject({
      channel: 'mail',
      address: mail,
      verifiedAt: clock.now(),
    });
    expect((await logIn(app, { mail })).back.url).toContain('code=');
    expect(await registrationModel(running.connection).countDocuments()).toBe(0);
  });

  it('works with a passkey, whose owner is at the highest level at once', async () => {
    const browser = aBrowser({ leaveAt: APPS });
    const request = await app.request();
    const form = await browser.go(`${(await browser.go(request.url)).url}/register`);
    const options = passkeyOptionsOf<CreationOptions>(form, '/register/passkey');
    const credential = anAuthenticator(running.issuer).create(options);
    const text = form.text.replace(/action="([^"]*)\/register"/, 'action="$1/register/passkey"');
    const typed = { mail, displayName: 'はな', credential };
    const asked = await browser.submit({ ...form, text }, '/register/passkey', typed);
    const back = await typeCode(browser, asked, await codeIn(running.carrier, mail));
    expect((await request.redeem(back)).claims()).toMatchObject({ acr: 'urn:7id:acr:3' });
  });

  it('takes a code once, of eight that send it at once', async () => {
    const { browser, asked } = await ask();
    const code = await codeIn(running.carrier, mail);
    const pages = await Promise.all(
      Array.from({ length: 8 }, () => typeCode(browser, asked, code)),
    );
    expect(pages.filter(({ url }) => url.includes('code='))).toHaveLength(1);
    expect((await logIn(app, { mail })).back.url).toContain('code=');
  });

  it('takes no code that is wrong, of another registration, tried too often or late', async () => {
    const { browser, asked } = await ask();
    const code = await codeIn(running.carrier, mail);
    const other = await ask();
    await heard(mail, 2);
    const newest = await codeIn(running.carrier, mail);
    if (code !== newest) {
      expect((await typeCode(other.browser, other.asked, code)).status).toBe(400);
    }
    const wrong = code === '000000' ? '000001' : '000000';
    for (let n = 0; n < CODE_TRIES; n += 1) {
      expect((await typeCode(browser, asked, wrong)).text).toContain('確認できませんでした');
    }
    expect((await typeCode(browser, asked, code)).status).toBe(400);
    clock.advance(REGISTRATION_MINUTES * 60_000);
    const late = await typeCode(other.browser, other.asked, newest);
    expect([late.status, late.text.includes('有効期限が切れました')]).toEqual([400, true]);
  });

  it('sends another code when it is asked for, and the one before is void', async () => {
    const { browser, asked, request } = await ask();
    const first = await codeIn(running.carrier, mail);
    const again = await browser.submit(asked, '/register/send');
    await heard(mail, 2);
    const second = await codeIn(running.carrier, mail);
    if (first !== second) expect((await typeCode(browser, again, first)).status).toBe(400);
    expect((await request.redeem(await typeCode(browser, again, second))).claims()).toBeDefined();
  });
});

describe('an address that is a member’s', () => {
  it('gets the same pages, and its owner a mail without a code', async () => {
    await known();
    const free = `free-${mail}`;
    const pages = [];
    for (const address of [mail, free]) {
      const { browser, asked } = await ask({ mail: address });
      const wrong = await typeCode(browser, asked, '12345');
      const again = await browser.submit(wrong, '/register/send');
      pages.push([asked, wrong, again].map((page) => asPage(page, address)));
      await heard(address, 2);
    }
    expect(pages[1]).toEqual(pages[0]);
    expect(pages[0]?.map(({ status }) => status)).toEqual([200, 400, 200]);
    for (const { text } of running.carrier.inbox(mail)) {
      expect(text).toContain('すでに会員のアドレスのため');
      expect(text).not.toMatch(/\d{6}/);
    }
    expect(await logIn(app, { mail })).toMatchObject({ back: { status: 0 } });
  });

  it('is one however it is spelt, and goes to one of those who prove it at once', async () => {
    const spellings = [mail, mail.toUpperCase(), `${mail} `, mail.replace('n', 'ｎ')];
    const asking = await Promise.all(spellings.map((spelt) => ask({ mail: spelt })));
    await heard(mail, spellings.length);
    const codes = running.carrier.inbox(mail).map(({ text }) => /\d{6}/.exec(text)?.[0] ?? '');
    const pages = await Promise.all(
      asking.flatMap(({ browser, asked }) => codes.map((code) => typeCode(browser, asked, code))),
    );
    expect(pages.filter(({ url }) => url.includes('code='))).toHaveLength(1);
    expect(await membersWith(mail)).toBe(1);
  });
});

describe('the limits of registering', () => {
  it('send a recipient five mails in an hour, and the pages stay the same', async () => {
    const { browser, asked } = await ask();
    const first = asPage(asked, mail);
    for (let n = 0; n < 6; n += 1) {
      expect(asPage(await browser.submit(asked, '/register/send'), mail)).toEqual(first);
    }
    await vi.waitFor(() => expect(running.carrier.inbox(mail)).toHaveLength(5));
    await ask({ mail: `other-${mail}` });
    await heard(`other-${mail}`, 1);
    expect(running.carrier.inbox(mail)).toHaveLength(5);
  });

  it('let a network begin so many, and say so', async () => {
    const { browser, asked } = await ask();
    const counts = messageCountModel(running.connection);
    await counts.updateMany(
      { sent: { $gt: 0 } },
      { $set: { sent: REGISTRATION_LIMITS.perNetworkHour } },
    );
    const busy = await browser.submit(asked, '/register/send');
    expect(busy.text).toContain('混み合っています');
    expect((await ask()).asked.text).toContain('混み合っています');
  });

  it('begin nothing while nobody can count', async () => {
    vi.spyOn(messageCountModel(running.connection), 'updateOne').mockImplementation(() => {
      throw new Error('down');
    });
    expect((await ask()).asked.status).toBe(500);
    expect(running.carrier.inbox(mail)).toEqual([]);
  });
});

describe('registering that is stopped', () => {
  it('by its switch ends for who waits for the code', async () => {
    const { browser, asked } = await ask();
    const code = await codeIn(running.carrier, mail);
    running.controls.close('registration');
    const closed = await typeCode(browser, asked, code);
    running.controls.open('registration');
    expect([closed.status, closed.text.includes('FUNCTION_CLOSED')]).toEqual([403, true]);
    expect(await membersWith(mail)).toBe(0);
  });
});
