import type { ServerResponse } from 'node:http';
import { silentLog } from '@7pay/telemetry';
import { eventually, type TestDatabase, testDatabase } from '@7pay/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../testing/running-identity.ts';
import { deliverNotices, deliverNoticesWorker } from './deliver-notices.worker.ts';
import { noticeModel, type NoticeStore, openNoticeStore } from './notice.store.ts';

let database: TestDatabase;
let clients: Awaited<ReturnType<typeof listen>>;
let notices: NoticeStore;
let later = 0;
/** Each request by its client and number, in the order of their coming. */
const heard: string[] = [];
/** The answers that hanging clients still owe. */
const held: ServerResponse[] = [];
let heldMax = 0;

beforeAll(async () => {
  database = await testDatabase('notices');
  clients = await listen((request, response) => {
    heard.push((request.url ?? '').slice(1));
    if (!request.url?.startsWith('/hanging')) return void response.end();
    held.push(response);
    heldMax = Math.max(heldMax, held.length);
  });
  // Later each time: what is added first is due first.
  const clock = { now: () => new Date(Date.now() + (later += 1)) };
  notices = openNoticeStore(database.connection, {
    clock,
    secrets: ['a-secret-for-tests-0123456789'],
  });
});
afterEach(async () => {
  for (const response of held.splice(0)) response.end();
  heard.splice(0);
  heldMax = 0;
  await noticeModel(database.connection).deleteMany({});
});
afterAll(async () => {
  clients.server.closeAllConnections();
  clients.server.close();
  await database.drop();
});

const owe = async (clientId: string, ...numbers: number[]) => {
  for (const number of numbers) {
    const uri = `${clients.url}/${clientId}/${number}`;
    await notices.add({ kind: 'logout', clientId, uri, facts: {} });
  }
};
const deliver = (goesOn?: () => boolean) =>
  deliverNotices({
    notices,
    write: async () => ({ headers: {}, body: '' }),
    allowed: { hosts: [new URL(clients.url).host], allowHttp: true },
    log: silentLog,
    answerMs: 60_000, // a client here hangs until it is told to answer
  })(goesOn);
const answerHeld = () => held.shift()?.end();

describe('what clients are owed', () => {
  it('reaches the others while one client does not answer', async () => {
    await owe('hanging', 1, 2, 3);
    await owe('good', 1, 2);
    const round = deliver();
    await eventually(async () => heard.includes('good/2'));
    expect(heard).not.toContain('hanging/2'); // what decides is the order
    for (const number of [1, 2, 3]) {
      await eventually(async () => heard.includes(`hanging/${number}`));
      answerHeld();
    }
    expect(await round).toBe(5);
  });

  it('reaches the others also when it becomes due while one client does not answer', async () => {
    await owe('hanging', 1);
    const round = deliver();
    await eventually(async () => held.length === 1);
    await owe('good', 1);
    await eventually(async () => heard.includes('good/1') || held.length === 0);
    expect(held).toHaveLength(1);
    answerHeld();
    expect(await round).toBe(2);
  });

  it('reaches each client one by one, in its order', async () => {
    await owe('hanging', 1, 2, 3);
    const round = deliver();
    for (const number of [1, 2, 3]) {
      await eventually(async () => held.length === 1);
      expect(heard).toHaveLength(number);
      answerHeld();
    }
    expect(await round).toBe(3);
    expect(heard).toEqual(['hanging/1', 'hanging/2', 'hanging/3']);
    expect(heldMax).toBe(1);
  });

  it('is under way to ten clients at most', async () => {
    for (let number = 1; number <= 12; number += 1) await owe(`hanging-${number}`, 1);
    const round = deliver();
    for (let answered = 0; answered < 12; answered += 1) {
      await eventually(async () => held.length === Math.min(10, 12 - answered));
      answerHeld();
    }
    expect(await round).toBe(12);
    expect(heldMax).toBe(10);
  });

  it('is not begun any more by a worker that is stopped', async () => {
    await owe('hanging', 1, 2);
    const worker = deliverNoticesWorker(deliver, silentLog);
    worker.start();
    await eventually(async () => held.length === 1);
    const stopped = worker.stop();
    await owe('good', 1);
    answerHeld();
    await stopped;
    expect(heard).toEqual(['hanging/1']);
    const waiting = await noticeModel(database.connection).find({ state: 'waiting' }).lean();
    expect(waiting.map(({ tries }) => tries)).toEqual([0, 0]);
  });
});
