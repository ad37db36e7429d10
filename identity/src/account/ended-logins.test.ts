import { ENDED_LOGIN_SECONDS, openEndedLogins, prepareControls } from '@7pay/controls';
import { unitOfWork } from '@7pay/mongo';
import { type TestDatabase, testDatabase } from '@7pay/testing';
import { systemClock } from '@7pay/time';
import type { ClientSession } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCESS_TOKEN_SECONDS } from '../lifetimes.ts';
import { openSessionStore } from '../storage/session.store.ts';
import { type MemberStore, memberModel, openMemberStore } from './member.store.ts';

const at = new Date('2019-07-04T05:00:00Z');
let database: TestDatabase;
let members: MemberStore;
let serial = 0;
beforeAll(async () => {
  database = await testDatabase('member_ends');
  await prepareControls(database.connection);
  await memberModel(database.connection).createCollection();
  members = openMemberStore(database.connection);
});
afterAll(() => database.drop());

const inUnit = <Result>(body: (session: ClientSession) => Promise<Result>) =>
  unitOfWork(database.connection)(body);
async function aMember(): Promise<string> {
  serial += 1;
  const id = `mem_${serial}`;
  await inUnit((session) =>
    members.insert(
      {
        id,
        mail: null,
        displayName: '終',
        passwordHash: null,
        passwordSetAt: null,
        passwordGeneration: null,
        roles: [],
        locale: 'ja',
        registeredAt: at,
      },
      session,
    ),
  );
  return id;
}
const told = async () => await openEndedLogins(database.connection).all();

const endings: [string, (id: string, session: ClientSession) => Promise<unknown>][] = [
  ['all logins ended', (id, session) => members.endLogins(id, at, session)],
  ['a lock', (id, session) => members.lock(id, { at, since: at, without: [] }, session)],
  [
    'a new password',
    (id, session) => members.setPassword(id, { passwordHash: 'x', at, generation: 1 }, session),
  ],
  [
    'a first password',
    (id, session) =>
      members.setFirstPassword(
        id,
        { mail: `${id}@example.jp`, passwordHash: 'x', at, generation: 1 },
        session,
      ),
  ],
];

describe('what ends the logins of a member', () => {
  it.each(endings)('%s: is told to the gateways by the same commit, once', async (_name, end) => {
    const id = await aMember();
    const broken = inUnit(async (session) => {
      await end(id, session);
      throw new Error('changed my mind');
    });
    await expect(broken).rejects.toThrow('changed my mind');
    expect((await told()).filter(({ key }) => key === `member|${id}`)).toEqual([]);
    expect((await members.find(id))?.loginsEndedAt).toBeNull();
    await inUnit((session) => end(id, session));
    expect((await told()).filter(({ key }) => key === `member|${id}`)).toEqual([
      { key: `member|${id}`, at },
    ]);
    expect((await members.find(id))?.loginsEndedAt).toEqual(at);
  });

  it('is nothing for nobody', async () => {
    const before = (await told()).length;
    await inUnit((session) => members.endLogins('mem_nobody', at, session));
    await inUnit((session) => members.lock('mem_nobody', { at, since: at, without: [] }, session));
    expect((await told()).length).toBe(before);
  });

  it('is told for longer than an access token holds', () => {
    expect(ENDED_LOGIN_SECONDS).toBeGreaterThan(ACCESS_TOKEN_SECONDS);
  });
});

describe('a session that ends', () => {
  it('is told if somebody was logged in by it, so that strangers cannot fill the list', async () => {
    const sessions = openSessionStore(database.connection, systemClock);
    const rest = { exp: Math.floor(Date.now() / 1_000) + 60 };
    await sessions.upsert('cookie-1', { uid: 'uid-1', ...rest } as never, 60);
    await sessions.upsert('cookie-2', { uid: 'uid-2', accountId: 'mem_1', ...rest } as never, 60);
    for (const uid of ['uid-1', 'uid-2', 'uid-2', 'uid-3']) await sessions.end(uid);
    const keys = (await told()).map(({ key }) => key).filter((key) => key.startsWith('session|'));
    expect(keys).toEqual(['session|uid-2']);
  });
});
