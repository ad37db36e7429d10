import * as oidc from 'openid-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aBrowser, type Browser } from '../testing/browser.ts';
import {
  anApp,
  type App,
  logIn,
  PASSWORD,
  runIdentity,
  type RunningIdentity,
} from '../testing/running-identity.ts';

const HANA = { mail: 'hana@example.jp', displayName: 'はな', password: PASSWORD };
let commands: string[] = [];
let running: RunningIdentity;
let app: App;
beforeAll(async () => {
  running = await runIdentity({ onCommand: (name) => void commands.push(name) });
  app = await anApp(running.issuer, 'seven-eleven-app');
  await running.identity.registerMember(HANA);
});
afterAll(() => running.stop());

/** A browser without a session that the member used before. */
function returning(before: Browser): Browser {
  const kept = before
    .cookies()
    .filter(({ name }) => !/^7id_(session|interaction|resume)/.test(name));
  const cookies = kept.map(({ name, value }) => `${name}=${value}`).join('; ');
  return aBrowser({
    fetch: (url, init) => {
      const headers = new Headers(init?.headers);
      headers.set('cookie', [headers.get('cookie'), cookies].filter(Boolean).join('; '));
      return fetch(url, { ...init, headers });
    },
  });
}

/** What a full login sends to the database, from the request of the app to its tokens. */
async function commandsOf(browser: Browser): Promise<string[]> {
  await app.request(); // the client is known to this process
  commands = [];
  const { redeem } = await logIn(app, HANA, {}, browser);
  await redeem();
  return commands;
}

it('a full login sends 12 commands to the database', async () => {
  const first = aBrowser();
  await logIn(app, HANA, {}, first);
  // Whether it came to be is asked twice: a read of the client falls due every two seconds.
  const counts = [
    (await commandsOf(returning(first))).filter((name) => name !== 'identity_client'),
    (await commandsOf(returning(first))).filter((name) => name !== 'identity_client'),
  ];
  for (const sent of counts) expect(sent, sent.join(' ')).toHaveLength(12);
});

it('one by a browser in a session sends 8, without its password and its record', async () => {
  const browser = aBrowser();
  await logIn(app, HANA, {}, browser);
  const request = await app.request();
  commands = [];
  const back = await browser.go(request.url);
  await request.redeem(back);
  const sent = commands.filter((name) => name !== 'identity_client');
  expect(sent.length, sent.join(' ')).toBeLessThanOrEqual(8);
});

it('a refresh sends 3: the token with what it rests on, its end, and the next token', async () => {
  const { redeem } = await logIn(app, HANA);
  const { refresh_token: token = '' } = await redeem();
  commands = [];
  await oidc.refreshTokenGrant(app.configuration, token);
  const sent = commands.filter((name) => name !== 'identity_client');
  expect(sent).toEqual(Array(3).fill('identity_refreshToken'));
});

it('a token of an older version, which names nothing to come along, is as good', async () => {
  const { redeem } = await logIn(app, HANA);
  const { refresh_token: token = '' } = await redeem();
  const kept = running.connection.collection('identity_refreshToken');
  const names = { grantDigest: '', sessionUid: '', loginId: '' };
  expect((await kept.updateMany({}, { $unset: names })).modifiedCount).toBeGreaterThan(0);
  const next = await oidc.refreshTokenGrant(app.configuration, token);
  expect(next.access_token).toBeTruthy();
});
