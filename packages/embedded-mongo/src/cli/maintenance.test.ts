import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import type { Document, MongoClient } from 'mongodb';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { TestEngine } from '../testing/engine.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

interface Ended {
  readonly exitCode: number | null;
  readonly out: string;
  readonly errors: string;
}

function embeddedMongo(...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, errors] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  return new Promise((resolve) =>
    child.once('close', (exitCode) => resolve({ exitCode, out, errors })),
  );
}

let folder: string;
let engine: TestEngine;
let client: MongoClient;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'embedded-mongo-maintenance-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  engine = await TestEngine.start({ auth: true });
  client = await engine.connect();
});
afterEach(() => engine.stop());

const fill = (count: number): Promise<unknown> =>
  client
    .db('d')
    .collection<Document>('rows')
    .insertMany(
      Array.from({ length: count }, (_, n) => ({ n, tags: [n, n + 1], text: 'x'.repeat(500) })),
    );

test('a backup of a busy engine is one moment of it: no transfer is half in the copy', async () => {
  const accounts = client.db('d').collection<Document>('accounts');
  await accounts.createIndex({ yen: 1 });
  await accounts.insertMany(Array.from({ length: 4 }, (_, n) => ({ n, yen: 1000 })));
  let stop = false;
  const load = Promise.all(
    [0, 1, 2].map(async (n) => {
      while (!stop)
        await client.withSession((session) =>
          session.withTransaction(async () => {
            await accounts.updateOne({ n }, { $inc: { yen: -1 } }, { session });
            await accounts.updateOne({ n: n + 1 }, { $inc: { yen: 1 } }, { session });
          }),
        );
    }),
  );
  const to = join(folder, 'busy');
  const taken = await embeddedMongo('backup', '--data', engine.dataDir, '--to', to);
  stop = true;
  await load;
  expect(taken).toMatchObject({ exitCode: 0, out: expect.stringContaining('sound') as string });
  expect(await embeddedMongo('check', '--data', to)).toMatchObject({
    exitCode: 0,
    out: expect.stringContaining('4 documents, 0 findings') as string,
  });
  const copy = new DatabaseSync(join(to, 'data.sqlite'));
  expect(copy.prepare('SELECT count(*) AS n FROM rec').get()).toEqual({ n: 4 });
  copy.close();
  const again = await embeddedMongo('backup', '--data', engine.dataDir, '--to', to);
  expect(again).toMatchObject({
    exitCode: 2,
    errors: expect.stringContaining('not empty') as string,
  });
});

test('an engine serves a backup as it served the original, and takes a second one after it', async () => {
  await fill(50);
  const to = join(folder, 'served');
  expect((await embeddedMongo('backup', '--data', engine.dataDir, '--to', to)).exitCode).toBe(0);
  await fill(1);
  expect(
    (await embeddedMongo('backup', '--data', engine.dataDir, '--to', join(folder, 'second')))
      .exitCode,
  ).toBe(0);
  await engine.disconnect();
  await engine.engine.stop();
  const restored = await TestEngine.start({ dataDir: to });
  const rows = (await restored.connect()).db('d').collection('rows');
  expect(await rows.countDocuments({})).toBe(50);
  await restored.stop();
});

test('a backup needs no engine, and a check does not run beside one', async () => {
  await fill(10);
  expect(await embeddedMongo('check', '--data', engine.dataDir)).toMatchObject({ exitCode: 73 });
  await engine.disconnect();
  await engine.engine.stop();
  const to = join(folder, 'still');
  expect((await embeddedMongo('backup', '--data', engine.dataDir, '--to', to)).exitCode).toBe(0);
  expect((await embeddedMongo('check', '--data', to)).out).toContain('10 documents, 0 findings');
});

