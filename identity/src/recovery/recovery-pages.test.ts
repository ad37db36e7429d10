import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type ForgottenPasswords,
  runWithForgottenPasswords,
} from '../testing/forgotten-passwords.ts';
import type { Page } from '../testing/browser.ts';
import { RECOVERY_LIMITS } from './recovery.ts';

const NEXT = 'another harbour in autumn';
let forgotten: ForgottenPasswords;
beforeAll(async () => {
  forgotten = await runWithForgottenPasswords();
});
afterAll(() => forgotten.stop());
beforeEach(() => {
  forgotten.clock.advance(25 * 3_600_000);
  forgotten.done.length = 0;
});

describe('what a page tells about an account', () => {
  const asPage = ({ text, status }: Page) => ({
    status,
    text: text.replace(/[\w-]{21,}/g, ':id').replace(/\d{2}:\d{2}/g, ':time'),
  });
  it('is the same for everybody: known, unknown, without a contact, locked, at the limit', async () => {
    const [known, bare, locked, limited] = [
      await forgotten.aMember(),
      await forgotten.aMember(),
      await forgotten.aMember(),
      await forgotten.aMember(),
    ];
    const members = forgotten.running.connection.collection<{ _id: string }>('identity_members');
    const lock = { at: forgotten.clock.now(), since: new Date(0), without: [], liftedAt: null };
    await members.updateOne({ _id: locked.memberId }, { $set: { lock } });
    await forgotten.running.connection
      .collection('identity_contacts')
      .deleteMany({ memberId: bare.memberId });
    for (let n = 0; n <= RECOVERY_LIMITS.perAccountHour; n += 1) await forgotten.ask(limited.mail);
    const pages = [];
    const ids = [known, bare, locked, limited].map(({ mail }) => mail);
    for (const mail of [...ids, 'nobody@example.jp', 'no mail', '']) {
      const { browser, asked } = await forgotten.ask(mail);
      const wrong = await browser.submit(asked, '/forgot/code', { code: '12345' });
      const sms = await browser.submit(wrong, '/forgot/sms');
      pages.push([asked, wrong, sms].map(asPage));
    }
    expect(pages.map((one) => one.map(({ status }) => status))).toEqual(
      pages.map(() => [200, 400, 200]),
    );
    for (const one of pages) expect(one).toEqual(pages[0]);
    expect(forgotten.running.carrier.inbox(known.address)).toHaveLength(1);
    expect(forgotten.running.carrier.inbox(limited.address)).toHaveLength(
      RECOVERY_LIMITS.perAccountHour,
    );
    for (const { address } of [bare, locked])
      expect(forgotten.running.carrier.inbox(address)).toEqual([]);
  });

  it('is stopped for all by its switch, before anything is looked at', async () => {
    const { browser, asked } = await forgotten.ask('nobody@example.jp');
    forgotten.running.controls.close('recovery');
    const closed = await browser.submit(asked, '/forgot/sms');
    forgotten.running.controls.open('recovery');
    expect([closed.status, closed.text.includes('FUNCTION_CLOSED')]).toEqual([403, true]);
  });

  it.each(['recovery', 'login.password'])('is stopped at its last step too by %s', async (key) => {
    const { browser, proven } = await forgotten.askAndProve(await forgotten.aMember());
    forgotten.running.controls.close(key);
    const closed = await forgotten.setPassword(browser, proven, NEXT);
    forgotten.running.controls.open(key);
    expect(closed.text).toContain('この機能を停止しています');
    expect((await forgotten.setPassword(browser, proven, NEXT)).url).toContain('code=');
  });
});
