import type { PublicKeyCredentialRequestOptionsJSON as RequestOptions } from '@simplewebauthn/server';
import { isRefused } from '@7pay/refusals';
import { decodeJwt } from 'jose';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { firstPasskey } from '../testing/first-passkey.ts';
import {
  type ForgottenPasswords,
  runWithForgottenPasswords,
} from '../testing/forgotten-passwords.ts';
import { anAuthenticator } from '../testing/authenticator.ts';
import { passkeyOptionsOf } from '../testing/browser.ts';
import { logIn } from '../testing/running-identity.ts';

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

describe('a member who has a second factor', () => {
  it('shows a code of the app too; the mail alone sets nothing, and the app stays', async () => {
    const person = await forgotten.aMember();
    const { secret } = await forgotten.account.useCases.app.begin(person.memberId, person.mail);
    const totp = new TOTP({ secret: Secret.fromBase32(secret) });
    const code = () => totp.generate({ timestamp: forgotten.clock.now().getTime() });
    const recovery = await forgotten.account.useCases.app.confirm(person.memberId, code());
    if (isRefused(recovery)) throw new Error(recovery.refused);
    forgotten.clock.advance(60_000);
    const { browser, proven, request } = await forgotten.askAndProve(person);
    expect(proven.text).not.toContain('type="password"');
    const forged = {
      ...proven,
      text: proven.text.replace('/forgot/second/app', '/reset/password'),
    };
    const refused = await forgotten.setPassword(browser, forged, NEXT);
    expect(refused.url).not.toContain('code=');
    expect((await logIn(forgotten.app, { ...person, password: NEXT })).back.text).toContain(
      'ログインできませんでした',
    );
    const wrong = await browser.submit(proven, '/second/app', { code: '000000' });
    expect(wrong.text).toContain('確認できませんでした');
    const next = await browser.submit(wrong, '/second/app', { code: recovery[0] ?? '' });
    const back = await forgotten.setPassword(browser, next, NEXT);
    expect(decodeJwt((await request.redeem(back)).access_token)['amr']).toEqual([
      'pwd',
      'mail',
      'recovery',
    ]);
    expect((await forgotten.account.factors.find(person.memberId))?.totp).not.toBeNull();
  });

  it('shows a passkey of their own', async () => {
    const person = await forgotten.aMember();
    const authenticator = anAuthenticator(forgotten.running.issuer);
    const enrolling = await logIn(forgotten.app, person, { acr_values: 'urn:7id:acr:2' });
    const { browser: home, back: page } = enrolling;
    await firstPasskey(forgotten.running, {
      browser: home,
      page,
      mail: person.address,
      authenticator,
    });
    const { browser, proven, request } = await forgotten.askAndProve(person);
    const options = passkeyOptionsOf<RequestOptions>(proven, '/second/passkey');
    const next = await browser.submit(proven, '/second/passkey', {
      credential: authenticator.get(options),
    });
    const back = await forgotten.setPassword(browser, next, NEXT);
    expect(decodeJwt((await request.redeem(back)).access_token)['acr']).toBe('urn:7id:acr:3');
  });

  it.each(['mail', 'sms'] as const)(
    'proves both the mail and the telephone, whichever came first: %s',
    async (first) => {
      const telephone = first === 'mail' ? '+819012340001' : '+819012340002';
      const person = await forgotten.aMember(telephone);
      const { browser, asked } = await forgotten.ask(person.mail);
      let page = asked;
      if (first === 'sms') {
        page = await browser.submit(asked, '/forgot/sms');
        await forgotten.workDone(2);
        expect(page.text.replace(/<form[\s\S]*?<\/form>/g, '')).not.toContain(telephone.slice(-4));
      }
      const [one, other] =
        first === 'mail' ? [person.address, telephone] : [telephone, person.address];
      const proven = await browser.submit(page, '/forgot/code', { code: forgotten.codeFor(one) });
      expect(proven.text).toContain(first === 'mail' ? telephone.slice(-4) : '@example.jp');
      const sent = await browser.submit(proven, '/second/send');
      const next = await browser.submit(sent, '/second/code', { code: forgotten.codeFor(other) });
      expect((await forgotten.setPassword(browser, next, NEXT)).url).toContain('code=');
    },
  );
});
