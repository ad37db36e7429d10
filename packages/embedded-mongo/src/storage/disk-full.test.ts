import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MongoClient, type Document } from 'mongodb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestEngine } from '../testing/engine.ts';
import { openSqliteStore } from './sqlite-store.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'embedded-mongo-full-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

// The shell's limit on the size of files stands in for a disk that is full: writes fail half way.
const LIMIT_BLOCKS = 6000;

function startLimited(): Promise<{ uri: string; ended: Promise<[number | null, string]> }> {
  const main = fileURLToPath(new URL('../cli/main.ts', import.meta.url));
  const child = spawn(
    'sh',
    [
      '-c',
      `ulimit -f ${LIMIT_BLOCKS}; exec "$@"`,
      'sh',
      process.execPath,
      main,
      '--data',
      dataDir,
      '--no-auth',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ended = new Promise<[number | null, string]>((resolve) =>
    child.once('close', (exitCode) => resolve([exitCode, errors])),
  );
  return new Promise((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve({ uri: chunk.toString().trim(), ended }));
    void ended.then(([, said]) => reject(new Error(said)));
  });
}

test.skipIf(process.platform === 'win32')(
  'on a full disk nothing is called a success that is not there afterwards',
  async () => {
    const { uri, ended } = await startLimited();
    const client = new MongoClient(uri, { serverSelectionTimeoutMS: 500, retryWrites: false });
    const rows = client.db('d').collection<Document>('rows');
    const acknowledged: number[] = [];
    const text = 'x'.repeat(20_000);
    const writer = async (from: number): Promise<void> => {
      for (let n = from; n < 4000; n += 4) {
        await rows.insertOne({ _id: n as never, text });
        acknowledged.push(n);
      }
    };
    const outcomes = await Promise.allSettled([0, 1, 2, 3].map(writer));
    expect(outcomes.map((o) => o.status)).toEqual(Array(4).fill('rejected'));
    await client.close();
    const [exitCode, errors] = await ended;
    expect([exitCode, /the engine ends/.test(errors)]).toEqual([70, true]);

    const engine = await TestEngine.start({ dataDir });
    const kept = (await engine.connect()).db('d').collection('rows');
    const there = new Set<unknown>(await kept.distinct('_id'));
    expect(acknowledged.length).toBeGreaterThan(10);
    expect(acknowledged.filter((n) => !there.has(n))).toEqual([]);
    await engine.stop();
  },
);

test('a write that fails is fatal, and what the turn had written is not committed', async () => {
  const fatal: unknown[] = [];
  const store = openSqliteStore(dataDir, { now: () => 0, onFatal: (error) => fatal.push(error) });
  store.putDoc(1, Buffer.from('a'));
  // A value SQLite cannot take stands in for a page it cannot write.
  expect(() => store.putDoc(2, {} as Buffer)).toThrow();
  expect(fatal).toHaveLength(1);
  store.abandon();
  const again = openSqliteStore(dataDir, { now: () => 0, onFatal: () => {} });
  expect([again.doc(1), again.doc(2)]).toEqual([null, null]);
  again.close();
});
