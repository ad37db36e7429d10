import { cohortSchema } from '@7pay/controls';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { aBrowser, type Page } from '../testing/browser.ts';
import { type ExternalLogins, runWithExternalIds } from '../testing/external-logins.ts';
import { APPS, PASSWORD } from '../testing/running-identity.ts';

const NEW_PASSWORD = 'seven red lanterns at the pier';
let external: ExternalLogins;
let running: ExternalLogins['running'];
let serial = 0;

beforeAll(async () => {
  external = await runWithExternalIds();
  ({ running } = external);
});
afterAll(() => external.stop());
afterEach(() => {
  for (const key of ['recovery', 'login.password']) running.controls.open(key);
  for (const { id } of running.controls.cutOffs) running.controls.lift(id);
});

const isStopped = ({ status, text }: Page) =>
  status === 403 && /ただいまこの(機能を停止|方法ではログインできません)/.test(text);
/** At each step of the owner of an address, as far as it goes: the page before it, and how it is taken. */
async function anOwner() {
  const mail = `stopped-${(serial += 1)}@example.jp`;
  await running.identity.registerMember({ mail, displayName: 'は', password: PASSWORD });
  await running.connection.collection('identity_contacts').deleteMany({ address: mail });
  const browser = aBrowser({ leaveAt: APPS });
  const start = await browser.go(`${running.issuer}/carry-over`);
  const claim = () => browser.submit(start, '/claim', { address: mail });
  const prove = async (asked: Page) => {
    const code = await vi.waitFor(
      () =>
        /\d{6}/.exec(running.carrier.inbox(mail).at(-1)?.text ?? '')?.[0] ??
        expect.fail(`nothing was sent to ${mail}`),
    );
    return browser.submit(asked, '/proof', { code });
  };
  const set = (at: Page) => browser.submit(at, '/password', { password: NEW_PASSWORD });
  return { mail, claim, prove, set };
}

describe('proving oneself by a contact', () => {
  it('is stopped with recoveries, at each step', async () => {
    const { mail, claim, prove, set } = await anOwner();
    running.controls.close('recovery');
    expect(isStopped(await claim())).toBe(true);
    expect(running.carrier.inbox(mail)).toEqual([]);
    running.controls.open('recovery');
    const asked = await claim();
    running.controls.close('recovery');
    expect(isStopped(await prove(asked))).toBe(true);
    running.controls.open('recovery');
    const at = await prove(asked); // the code that was not looked at
    running.controls.close('recovery');
    expect(isStopped(await set(at))).toBe(true);
    running.controls.open('recovery');
    expect((await set(at)).text).toContain('設定しました');
  });

  it('sets no password while logins by password are stopped', async () => {
    const { claim, prove, set } = await anOwner();
    const at = await prove(await claim());
    running.controls.close('login.password');
    expect(isStopped(await set(at))).toBe(true);
    running.controls.open('login.password');
    expect((await set(at)).text).toContain('設定しました');
  });

  it('is refused to whomever a cut-off means, by what they would log in by', async () => {
    const { claim, prove, set } = await anOwner();
    const at = await prove(await claim());
    const cohort = cohortSchema.parse({ methods: ['PASSWORD'] });
    const { id } = running.controls.cut({ effects: ['BLOCK_NEW'], cohort });
    expect(isStopped(await (await anOwner()).claim())).toBe(false);
    expect(isStopped(await set(at))).toBe(true);
    running.controls.lift(id);
    expect((await set(at)).text).toContain('設定しました');
  });
});
