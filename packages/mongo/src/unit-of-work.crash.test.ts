import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type EmbeddedMongo, spawnEmbeddedMongo } from '@7pay/embedded-mongo';
import { eventually } from '@7pay/testing';
import type { Connection } from 'mongoose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from './connect.ts';
import { CommitOutcomeUnknown, unitOfWork, UnitOfWorkTimedOut } from './unit-of-work.ts';

const IDS = ['a', 'b', 'c', 'd', 'e', 'f'];

let dataDir: string;
let engine: EmbeddedMongo;
let connection: Connection;
let started: string[];

beforeEach(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), '7pay-crash-'));
  started = [];
  await start();
  connection = await connect(engine.uri, { timeoutMs: 2_000, onCommand: () => {} });
  connection.getClient().on('commandStarted', ({ commandName }) => started.push(commandName));
  await connection.createCollection('rows');
});
afterEach(async () => {
  await connection.close();
  await engine.stop();
  rmSync(dataDir, { recursive: true });
});

async function start(port = 0): Promise<void> {
  engine = await spawnEmbeddedMongo({ dataDir, auth: false, testCommands: true, port });
}
async function kill(): Promise<void> {
  engine.kill();
  await engine.exited;
}

/** One unit of work for each id, all of them waiting for the answer to this command. */
async function allWaitingFor(command: string, deadlineMs: number): Promise<Promise<unknown>[]> {
  const data = { failCommands: [command], blockConnection: true, blockTimeMS: 600_000 };
  await connection
    .getClient()
    .db('admin')
    .command({ configureFailPoint: 'failCommand', mode: 'alwaysOn', data });
  started.length = 0;
  const rows = connection.collection<{ _id: string }>('rows');
  const units = IDS.map((_id) =>
    unitOfWork(connection, { deadlineMs })(async (session) => {
      if (await rows.findOne({ _id }, { session })) return 'found';
      await rows.insertOne({ _id }, { session });
      return 'made';
    }).catch((error: unknown) => error),
  );
  await eventually(async () => started.filter((name) => name === command).length === IDS.length);
  return units;
}

describe('units of work whose database process dies', () => {
  it.each(['insert', 'commitTransaction'])(
    'at their %s are made once when it comes back, and end in no error of the driver',
    async (command) => {
      const units = await allWaitingFor(command, 30_000);
      const port = Number(new URL(engine.uri).port);
      await kill();
      await start(port);
      const outcomes = await Promise.all(units);
      expect(outcomes).toEqual(IDS.map(() => 'made'));
      const rows = await connection.collection('rows').distinct('_id');
      expect(rows).toEqual(IDS);
    },
  );

  it.each([
    ['insert', UnitOfWorkTimedOut],
    ['commitTransaction', CommitOutcomeUnknown],
  ] as const)('at their %s for good say what is known of the commit', async (command, Said) => {
    const units = await allWaitingFor(command, 100);
    await kill();
    for (const outcome of await Promise.all(units)) expect(outcome).toBeInstanceOf(Said);
  });
});
