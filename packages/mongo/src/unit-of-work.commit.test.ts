import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawnEmbeddedMongo } from '@7pay/embedded-mongo';
import type { Connection } from 'mongoose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connect } from './connect.ts';
import { CommitOutcomeUnknown, unitOfWork, UnitOfWorkTimedOut } from './unit-of-work.ts';

// Faults are asked for on an engine of its own: other tests must not meet them.
const dataDir = mkdtempSync(path.join(tmpdir(), '7pay-commit-'));
let engine: Awaited<ReturnType<typeof spawnEmbeddedMongo>>;
let connection: Connection;
const sent: string[] = [];
beforeAll(async () => {
  engine = await spawnEmbeddedMongo({ dataDir, auth: false, testCommands: true });
  connection = await connect(engine.uri, { onCommand: (name) => sent.push(name) });
  await connection.createCollection('rows');
});
afterEach(() => fail({ mode: 'off' }));
afterAll(async () => {
  await connection.close();
  await engine.stop();
  rmSync(dataDir, { recursive: true });
});

const fail = async (point: { mode: unknown; data?: Record<string, unknown> }) => {
  await connection
    .getClient()
    .db('admin')
    .command({ configureFailPoint: 'failCommand', ...point });
  sent.length = 0;
};
const rows = () => connection.collection<{ _id: string }>('rows');

/** Inserts one row in a unit of work and counts how often the body ran. */
async function insert(_id: string, deadlineMs: number) {
  let bodies = 0;
  const start = performance.now();
  const outcome = await unitOfWork(connection, { deadlineMs })(async (session) => {
    bodies += 1;
    if (await rows().findOne({ _id }, { session })) return 'found';
    await rows().insertOne({ _id }, { session });
    return 'made';
  }).catch((error: unknown) => error);
  return { bodies, outcome, elapsed: performance.now() - start };
}
const commits = () => sent.filter((name) => name === 'commitTransaction').length;

describe('a commit', () => {
  it('whose outcome is unknown is sent again alone: the body runs once', async () => {
    await fail({
      mode: { times: 4 },
      data: {
        failCommands: ['commitTransaction'],
        errorCode: 50, // MaxTimeMSExpired
        errorLabels: ['UnknownTransactionCommitResult'],
      },
    });
    const { bodies, outcome } = await insert('unknown', 5_000);
    expect([outcome, bodies]).toEqual(['made', 1]);
    expect(commits()).toBeGreaterThanOrEqual(5);
    expect(await rows().countDocuments({ _id: 'unknown' })).toBe(1);
  });

  it('whose answer is lost with the connection is sent again: written once', async () => {
    await fail({
      mode: { times: 3 },
      data: { failCommands: ['commitTransaction'], closeConnection: true },
    });
    const { bodies, outcome } = await insert('cut', 5_000);
    expect([outcome, bodies]).toEqual(['made', 1]);
    expect(await rows().countDocuments({ _id: 'cut' })).toBe(1);
  });

  it('that was written although its answer says it is unsure is not written twice', async () => {
    await fail({
      mode: { times: 2 },
      data: {
        failCommands: ['commitTransaction'],
        writeConcernError: { code: 64, errmsg: 'waiting for replication timed out' },
      },
    });
    const { bodies, outcome } = await insert('unsure', 5_000);
    expect([outcome, bodies]).toEqual(['made', 1]);
    expect(commits()).toBe(3);
    expect(await rows().countDocuments({ _id: 'unsure' })).toBe(1);
  });

  it('that stays unknown past the deadline is reported as unknown, never as a no', async () => {
    await fail({
      mode: 'alwaysOn',
      data: {
        failCommands: ['commitTransaction'],
        errorCode: 50,
        errorLabels: ['UnknownTransactionCommitResult'],
      },
    });
    const { bodies, outcome, elapsed } = await insert('for-ever', 300);
    expect(outcome).toBeInstanceOf(CommitOutcomeUnknown);
    expect(bodies).toBe(1);
    expect(elapsed).toBeLessThan(1_500);
  });

  it('that is refused for good as transient runs the body again with the same id', async () => {
    await fail({
      mode: { times: 2 },
      data: {
        failCommands: ['commitTransaction'],
        errorCode: 251, // NoSuchTransaction
        errorLabels: ['TransientTransactionError'],
      },
    });
    const { bodies, outcome } = await insert('transient', 5_000);
    expect([outcome, bodies]).toEqual(['made', 3]);
    expect(await rows().countDocuments({ _id: 'transient' })).toBe(1);
  });

  it('that is transient for ever times out and has written nothing', async () => {
    await fail({
      mode: 'alwaysOn',
      data: {
        failCommands: ['commitTransaction'],
        errorCode: 251,
        errorLabels: ['TransientTransactionError'],
      },
    });
    const { outcome, bodies } = await insert('never', 300);
    expect(outcome).toBeInstanceOf(UnitOfWorkTimedOut);
    expect(bodies).toBeGreaterThan(1);
    await fail({ mode: 'off' });
    expect(await rows().countDocuments({ _id: 'never' })).toBe(0);
  });
});