test('the data and its backup are read by their owner alone, also in a folder that others may enter', async () => {
  await fill(10);
  const to = join(folder, 'open');
  await mkdir(to, { mode: 0o755 });
  await chmod(engine.dataDir, 0o755);
  expect((await embeddedMongo('backup', '--data', engine.dataDir, '--to', to)).exitCode).toBe(0);
  const mode = async (...parts: string[]): Promise<string> =>
    ((await stat(join(...parts))).mode & 0o777).toString(8);
  expect(await mode(engine.dataDir, 'data.sqlite')).toBe('600');
  expect(await mode(engine.dataDir, 'data.sqlite-wal')).toBe('600');
  expect(await mode(to, 'data.sqlite')).toBe('600');

  await engine.disconnect();
  await engine.engine.stop();
  await chmod(join(engine.dataDir, 'data.sqlite'), 0o644); // as it was once made
  await engine.restart();
  expect(await mode(engine.dataDir, 'data.sqlite')).toBe('600');
});

test.each<[string, string, string]>([
  ['a lost index entry', 'DELETE FROM ent WHERE k = (SELECT max(k) FROM ent)', 'has no entry for'],
  [
    'an entry of nothing',
    'UPDATE ent SET r = 1 WHERE k = (SELECT max(k) FROM ent)',
    'which is gone',
  ],
  [
    'an unreadable document',
    "UPDATE rec SET v = x'0102' WHERE id = (SELECT max(id) FROM rec)",
    'no readable document',
  ],
  [
    'an unreadable row of history',
    "UPDATE oplog SET v = x'01' WHERE ts = (SELECT max(ts) FROM oplog)",
    'history',
  ],
])('a check finds %s', async (_, damage, finding) => {
  await client.db('d').collection('rows').createIndex({ tags: 1 });
  await fill(20);
  await engine.disconnect();
  await engine.engine.stop();
  const file = new DatabaseSync(join(engine.dataDir, 'data.sqlite'));
  file.exec(damage);
  file.close();
  const checked = await embeddedMongo('check', '--data', engine.dataDir);
  expect(checked.exitCode).toBe(1);
  expect(checked.out).toContain(finding);
});

test('validate counts documents and keys', async () => {
  await client.db('d').collection('rows').createIndex({ tags: 1 });
  await fill(20);
  expect(await client.db('d').command({ validate: 'rows' })).toMatchObject({
    valid: true,
    nrecords: 20,
    keysPerIndex: { _id_: 20, tags_1: 40 },
  });
});

test('compact gives the space of deleted documents back', async () => {
  await fill(5000);
  await client.db('d').collection('rows').deleteMany({});
  await engine.disconnect();
  await engine.engine.stop();
  const file = join(engine.dataDir, 'data.sqlite');
  const before = (await stat(file)).size;
  expect((await embeddedMongo('compact', '--data', engine.dataDir)).exitCode).toBe(0);
  expect((await stat(file)).size).toBeLessThan(before - 2_000_000);
});

test.each<[string, string[], RegExp]>([
  ['an unknown task', ['fly'], /unknown task fly/],
  ['an unknown option', ['--data', 'x', '--wings'], /unknown option --wings/],
  ['an option of another task', ['check', '--data', 'x', '--port', '1'], /unknown option --port/],
  ['no folder', ['backup'], /--data is missing/],
  ['a port that is none', ['--data', 'x', '--port', '1e9'], /--port must be a whole number/],
  ['a folder without data', ['check', '--data', '/nowhere/at/all'], /no data/],
])('%s is refused with the reason', async (_, args, reason) => {
  const ended = await embeddedMongo(...args);
  expect(ended.exitCode).toBe(2);
  expect(ended.errors).toMatch(reason);
});

test('a folder of another format version is refused by both versions', async () => {
  await engine.disconnect();
  await engine.engine.stop();
  const file = new DatabaseSync(join(engine.dataDir, 'data.sqlite'));
  file.exec('PRAGMA user_version = 99');
  file.close();
  await writeFile(join(engine.dataDir, 'engine.pid'), '');
  const ended = await embeddedMongo('--data', engine.dataDir);
  expect(ended.exitCode).toBe(75);
  expect(ended.errors).toMatch(/version 99.*reads 1/);
});
