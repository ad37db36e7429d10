import { request as httpRequest } from 'node:http';
import { isRefused } from '@7pay/refusals';
import { eventually } from '@7pay/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from '../../identity/src/testing/browser.ts';
import { aNewDevice } from '../support/app-login.ts';
import { platformUnderTest, type PlatformUnderTest } from '../support/platform-under-test.ts';

// Until July 2019 whoever knew a login ID, a birth date and a telephone number had the reset mailed to an address of
// their own; who had given no birth date had 2019-01-01.
const PASSWORD = 'reused-at-another-shop-2018';
const EVIL = 'thief@example.net';
let under: PlatformUnderTest;
let victims = 0;
beforeAll(async () => {
  under = await platformUnderTest('forgotten_password');
});
afterAll(() => under.stop());

async function aVictim() {
  const mail = `victim-${(victims += 1)}@example.com`;
  const person = { mail, displayName: '被害者', password: PASSWORD };
  const made = await under.platform.identity.registerMember(person);
  if (isRefused(made)) throw new Error('the victim can register');
  return { mail, memberId: made.memberId };
}
const delivered = () => under.platform.messageCarrier.delivered();
const codeTo = (mail: string) =>
  eventually(async () => {
    const [last] = delivered()
      .filter(({ to }) => to === mail)
      .slice(-1);
    return /\d{6}/.exec(last?.text ?? '')?.[0];
  });

/** The form for a forgotten password, on a device that was never seen. */
async function atTheForm() {
  const device = await aNewDevice(under);
  const login = await device.open();
  const form = await device.browser.go(`${login.url}/forgot`);
  return { ...device, form };
}
/** Posts a form with more than a browser would: other fields, several of one name, headers. */
async function post(
  { browser, form }: Awaited<ReturnType<typeof atTheForm>>,
  fields: readonly (readonly [string, string])[],
  headers: Record<string, string> = {},
): Promise<number> {
  const token = /name="form" value="([^"]+)"/.exec(form.text)?.[1] ?? '';
  const body = new URLSearchParams([
    ['form', token],
    ...fields.map((pair) => [...pair]),
  ]).toString();
  const cookie = browser
    .cookies()
    .map(({ name, value }) => `${name}=${value}`)
    .join('; ');
  return new Promise((done, failed) => {
    const sent = httpRequest(form.url, {
      method: 'POST',
      headers: {
        cookie,
        origin: new URL(form.url).origin,
        'content-type': 'application/x-www-form-urlencoded',
        ...headers,
      },
    });
    sent.on('error', failed);
    sent.on('response', (response) => {
      response.resume();
      response.on('end', () => done(response.statusCode ?? 0));
    });
    sent.end(body);
  });
}

type Trick = (mail: string) => {
  fields: [string, string][];
  headers?: Record<string, string>;
};
/** Each is a request that an honest form never makes; whether the code of the victim goes out by it. */
const TRICKS: readonly [string, Trick, 'MAILED' | 'NOTHING'][] = [
  [
    'another destination in fields that other services have',
    (mail) => ({
      fields: [
        ['mail', mail],
        ...['to', 'email', 'sendTo', 'destination', 'contact', 'phone', 'cc', 'bcc'].map(
          (name): [string, string] => [name, EVIL],
        ),
      ],
    }),
    'MAILED',
  ],
  [
    'a second address under the same name',
    (mail) => ({
      fields: [
        ['mail', mail],
        ['mail', EVIL],
      ],
    }),
    'MAILED',
  ],
  ['two addresses in one', (mail) => ({ fields: [['mail', `${mail},${EVIL}`]] }), 'NOTHING'],
  [
    'a header in the address',
    (mail) => ({ fields: [['mail', `${mail}\r\nBcc: ${EVIL}`]] }),
    'NOTHING',
  ],
  [
    'an array',
    (mail) => ({
      fields: [
        ['mail[]', mail],
        ['mail[]', EVIL],
      ],
    }),
    'NOTHING',
  ],
  [
    'another host',
    (mail) => ({
      fields: [['mail', mail]],
      headers: {
        host: 'evil.example',
        'x-forwarded-host': 'evil.example',
        'x-forwarded-for': '203.0.113.66',
        forwarded: 'host=evil.example',
        'x-original-url': '/evil',
      },
    }),
    'MAILED',
  ],
  ['another case', (mail) => ({ fields: [['mail', mail.toUpperCase()]] }), 'MAILED'],
  [
    'full-width letters',
    (mail) => ({ fields: [['mail', mail.replace('victim', 'ｖｉｃｔｉｍ')]] }),
    'MAILED',
  ],
  [
    'a letter that looks the same',
    (mail) => ({ fields: [['mail', mail.replace('i', 'і')]] }),
    'NOTHING',
  ],
  [
    'a domain that looks the same',
    (mail) => ({ fields: [['mail', mail.replace('.com', '.cоm')]] }),
    'NOTHING',
  ],
  ['a NUL', (mail) => ({ fields: [['mail', `${mail}\0${EVIL}`]] }), 'NOTHING'],
  [
    'an invisible letter',
    (mail) => ({ fields: [['mail', mail.replace('@', '\u200b@')]] }),
    'NOTHING',
  ],
  ['a plus', (mail) => ({ fields: [['mail', mail.replace('@', '+evil@')]] }), 'NOTHING'],
  [
    'a birth date that nobody gave',
    () => ({
      fields: [
        ['birthDate', '2019-01-01'],
        ['phone', '09012345678'],
        ['mail', EVIL],
      ],
    }),
    'NOTHING',
  ],
];

