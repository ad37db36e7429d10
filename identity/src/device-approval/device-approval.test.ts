import { isRefused } from '@7pay/refusals';
import { randomIds } from '@7pay/ids';
import { silentLog } from '@7pay/telemetry';
import { fixedClock } from '@7pay/time';
import { decodeJwt } from 'jose';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openAccount } from '../account/open-account.ts';
import { openAudit } from '../audit/audit.store.ts';
import type { Browser, Page } from '../testing/browser.ts';
import {
  anApp,
  type App,
  logIn,
  PASSWORD,
  runIdentity,
  type RunningIdentity,
} from '../testing/running-identity.ts';
import { ASKED_PER_HOUR_MAX, WAIT_SECONDS, WAITING_MAX } from './device-approval.ts';

const clock = fixedClock(new Date());
const STRONGER = { acr_values: 'urn:7id:acr:2' };
const ASK = 'お使いの端末で承認する';
let running: RunningIdentity;
let app: App;
let account: ReturnType<typeof openAccount>;
let members = 0;
beforeAll(async () => {
  running = await runIdentity({ clock });
  app = await anApp(running.issuer, 'seven-eleven-app');
  const { credentialSecrets, messageCarrier } = running.settings;
  const settings = { credentialSecrets, messageCarrier };
  const { connection } = running;
  account = openAccount({
    connection,
    settings,
    audit: openAudit(connection, { clock, ids: randomIds }),
    clock,
    ids: randomIds,
    log: silentLog,
  });
});
afterAll(() => running.stop());
beforeEach(() => clock.advance(2 * 60 * 60_000));

interface Person {
  readonly mail: string;
  readonly code: () => string;
}
async function aPerson(): Promise<Person> {
  const mail = `devices-${(members += 1)}@example.jp`;
  const person = { mail, displayName: 'しおり', password: PASSWORD };
  const made = await running.identity.registerMember(person);
  if (isRefused(made)) throw new Error(made.refused);
  const { secret } = await account.useCases.app.begin(made.memberId, mail);
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  const code = () => totp.generate({ timestamp: clock.now().getTime() });
  const begun = await account.useCases.app.confirm(made.memberId, code());
  if (isRefused(begun)) throw new Error(begun.refused);
  clock.advance(30_000);
  return { mail, code };
}
/** The device that the member uses: logged in by more than the password. */
async function oldDevice(person: Person): Promise<Browser> {
  const { browser, back } = await logIn(app, person, STRONGER);
  await browser.submit(back, '/code', { code: person.code() });
  clock.advance(30_000);
  return browser;
}
/** A device that was never seen, where somebody knows the password. */
const newDevice = (person: Pick<Person, 'mail'>) => logIn(app, person, STRONGER);
const numberOn = ({ text }: Page): string => /<strong>(\d{2})<\/strong>/.exec(text)?.[1] ?? '';
const requests = (browser: Browser) => browser.go(`${running.issuer}/approve`);
const another = (number: string) => String((Number(number) + 1) % 100).padStart(2, '0');

