import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isRefused } from '@7pay/refusals';
import { fixedClock } from '@7pay/time';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  anApp,
  type App,
  logIn,
  PASSWORD,
  runIdentity,
  type RunningIdentity,
} from '../testing/running-identity.ts';
import { makeBreachedFile } from './breached-file.ts';

const LEAKED = 'seventeen purple walruses';
const NEXT = 'another harbour in autumn';
let folder: string;
let file: string;
let running: RunningIdentity;
let app: App;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'breached-'));
  file = path.join(folder, 'breached.bin');
  const list = path.join(folder, 'list.txt');
  writeFileSync(list, `${createHash('sha1').update(LEAKED).digest('hex')}:3\n`);
  await makeBreachedFile(list, file);
  running = await runIdentity({
    clock: fixedClock(new Date()),
    settings: { breachedPasswordsFile: file },
  });
  app = await anApp(running.issuer, 'seven-eleven-app');
});
afterAll(async () => {
  await running.stop();
  rmSync(folder, { recursive: true });
});
const register = (mail: string, password: string) =>
  running.identity.registerMember({ mail, displayName: 'みなと', password });

describe('a password that is set', () => {
  it.each([
    [LEAKED, 'PASSWORD_BREACHED'],
    ['ｓｅｖｅｎｔｅｅｎ purple walruses', 'PASSWORD_BREACHED'],
    ['Sunshine1234!', 'PASSWORD_GUESSABLE'],
    ['november2019', 'PASSWORD_GUESSABLE'],
  ])('%j is refused with %s', async (password, code) => {
    expect(await register('weak@example.jp', password)).toMatchObject({ refused: code });
  });

  it('is fine when it has not leaked and takes many guesses', async () => {
    expect(isRefused(await register('strong@example.jp', PASSWORD))).toBe(false);
  });
});

describe('a right password that has leaked', () => {
  it('opens nothing but its replacement, which has not leaked', async () => {
    const mail = 'leaked@example.jp';
    await register(mail, PASSWORD);
    // As it stands with members whose password leaked after it was set.
    const members = running.connection.collection('identity_members');
    const other = await runIdentity({ clock: fixedClock(new Date()) });
    await other.identity.registerMember({ mail, displayName: 'みなと', password: LEAKED });
    const row = await other.connection
      .collection('identity_members')
      .findOne({ canonicalMail: mail });
    await other.stop();
    await members.updateOne(
      { canonicalMail: mail },
      { $set: { passwordHash: row?.['passwordHash'] } },
    );

    const { browser, back, request } = await logIn(app, { mail, password: LEAKED });
    expect(back.text).toContain('パスワードの再設定');
    expect(back.text).toContain('流出');
    const silent = await browser.go((await app.request({ prompt: 'none' })).url);
    expect(silent.url).toContain('login_required');

    const asked = await browser.submit(back, '/reset/code');
    const told = running.carrier.inbox(mail).at(-1)?.text ?? '';
    const code = /\d{6,8}/.exec(told)?.[0] ?? '';
    const proven = await browser.submit(asked, '/reset/proof', { code });
    const same = await browser.submit(proven, '/reset/password', { password: LEAKED });
    expect(same.text).toContain('過去に流出したもの');
    const done = await browser.submit(same, '/reset/password', { password: NEXT });
    expect((await request.redeem(done)).access_token).toBeTruthy();
    expect((await logIn(app, { mail, password: NEXT })).back.url).toContain('code=');
  });
});
