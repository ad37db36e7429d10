import { fixedClock } from '@7pay/time';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '@7pay/testing';
import { openSessionStore, sessionModels, type SessionStore } from './session.store.ts';

const clock = fixedClock(new Date());
let database: Awaited<ReturnType<typeof testDatabase>>;
let sessions: SessionStore;

beforeAll(async () => {
  database = await testDatabase('sessions');
  for (const model of Object.values(sessionModels(database.connection))) {
    await model.createCollection();
    await model.createIndexes();
  }
  sessions = openSessionStore(database.connection, clock);
});
afterAll(() => database.drop());

let number = 0;
const aSession = () => {
  number += 1;
  const uid = `uid-${number}`;
  const loggedIn = { uid, kind: 'Session', accountId: 'mem_1', loginTs: 100, amr: ['pwd'] };
  return { uid, id: (name: string) => `${name}-${number}`, loggedIn };
};

describe('a session', () => {
  it('keeps what two tabs wrote at once: each its own app', async () => {
    const { uid, id, loggedIn } = aSession();
    await sessions.upsert(id('a'), loggedIn, 60);
    await Promise.all([
      sessions.upsert(id('b'), { ...loggedIn, authorizations: { wallet: { grantId: 'g1' } } }, 60),
      sessions.upsert(id('c'), { ...loggedIn, authorizations: { recipes: { grantId: 'g2' } } }, 60),
    ]);
    for (const jti of [id('a'), id('b'), id('c')]) {
      expect(await sessions.find(jti)).toMatchObject({
        jti,
        uid,
        authorizations: { wallet: { grantId: 'g1' }, recipes: { grantId: 'g2' } },
      });
    }
    expect(await sessions.findByUid(uid)).toMatchObject({ uid, accountId: 'mem_1' });
  });

  it('is not written away by a tab that has not seen the login', async () => {
    const { uid, id, loggedIn } = aSession();
    await sessions.upsert(id('before'), { uid, kind: 'Session' }, 60);
    await sessions.upsert(id('after'), loggedIn, 60);
    await sessions.upsert(id('before'), { uid, kind: 'Session', state: { secret: 'x' } }, 60);
    expect(await sessions.find(id('after'))).toMatchObject({ accountId: 'mem_1', loginTs: 100 });
  });

  it('that was ended is not written back by a request that was under way, nor by a tab', async () => {
    const { uid, id, loggedIn } = aSession();
    await sessions.upsert(id('a'), loggedIn, 60);
    await sessions.end(uid);
    for (const jti of [id('a'), id('b')]) {
      await sessions.upsert(jti, { ...loggedIn, authorizations: { wallet: { grantId: 'g' } } }, 60);
      await sessions.upsert(jti, { uid, kind: 'Session' }, 60);
      expect(await sessions.find(jti)).toBeUndefined();
    }
    expect(await sessions.findByUid(uid)).toBeUndefined();
    const { sessions: kept } = sessionModels(database.connection);
    expect(await kept.findById(uid).lean()).toEqual({
      _id: uid,
      payload: '{}',
      endedAt: expect.any(Date) as Date,
      expiresAt: expect.any(Date) as Date,
    });
  });

  it('is never reached by the id that a browser had before the login', async () => {
    const { uid, id, loggedIn } = aSession();
    await sessions.upsert(id('planted'), { uid, kind: 'Session' }, 60);
    await sessions.destroy(id('planted'));
    await sessions.upsert(id('fresh'), loggedIn, 60);
    expect(await sessions.find(id('planted'))).toBeUndefined();
    await sessions.upsert(id('planted'), { uid, kind: 'Session' }, 60);
    expect(await sessions.find(id('planted'))).toBeUndefined();
    expect(await sessions.find(id('fresh'))).toBeDefined();
  });

  it('lets a tab finish with the id it had, for half a minute', async () => {
    const { id, loggedIn } = aSession();
    await sessions.upsert(id('old'), loggedIn, 600);
    await sessions.destroy(id('old'));
    await sessions.upsert(id('new'), loggedIn, 600);
    expect(await sessions.find(id('old'))).toBeDefined();
    clock.advance(31_000);
    expect(await sessions.find(id('old'))).toBeUndefined();
    expect(await sessions.find(id('new'))).toBeDefined();
  });

  it('ends with every id that points to it', async () => {
    const { uid, id, loggedIn } = aSession();
    await sessions.upsert(id('a'), loggedIn, 60);
    await sessions.upsert(id('b'), loggedIn, 60);
    await sessions.end(uid);
    expect(await sessions.find(id('a'))).toBeUndefined();
    expect(await sessions.find(id('b'))).toBeUndefined();
    expect(await sessions.findByUid(uid)).toBeUndefined();
  });
});
