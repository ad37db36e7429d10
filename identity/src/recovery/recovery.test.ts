import { decodeJwt } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type ForgottenPasswords,
  runWithForgottenPasswords,
} from '../testing/forgotten-passwords.ts';
import { logIn } from '../testing/running-identity.ts';
import { maskedMail } from '../reset/reset.ts';

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

const events = (name: string, memberId: string) =>
  forgotten.running.connection
    .collection('events_outbox')
    .find({ name, 'body.memberId': memberId })
    .toArray();

describe('a forgotten password', () => {
  it('is set anew after a code to the verified mail, ends every login and says so', async () => {
    const person = await forgotten.aMember();
    const before = await logIn(forgotten.app, person);
    const { refresh_token: old = '' } = await before.redeem();
    forgotten.clock.advance(2_000);
    const { browser, proven, request } = await forgotten.askAndProve(person);
    expect(forgotten.running.carrier.inbox(person.address)[0]?.text).toContain(
      maskedMail(person.mail),
    );
    expect(proven.text).toContain(maskedMail(person.mail));
    const back = await forgotten.setPassword(browser, proven, NEXT);
    const claims = decodeJwt((await request.redeem(back)).access_token);
    expect(claims).toMatchObject({ acr: 'urn:7id:acr:1', amr: ['pwd', 'mail'] });
    await expect(oidc.refreshTokenGrant(forgotten.app.configuration, old)).rejects.toThrow();
    expect((await logIn(forgotten.app, person)).back.text).toContain('ログインできませんでした');
    expect((await logIn(forgotten.app, { ...person, password: NEXT })).back.url).toContain('code=');
    expect(await events('identity.logins.ended.v1', person.memberId)).toHaveLength(1);
    const [told] = await events('identity.password.recovered.v1', person.memberId);
    const { recoveredAt, coolsUntil } = (told?.['body'] ?? {}) as Record<string, string>;
    expect(Date.parse(coolsUntil ?? '') - Date.parse(recoveredAt ?? '')).toBe(24 * 3_600_000);
  });

  it('is found by the login ID in any spelling of one mail address', async () => {
    const person = await forgotten.aMember();
    await forgotten.ask(person.mail.toUpperCase().replace('@', '＠'));
    expect(forgotten.running.carrier.inbox(person.address)).toHaveLength(1);
  });

  it('sends nothing to an address that was typed and never verified', async () => {
    const person = await forgotten.aMember();
    await forgotten.running.connection
      .collection('identity_contacts')
      .updateMany({ memberId: person.memberId }, { $set: { verifiedAt: null } });
    await forgotten.ask(person.mail);
    expect(forgotten.running.carrier.inbox(person.address)).toEqual([]);
    expect(forgotten.done).toContain('recovery.no_contact');
  });

  it('takes a code once, five tries, in the browser that asked, and for ten minutes', async () => {
    const person = await forgotten.aMember();
    const first = await forgotten.ask(person.mail);
    const code = forgotten.codeFor(person.address);
    const elsewhere = await forgotten.ask('nobody@example.jp');
    const foreign = await elsewhere.browser.submit(elsewhere.asked, '/forgot/code', { code });
    expect(foreign.text).toContain('確認できませんでした');
    let page = first.asked;
    const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0');
    for (let n = 0; n < 5; n += 1) {
      page = await first.browser.submit(page, '/forgot/code', { code: wrong });
    }
    const right = await first.browser.submit(page, '/forgot/code', { code });
    expect(right.text).toContain('確認できませんでした');

    const again = await forgotten.ask(person.mail);
    forgotten.clock.advance(11 * 60_000);
    const late = await again.browser.submit(again.asked, '/forgot/code', {
      code: forgotten.codeFor(person.address),
    });
    expect(late.text).not.toContain('新しいパスワード');
    const twice = await forgotten.askAndProve(person);
    const used = await twice.browser.submit(twice.asked, '/forgot/code', {
      code: forgotten.codeFor(person.address),
    });
    expect(used.text).toContain('新しく始められました');
  });

  it('takes no code that went to a contact which was taken away meanwhile', async () => {
    const person = await forgotten.aMember();
    const { browser, asked } = await forgotten.ask(person.mail);
    const code = forgotten.codeFor(person.address);
    const contacts = forgotten.running.connection.collection('identity_contacts');
    const { memberId } = person;
    await contacts.updateMany({ memberId }, { $set: { address: `kept-${person.address}` } });
    const late = await browser.submit(asked, '/forgot/code', { code });
    expect(late.text).not.toContain('新しいパスワード');

    const again = await forgotten.aMember();
    const { browser: second, proven } = await forgotten.askAndProve(again);
    expect(proven.text).toContain('新しいパスワード');
    await contacts.deleteMany({ memberId: again.memberId });
    expect((await forgotten.setPassword(second, proven, NEXT)).url).toContain('code='); // it was proven before
  });

  it('is over in one browser when it is begun in another', async () => {
    const person = await forgotten.aMember();
    const first = await forgotten.ask(person.mail);
    const code = forgotten.codeFor(person.address);
    const second = await forgotten.ask(person.mail);
    const old = await first.browser.submit(first.asked, '/forgot/code', { code });
    expect(old.text).toContain('新しく始められました');
    const fresh = await first.browser.submit(first.asked, '/forgot/code', {
      code: forgotten.codeFor(person.address),
    });
    expect(fresh.text).toContain('新しく始められました');
    const proven = await second.browser.submit(second.asked, '/forgot/code', {
      code: forgotten.codeFor(person.address),
    });
    expect(proven.text).toContain('新しいパスワード');
  });

  it('keeps codes only as digests', async () => {
    const person = await forgotten.aMember();
    await forgotten.ask(person.mail);
    const code = forgotten.codeFor(person.address);
    const kept = await Promise.all(
      ['identity_recoveries', 'identity_one_time_codes'].map((name) =>
        forgotten.running.connection.collection(name).find().toArray(),
      ),
    );
    expect(code).toMatch(/^\d{6}$/);
    expect(JSON.stringify(kept)).not.toContain(`"${code}"`);
    expect(JSON.stringify(kept[0])).toContain(person.memberId);
  });
});
