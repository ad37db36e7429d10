import { randomIds } from '@7pay/ids';
import { unitOfWork } from '@7pay/mongo';
import { testDatabase, type TestDatabase } from '@7pay/testing';
import { systemClock } from '@7pay/time';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type Audit, auditModel, openAudit } from './audit.store.ts';
import { verifyAudit } from './audit-export.ts';

let database: TestDatabase;
let audit: Audit;
beforeEach(async () => {
  await database?.drop();
  database = await testDatabase('audit');
  await auditModel(database.connection).createCollection();
  await auditModel(database.connection).createIndexes();
  audit = another();
});
afterAll(() => database.drop());

const another = () => openAudit(database.connection, { clock: systemClock, ids: randomIds });
const count = () => auditModel(database.connection).countDocuments();

describe('the record', () => {
  it('loses none of many events that come at once, in four processes, alone and in transactions', async () => {
    const inUnit = unitOfWork(database.connection, { deadlineMs: 20_000 });
    const four = Array.from({ length: 4 }, another);
    await Promise.all(
      four.flatMap((one) => [
        ...Array.from({ length: 60 }, (_, n) =>
          one.append('LOGIN_REFUSED', { reason: 'UNKNOWN_ID', about: `try:${n}` }),
        ),
        ...Array.from({ length: 10 }, (_, n) =>
          inUnit((session) => one.append('LOGIN_MADE', { memberId: `mem_${n}` }, session)),
        ),
      ]),
    );
    expect(await count()).toBe(280);
    expect(await verifyAudit(database.connection)).toMatchObject({ events: 280, faults: [] });
  });

  it('writes an event again whose write failed, or was answered to nobody', async () => {
    const { collection } = auditModel(database.connection);
    const insertMany = collection.insertMany.bind(collection);
    let turns = 0;
    collection.insertMany = (async (...given: Parameters<typeof insertMany>) => {
      turns += 1;
      if (turns === 1) throw new Error('refused');
      await insertMany(...given);
      if (turns === 2) throw new Error('the answer was lost');
    }) as unknown as typeof insertMany; // only what the store uses of it
    await audit.append('LOGIN_REFUSED', { reason: 'UNKNOWN_ID' });
    collection.insertMany = insertMany;
    expect([turns, await count()]).toEqual([2, 1]);
  });

  it('has no event of a transaction that was not committed', async () => {
    const inUnit = unitOfWork(database.connection);
    const undone = inUnit(async (session) => {
      await audit.append('PASSWORD_SET', { memberId: 'mem_1' }, session);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await count()).toBe(0);
  });

  it('refuses a fact that could name a person, and keeps the others that wait', async () => {
    const [bad, good] = await Promise.allSettled([
      audit.append('LOGIN_REFUSED', { about: 'hana@example.jp' }),
      audit.append('LOGIN_REFUSED', { reason: 'UNKNOWN_ID' }),
    ]);
    expect([bad.status, good.status]).toEqual(['rejected', 'fulfilled']);
    expect(await count()).toBe(1);
  });

  it.each([
    ['changed', { $set: { 'facts.reason': 'WRONG_PASSWORD' } }],
    ['dated back', { $set: { at: new Date(0) } }],
  ])('tells an event that was %s in the database', async (_, change) => {
    for (let n = 0; n < 5; n += 1) await audit.append('LOGIN_REFUSED', { reason: 'UNKNOWN_ID' });
    await auditModel(database.connection).collection.updateOne({}, change);
    expect((await verifyAudit(database.connection)).faults).toHaveLength(1);
  });
});
