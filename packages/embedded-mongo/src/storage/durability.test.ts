import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import type { ChangeStreamInsertDocument, Document } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DataFolderLocked, PortTaken, spawnEmbeddedMongo } from '../cli/spawn.ts';
import { checkFolder } from '../cli/check.ts';
import { crashUnderLoad } from '../testing/crash-load.ts';
import { TestEngine } from '../testing/engine.ts';
import { randomFrom } from '../testing/random.ts';
import { rawCommand } from '../testing/wire.ts';
import type { Plain } from '../values/encode.ts';
import { Binary, type Doc } from '../values/types.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await TestEngine.start();
});
afterAll(() => engine.stop());

test('a second engine on a folder is refused and told who has it', async () => {
  const error = await spawnEmbeddedMongo({ dataDir: engine.dataDir }).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(DataFolderLocked);
  expect((error as Error).message).toContain(engine.dataDir);
  expect((error as Error).message).toContain(String(engine.engine.pid));
});

test('a taken port is refused by its number', async () => {
  const error = await spawnEmbeddedMongo({
    dataDir: `${engine.dataDir}/other`,
    port: engine.port,
  }).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(PortTaken);
  expect((error as Error).message).toContain(String(engine.port));
});

test('the engine ends when the process that started it is killed', async () => {
  const script = `import { spawnEmbeddedMongo } from ${JSON.stringify(fileURLToPath(new URL('../index.ts', import.meta.url)))};
    const e = await spawnEmbeddedMongo({ dataDir: ${JSON.stringify(join(engine.dataDir, 'child'))} }); console.log(e.pid); setInterval(() => {}, 1000);`;
  const parent = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--input-type=module-typescript', '-e', script],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const pid = await new Promise<number>((resolve) =>
    parent.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString().trim()))),
  );
  const alive = (): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  expect(alive()).toBe(true);
  parent.kill('SIGKILL');
  await expect.poll(alive, { timeout: 5000 }).toBe(false);
});

const lsid = (n: number): Plain => ({ id: new Binary(Buffer.alloc(16, n), 4) });

test('a commit sent again after a crash is answered with success and not applied again', async () => {
  const insert = {
    insert: 'marks',
    documents: [{ n: 1 }],
    $db: 'd',
    lsid: lsid(1),
    txnNumber: 7n,
    autocommit: false,
    startTransaction: true,
  };
  const commit = (txnNumber: bigint): Promise<Doc> =>
    rawCommand(engine.port, {
      commitTransaction: 1,
      $db: 'admin',
      lsid: lsid(1),
      txnNumber,
      autocommit: false,
    });
  expect((await rawCommand(engine.port, insert)).get('ok')).toBe(1);
  expect((await commit(7n)).get('ok')).toBe(1);
  await engine.crash();
  expect((await commit(7n)).get('ok')).toBe(1);
  const client = await engine.connect();
  expect(await client.db('d').collection('marks').countDocuments({})).toBe(1);
  const unknown = await commit(8n);
  expect([unknown.get('code'), unknown.get('errorLabels')]).toEqual([
    251,
    ['TransientTransactionError'],
  ]);
});

test('a transaction that was open at the crash is gone, and its commit says so', async () => {
  const insert = {
    insert: 'marks',
    documents: [{ n: 2 }],
    $db: 'd',
    lsid: lsid(3),
    txnNumber: 1n,
    autocommit: false,
    startTransaction: true,
  };
  await rawCommand(engine.port, insert);
  await engine.crash();
  const reply = await rawCommand(engine.port, {
    commitTransaction: 1,
    $db: 'admin',
    lsid: lsid(3),
    txnNumber: 1n,
    autocommit: false,
  });
  expect(reply.get('code')).toBe(251);
});

test('retryable writes sent again after a crash are answered from what was kept', async () => {
  const session = { $db: 'd', lsid: lsid(2) };
  const commands: Plain[] = [
    {
      findAndModify: 'counters',
      query: { _id: 'x' },
      update: { $inc: { n: 1 } },
      upsert: true,
      new: true,
      ...session,
      txnNumber: 1n,
    },
    {
      insert: 'counters',
      documents: Array.from({ length: 150 }, (_, i) => ({ _id: `i${i}` })),
      ...session,
      txnNumber: 2n,
    },
    {
      update: 'counters',
      updates: [
        { q: { _id: 'x' }, u: { $inc: { n: 1 } } },
        { q: { _id: 'y' }, u: { $set: { n: 5 } }, upsert: true },
      ],
      ...session,
      txnNumber: 3n,
    },
    { delete: 'counters', deletes: [{ q: { _id: 'i1' }, limit: 1 }], ...session, txnNumber: 4n },
  ];
  for (const command of commands) {
    const first = await rawCommand(engine.port, command);
    await engine.crash();
    const again = await rawCommand(engine.port, command);
    expect(first.get('ok')).toBe(1);
    for (const field of ['n', 'nModified', 'upserted', 'value', 'lastErrorObject'])
      expect(again.get(field)).toEqual(first.get(field));
    expect(again.get('retriedStmtIds')).toBeDefined();
  }
  const client = await engine.connect();
  const counters = client.db('d').collection<Document>('counters');
  expect([
    await counters.countDocuments({}),
    (await counters.findOne({ _id: 'x' as never }))?.['n'],
  ]).toEqual([151, 2]);
});

test('a change stream goes on after a crash without a gap and without a repeat', async () => {
  const client = await engine.connect();
  const events = client.db('d').collection<Document>('events');
  const stream = events.watch();
  const seen: number[] = [];
  stream.on('change', (change) =>
    seen.push((change as ChangeStreamInsertDocument).fullDocument['n'] as number),
  );
  await new Promise((resolve) => setTimeout(resolve, 100));
  for (let n = 0; n < 5; n++) await events.insertOne({ n });
  await expect.poll(() => seen.length).toBe(5);
  await engine.crash();
  for (let n = 5; n < 10; n++) await events.insertOne({ n });
  await expect.poll(() => seen.length, { timeout: 5000 }).toBe(10);
  expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  await stream.close();
});

const ROUNDS = 6;
const seed = Number(process.env['FC_SEED'] ?? Date.now() % 1e9);

test(
  `over ${ROUNDS} crashes under load nothing told is lost, torn or committed twice, and a stream misses nothing (seed ${seed})`,
  { timeout: 60_000 },
  async () => {
    const report = await crashUnderLoad(engine, { rounds: ROUNDS, random: randomFrom(seed) });
    expect(report.findings).toEqual([]);
    expect(report.acknowledged).toBeGreaterThan(20);
    expect(report.counted).toBeGreaterThan(5);
    await engine.disconnect();
    await engine.engine.stop();
    const said: string[] = [];
    expect(checkFolder(engine.dataDir, (line) => said.push(line))).toBe(true);
    expect(said.at(-1)).toContain(' 0 findings');
  },
);
