import type { CutOff } from '@7pay/controls';
import { isRefused } from '@7pay/refusals';
import { fixedClock } from '@7pay/time';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { memberModel } from '../account/member.store.ts';
import type { Browser, Page } from '../testing/browser.ts';
import { aBrowser } from '../testing/browser.ts';
import { anApp, type App, logIn, PASSWORD, runIdentity } from '../testing/running-identity.ts';
import type { RunningIdentity } from '../testing/running-identity.ts';
import { openResetStore } from './reset.store.ts';

// A reset rests on a password, or on a proof, of a moment ago: it is worth nothing once its member is back by another way.
const NEXT = 'another harbour in autumn';
const THIEFS = 'a third harbour in the winter';
const clock = fixedClock(new Date());
let running: RunningIdentity;
let app: App;
let cut: CutOff;
let count = 0;

beforeAll(async () => {
  running = await runIdentity({ clock });
  app = await anApp(running.issuer, 'seven-eleven-app');
});
afterAll(() => running.stop());
afterEach(() => {
  running.controls.lift(cut.id);
  clock.advance(1_000);
});

/** A member whom a mass reset means. */
async function aMember() {
  const mail = `outlived-${(count += 1)}@example.jp`;
  const made = await running.identity.registerMember({
    mail,
    displayName: 'みなと',
    password: PASSWORD,
  });
  if (isRefused(made)) throw new Error(made.refused);
  cut = running.controls.cut({ effects: ['RESET_PASSWORD'], cutAt: clock.now() });
  return { mail, memberId: made.memberId };
}
type Person = Awaited<ReturnType<typeof aMember>>;
const codeTo = ({ mail }: Person) =>
  /\d{6}/.exec(running.carrier.inbox(mail).at(-1)?.text ?? '')?.[0] ?? '';
async function prove(person: Person) {
  const { browser, back } = await logIn(app, person);
  const asked = await browser.submit(back, '/reset/code');
  const page = await browser.submit(asked, '/reset/proof', { code: codeTo(person) });
  expect(page.text).toContain('/reset/password');
  return { browser, page };
}
const set = ({ browser, page }: { browser: Browser; page: Page }, password: string) =>
  browser.submit(page, '/reset/password', { password });
const members = () => memberModel(running.connection);
const hashOf = async ({ memberId }: Person) =>
  (await members().findById(memberId).lean())?.passwordHash;
const lock = async ({ memberId }: Person) => {
  const at = clock.now();
  const locked = { lock: { at, since: at, without: [], liftedAt: null } };
  await members().updateOne({ _id: memberId }, { $set: locked });
};
const isOver = ({ text }: Page) => text.includes('有効期限が切れました');

describe('a reset that was proven', () => {
  it('is over once the member has set a password in another browser, and counts once', async () => {
    const person = await aMember();
    const [thief, owner] = [await prove(person), await prove(person)];
    expect((await set(owner, NEXT)).url).toContain('code=');
    const hash = await hashOf(person);
    expect(isOver(await set(thief, THIEFS))).toBe(true);
    expect(await hashOf(person)).toBe(hash);
    expect(await openResetStore(running.connection).done(cut.id)).toBe(1);
  });

  it('is finished by one of two browsers at the same time', async () => {
    const person = await aMember();
    const both = [await prove(person), await prove(person)];
    const done = await Promise.all(both.map((one, n) => set(one, `${NEXT} number ${n}`)));
    expect(done.filter(({ url }) => url.includes('code='))).toHaveLength(1);
    expect(await openResetStore(running.connection).done(cut.id)).toBe(1);
  });

  it('ends a recovery of the member that was under way', async () => {
    const person = await aMember();
    const owner = await prove(person);
    const thief = aBrowser();
    const login = await thief.go((await app.request()).url);
    const form = await thief.go(`${login.url}/forgot`);
    await thief.submit(form, '/forgot', { mail: person.mail });
    const { memberId } = person;
    const open = () =>
      running.connection.collection('identity_recoveries').countDocuments({ memberId });
    await vi.waitFor(async () => expect(await open()).toBe(1), { timeout: 20_000 });
    await set(owner, NEXT);
    expect(await open()).toBe(0);
  });

  it('logs nobody in by a password while the switch of such logins is closed', async () => {
    const person = await aMember();
    const proven = await prove(person);
    const hash = await hashOf(person);
    running.controls.close('login.password');
    const closed = await set(proven, NEXT);
    running.controls.open('login.password');
    expect(closed.text).toContain('この機能を停止しています');
    expect(await hashOf(person)).toBe(hash);
    expect((await set(proven, NEXT)).url).toContain('code=');
  });

  it('sets nothing for a member who was locked meanwhile, nor when support has let them in again', async () => {
    const person = await aMember();
    const thief = await prove(person);
    const hash = await hashOf(person);
    await lock(person);
    const whileLocked = await set(thief, THIEFS);
    expect([isOver(whileLocked), await hashOf(person)]).toEqual([true, hash]);
    await running.identity.admin.unlockLogin(person.memberId);
    expect(isOver(await set(thief, THIEFS))).toBe(true);
    expect(await hashOf(person)).toBe(hash);
  });
});

it('begins no reset for a locked member, and sends no code', async () => {
  const person = await aMember();
  await lock(person);
  const before = running.carrier.delivered().length;
  const { back } = await logIn(app, person);
  expect([back.status, back.text.includes('LOGIN_LOCKED')]).toEqual([403, true]);
  expect(running.carrier.delivered()).toHaveLength(before);
  const { memberId } = person;
  const begun = running.connection
    .collection('identity_pendingResets')
    .countDocuments({ memberId });
  expect(await begun).toBe(0);
});