describe('a forgotten password', () => {
  it.each(TRICKS)('mails to the verified contact or to nobody: %s', async (_, trick, outcome) => {
    const { mail } = await aVictim();
    const form = await atTheForm();
    const before = delivered().length;
    const { fields, headers } = trick(mail);
    expect(await post(form, fields, headers)).toBe(200);
    // An honest request behind it: what the trick sent has gone out by then, or never will.
    const other = await aVictim();
    await post(await atTheForm(), [['mail', other.mail]]);
    await codeTo(other.mail);
    const told = delivered().slice(before);
    const expected = outcome === 'MAILED' ? [mail, other.mail] : [other.mail];
    expect(told.map(({ to }) => to).toSorted()).toEqual(expected.toSorted());
    expect(JSON.stringify(told)).not.toMatch(/evil|thief/);
  });

  it('asks for no birth date and has no field for a destination', async () => {
    const { form } = await atTheForm();
    const names = [...form.text.matchAll(/<input\b[^>]*name="([^"]+)"/g)].map(([, name]) => name);
    expect(names).toEqual(['form', 'mail']);
    expect(form.text).not.toMatch(/生年月日|birth/i);
  });

  it('tells every contact, cools the wallet, and stops all when the member says “not me”', async () => {
    const { mail, memberId } = await aVictim();
    // Of a login made just now each time: a reset and “not me” end every login before them.
    const ask = async <Data>(query: string) =>
      (await under.graph.ask<Data>(query, {}, await under.mint.member(memberId))).data;
    await ask('mutation { openWallet(input: { termsVersion: "2019-07-01" }) { __typename } }');
    const thief = await atTheForm();
    const asked = await thief.browser.submit(thief.form, '/forgot', { mail });
    const proven = await thief.browser.submit(asked, '/forgot/code', {
      code: (await codeTo(mail)) ?? '',
    });
    const back = await thief.browser.submit(proven, '/reset/password', {
      password: 'a quiet harbour at night',
    });
    expect(back.url).toContain('code=');
    const cooling = '{ wallet { cooling { limit } } }';
    await eventually(async () => {
      const { wallet } = await ask<{ wallet: { cooling: object | null } }>(cooling);
      return wallet.cooling;
    });
    const link = await eventually(async () =>
      delivered()
        .filter(({ to }) => to === mail)
        .map(({ text }) => /https?:\S+\/not-me\/\S+/.exec(text)?.[0])
        .find((found) => found !== undefined),
    );
    const page: Page = await thief.browser.go(link ?? '');
    const done = await thief.browser.submit(page, new URL(page.url).pathname);
    expect(done.text).toContain('すべて止めました');
    await eventually(async () => {
      const { wallet } = await ask<{ wallet: { state: string; ownFreeze: object | null } }>(
        '{ wallet { state ownFreeze { at } } }',
      );
      return wallet.state === 'FROZEN' && wallet.ownFreeze;
    });
    const again = await atTheForm();
    const login = await again.open();
    const locked = await again.browser.submit(login, '/login', {
      mail,
      password: 'a quiet harbour at night',
    });
    expect(locked.text).toContain('LOGIN_LOCKED');
  });
});
