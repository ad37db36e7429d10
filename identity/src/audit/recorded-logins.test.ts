import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aBrowser } from '../testing/browser.ts';
import { anApp, type App, logIn, PASSWORD, runIdentity } from '../testing/running-identity.ts';
import type { RunningIdentity } from '../testing/running-identity.ts';
import { type AuditDocument, auditModel } from './audit.store.ts';
import { verifyAudit } from './audit-export.ts';

const HANA = { mail: 'hana@example.jp', displayName: 'はな子', password: PASSWORD };
let running: RunningIdentity;
let app: App;
let memberId = '';
let seen = new Set<string>();
beforeAll(async () => {
  running = await runIdentity();
  app = await anApp(running.issuer, 'seven-eleven-app');
  const made = await running.identity.registerMember(HANA);
  if ('memberId' in made) memberId = made.memberId;
});
beforeEach(async () => {
  seen = new Set((await rows()).map(({ _id }) => _id));
});
afterAll(() => running.stop());

const rows = () =>
  auditModel(running.connection).find().sort({ at: 1 }).lean() as Promise<AuditDocument[]>;
const news = async () =>
  (await rows()).filter(({ _id }) => !seen.has(_id)).map(({ kind, facts }) => ({ kind, ...facts }));
const ORIGIN = { network: expect.stringMatching(/^net:/) as string };

describe('the record of logins', () => {
  it('has who registered, and that they set a password', async () => {
    const all = (await rows()).map(({ kind, facts }) => ({ kind, ...facts }));
    expect(all).toContainEqual({ kind: 'MEMBER_REGISTERED', memberId });
    expect(all).toContainEqual({ kind: 'PASSWORD_SET', memberId, reason: 'REGISTERED' });
  });

  it('has a login once, with how and where, however often its request is resumed', async () => {
    const { redeem } = await logIn(app, HANA);
    await redeem();
    expect(await news()).toEqual([
      {
        kind: 'LOGIN_MADE',
        memberId,
        clientId: 'seven-eleven-app',
        acr: 'urn:7id:acr:1',
        method: 'PASSWORD',
        newNetwork: true,
        ...ORIGIN,
        agent: expect.any(String) as string,
      },
    ]);
    await logIn(app, HANA);
    expect((await news()).at(-1)).toMatchObject({ kind: 'LOGIN_MADE', newNetwork: false });
  });

  it.each([
    ['an address that nobody has', { mail: 'nobody@example.jp' }, { reason: 'UNKNOWN_ID' }],
    ['a wrong password', { mail: HANA.mail, password: 'wrong' }, { reason: 'WRONG_PASSWORD' }],
    [
      'one that was just wrong',
      { mail: HANA.mail, password: 'wrong' },
      { reason: 'WRONG_PASSWORD' },
    ],
  ])('tells %s apart, which the answer does not', async (_, person, told) => {
    const { back } = await logIn(app, person);
    expect(back.text).toContain('ログインできませんでした');
    const known = told.reason === 'UNKNOWN_ID' ? {} : { memberId };
    const tried = { kind: 'LOGIN_REFUSED', method: 'PASSWORD', clientId: 'seven-eleven-app' };
    expect(await news()).toEqual([
      { ...tried, ...told, ...known, ...ORIGIN, agent: expect.any(String) as string },
    ]);
  });

  it('has what a locked member meets', async () => {
    for (let n = 0; n < 11; n += 1) await logIn(app, { mail: HANA.mail, password: `wrong ${n}` });
    expect((await news()).at(-1)).toMatchObject({ reason: 'LOCKED', memberId });
    await running.connection
      .collection('identity_members')
      .updateOne({ _id: memberId as never }, { $set: { wrongTries: 0 } });
  });

  it('has a login that a switch stops', async () => {
    const browser = aBrowser();
    const page = await browser.go((await app.request()).url);
    running.controls.close('login.password');
    await browser.submit(page, '/login', { mail: HANA.mail, password: PASSWORD });
    running.controls.open('login.password');
    const all = await news();
    expect(all).toEqual([expect.objectContaining({ kind: 'LOGIN_REFUSED', method: 'PASSWORD' })]);
  });

  it('has the end of a session, by whoever ends it', async () => {
    await logIn(app, HANA);
    const ended = await running.identity.admin.endSessionsOf(memberId);
    const all = (await news()).filter(({ kind }) => kind === 'SESSION_ENDED');
    expect(all).toHaveLength(ended);
    expect(all[0]).toEqual({ kind: 'SESSION_ENDED', memberId, reason: 'ENDED' });
  });

  it('holds no login that it could not record', async () => {
    const client = running.connection.getClient();
    const bulkWrite = client.bulkWrite.bind(client);
    client.bulkWrite = async () => {
      throw new Error('the disk is full');
    };
    const browser = aBrowser();
    const { back } = await logIn(app, HANA, {}, browser);
    client.bulkWrite = bulkWrite;
    expect([back.status, back.url.includes('code=')]).toEqual([500, false]);
    expect(browser.cookies().map(({ name }) => name)).not.toContain('7id_session');
    expect(await news()).toEqual([]);
    expect(await running.connection.collection('identity_logins').countDocuments()).toBe(
      (await rows()).filter(({ kind }) => kind === 'LOGIN_MADE').length,
    );
  });

  it('names nobody, and its chains hold', async () => {
    const text = JSON.stringify(await rows());
    for (const secret of ['example.jp', 'はな子', '127.0.0.1', '::1', 'wrong']) {
      expect(text).not.toContain(secret);
    }
    expect((await verifyAudit(running.connection)).faults).toEqual([]);
  });
});