describe('a new device', () => {
  it('is approved on the old one by its number, and then proves as much, once', async () => {
    const person = await aPerson();
    const old = await oldDevice(person);
    const { browser, back, request } = await newDevice(person);
    expect(back.text).toContain(ASK);
    const waiting = await browser.submit(back, '/device');
    const number = numberOn(waiting);
    expect(number).toMatch(/^\d{2}$/);
    const early = await browser.submit(waiting, '/device-check');
    expect([early.status, numberOn(early)]).toEqual([400, number]);

    const shown = await requests(old);
    expect(shown.text).toContain('新しい端末からのログイン');
    expect(shown.text).not.toContain(number);
    const approved = await old.submit(shown, '/allow', { number });
    expect(approved.text).toContain('承認しました。新しい端末の画面に戻って');
    expect((await requests(old)).text).not.toContain('新しい端末からのログイン');

    const done = await browser.submit(early, '/device-check');
    const { access_token: token } = await request.redeem(done);
    expect(decodeJwt(token)).toMatchObject({ acr: 'urn:7id:acr:2', amr: ['pwd', 'device'] });
  });

  it('is offered no old device whose login has ended', async () => {
    const person = await aPerson();
    await oldDevice(person);
    const { mail } = person;
    const ended = { $set: { loginsEndedAt: clock.now() } };
    await running.connection.collection('identity_members').updateOne({ mail }, ended);
    clock.advance(2_000);
    expect((await newDevice(person)).back.text).not.toContain(ASK);
    await oldDevice(person);
    expect((await newDevice(person)).back.text).toContain(ASK);
  });

  it('is one login of any number that ask at once', async () => {
    const person = await aPerson();
    const old = await oldDevice(person);
    const { browser, back } = await newDevice(person);
    const waiting = await browser.submit(back, '/device');
    await old.submit(await requests(old), '/allow', { number: numberOn(waiting) });
    const answers = await Promise.allSettled(
      Array.from({ length: 8 }, () => browser.submit(waiting, '/device-check')),
    );
    const logins = answers.filter(
      (each) => each.status === 'fulfilled' && each.value.url.includes('code='),
    );
    expect(logins).toHaveLength(1);
  });

  it.each([
    ['a wrong number', '/allow', (number: string) => ({ number: another(number) })],
    ['“not me”', '/deny', () => ({})],
  ])('is refused by %s, and the login that asked has ended', async (_, action, fields) => {
    const person = await aPerson();
    const old = await oldDevice(person);
    const { browser, back } = await newDevice(person);
    const waiting = await browser.submit(back, '/device');
    const number = numberOn(waiting);
    const refused = await old.submit(await requests(old), action, fields(number));
    expect(refused.text).toContain('承認しませんでした');
    const over = await browser.submit(waiting, '/device-check');
    expect(over.url).not.toContain('code=');
    expect(over.text).not.toContain(ASK);
    expect((await requests(old)).text).not.toContain('新しい端末からのログイン');
  });

  it('is too late after three minutes', async () => {
    const person = await aPerson();
    const old = await oldDevice(person);
    const { browser, back } = await newDevice(person);
    const waiting = await browser.submit(back, '/device');
    const shown = await requests(old);
    clock.advance(WAIT_SECONDS * 1_000);
    const late = await old.submit(shown, '/allow', { number: numberOn(waiting) });
    expect(late.text).toContain('この依頼はもうありません');
    expect((await browser.submit(waiting, '/device-check')).status).toBe(400);
  });

  it('is offered no approval where nobody could give one', async () => {
    const person = await aPerson();
    await newDevice(person); // knows the password alone, as the next one does
    const { browser, back } = await newDevice(person);
    expect(back.text).not.toContain(ASK);
    const forged = { ...back, text: back.text.replace(/\/abort"/, '/device"') };
    const refused = await browser.submit(forged, '/device');
    expect([refused.status, numberOn(refused)]).toEqual([400, '']);
  });

  it('cannot approve itself, nor can another member, nor one with the password alone', async () => {
    const person = await aPerson();
    await oldDevice(person);
    const { browser, back } = await newDevice(person);
    await browser.submit(back, '/device');
    expect((await requests(browser)).text).not.toContain('新しい端末からのログイン');
    const stranger = await oldDevice(await aPerson());
    expect((await requests(stranger)).text).not.toContain('新しい端末からのログイン');
    const weak = await newDevice(person);
    const shown = await requests(weak.browser);
    expect(shown.text).toContain('本人確認をして承認する');
    expect(shown.text).not.toContain('/allow"');
  });

  it('does not wear anybody out', async () => {
    const person = await aPerson();
    await oldDevice(person);
    const { browser, back } = await newDevice(person);
    let page = back;
    for (let time = 0; time < ASKED_PER_HOUR_MAX; time += 1) {
      page = await browser.submit(page, '/device');
      expect(page.status).toBe(200);
    }
    const many = await browser.submit(page, '/device');
    expect([many.status, many.text]).toEqual([
      400,
      expect.stringContaining('承認の依頼が多すぎます'),
    ]);
    clock.advance(61 * 60_000);
    for (let device = 0; device < WAITING_MAX; device += 1) {
      const each = await newDevice(person);
      expect((await each.browser.submit(each.back, '/device')).status).toBe(200);
    }
    const last = await newDevice(person);
    expect((await last.browser.submit(last.back, '/device')).status).toBe(400);
  });
});
