import type { PublicKeyCredentialRequestOptionsJSON as RequestOptions } from '@simplewebauthn/server';
import { fixedClock } from '@7pay/time';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { firstPasskey } from '../testing/first-passkey.ts';
import { anAuthenticator } from '../testing/authenticator.ts';
import { aBrowser, passkeyOptionsOf } from '../testing/browser.ts';
import {
  anApp,
  logIn,
  PASSWORD,
  runIdentity,
  type RunningIdentity,
} from '../testing/running-identity.ts';

const MAIL = 'hana@example.jp';
let running: RunningIdentity;
beforeAll(async () => {
  running = await runIdentity({ clock: fixedClock(new Date()) });
  await running.identity.registerMember({ mail: MAIL, displayName: 'はな', password: PASSWORD });
});
afterAll(() => running.stop());

it('a network that guessed too often gets in by passkey, and by no password', async () => {
  const app = await anApp(running.issuer, 'seven-eleven-app');
  const authenticator = anAuthenticator(running.issuer);
  const { browser: home, back: first } = await logIn(
    app,
    { mail: MAIL },
    { acr_values: 'urn:7id:acr:2' },
  );
  await firstPasskey(running, { browser: home, page: first, mail: MAIL, authenticator });

  const guesser = await logIn(app, { mail: 'nobody@example.jp' });
  for (let n = 0; n < 29; n += 1) {
    await guesser.browser.submit(guesser.page, '/login', { mail: MAIL, password: 'a guess' });
  }
  const { back } = await logIn(app, { mail: MAIL });
  expect(back.status).toBe(503);
  expect(back.text).toContain('混み合っています');

  const browser = aBrowser();
  const request = await app.request();
  const page = await browser.go(request.url);
  const options = passkeyOptionsOf<RequestOptions>(page, '/passkey');
  const entered = await browser.submit(page, '/passkey', {
    credential: authenticator.get(options),
  });
  expect((await request.redeem(entered)).claims()).toMatchObject({ acr: 'urn:7id:acr:3' });
});
