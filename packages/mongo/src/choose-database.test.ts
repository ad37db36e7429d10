import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { DataFolderLocked } from '@7pay/embedded-mongo';
import { eventually } from '@7pay/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChosenDatabase, chooseDatabase, joinDatabase } from './choose-database.ts';
import { connect, DatabaseUnreachable } from './connect.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), '7pay-choose-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A folder for PATH with a program called `mongod` in it. */
function folderWithMongod(name: string, script: string): string {
  const folder = path.join(root, name);
  mkdirSync(folder);
  const file = path.join(folder, 'mongod');
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return folder;
}
const fakeMongodScript = () => {
  const program = fileURLToPath(new URL('testing/fake-mongod.ts', import.meta.url));
  return `exec "${process.execPath}" "${program}" "$@"`;
};
const fakeMongodIn = (name: string) => folderWithMongod(name, fakeMongodScript());

const writesAndReads = async ({ uri }: ChosenDatabase) => {
  const connection = await connect(uri, { dbName: 'chosen' });
  await connection.collection<{ _id: string }>('rows').insertOne({ _id: 'x' });
  const found = await connection.collection<{ _id: string }>('rows').countDocuments({ _id: 'x' });
  await connection.close();
  return found === 1;
};
const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** The process that an embedded engine wrote down in its folder. */
const engineOf = (dataDir: string) =>
  Number(readFileSync(path.join(dataDir, 'embedded-mongo/engine.pid'), 'utf8').split('\n')[0]);

describe('the end of a database process that we started', () => {
  it('is told with its reason when nobody told it to end', async () => {
    const dataDir = path.join(root, 'data-killed');
    const chosen = await chooseDatabase({ dataDir, path: '' });
    process.kill(engineOf(dataDir), 'SIGKILL');
    expect(await chosen.ended).toEqual({ code: null, signal: 'SIGKILL', said: '' });
    await chosen.stop();
  });

  it('of a mongod is told with what it said last', async () => {
    const search = fakeMongodIn('talking');
    const chosen = await chooseDatabase({ dataDir: path.join(root, 'data-talking'), path: search });
    const file = path.join(root, 'data-talking/mongod/started.json');
    const { pid } = JSON.parse(readFileSync(file, 'utf8')) as { pid: number };
    process.kill(pid, 'SIGKILL');
    const { said } = await chosen.ended;
    expect(said).toMatch(/waiting for connections\s+mongod was ended by SIGKILL$/);
    await chosen.stop();
  });

  it('is not told when it was asked for', async () => {
    const chosen = await chooseDatabase({ dataDir: path.join(root, 'data-asked'), path: '' });
    await chosen.stop();
    expect(await Promise.race([chosen.ended, 'nothing'])).toBe('nothing');
  });
});

describe('the database that is chosen', () => {
  it('is MONGODB_URI when it is set, whatever else is there, and it is left alone', async () => {
    const dataDir = path.join(root, 'data-uri');
    const uri = 'mongodb://db.example:27017/?replicaSet=rs0';
    const folder = folderWithMongod('never', 'exit 1');
    const chosen = await chooseDatabase({ uri, dataDir, path: folder });
    expect(chosen).toMatchObject({ uri, kind: 'MONGODB_URI' });
    await chosen.stop();
    expect(existsSync(dataDir)).toBe(false);
  });

  it('is a mongod on PATH, as a replica set on loopback with its data in our folder, and ends with us', async () => {
    const dataDir = path.join(root, 'data-mongod');
    const search = ['', '/nowhere', fakeMongodIn('bin')].join(path.delimiter);
    const chosen = await chooseDatabase({ dataDir, path: search });
    expect(chosen.kind).toBe('mongod');
    expect(chosen.uri).toMatch(/^mongodb:\/\/127\.0\.0\.1:\d+\/\?replicaSet=rs0$/);
    expect(await writesAndReads(chosen)).toBe(true);

    const file = path.join(dataDir, 'mongod', 'started.json');
    const { pid, ...flags } = JSON.parse(readFileSync(file, 'utf8')) as { pid: number };
    expect(flags).toEqual({
      replSet: 'rs0',
      bind_ip: '127.0.0.1',
      port: new URL(chosen.uri).port,
      setParameter: 'transactionLifetimeLimitSeconds=10',
      dbpath: path.join(dataDir, 'mongod'),
    });
    expect(isRunning(pid)).toBe(true);
    await chosen.stop();
    await eventually(async () => !isRunning(pid));
  });

  it('is that mongod at every later start, at its port or at another one, with the rows of the first', async () => {
    const options = { dataDir: path.join(root, 'data-again'), path: fakeMongodIn('again') };
    const first = await chooseDatabase(options);
    expect(await writesAndReads(first)).toBe(true);
    await first.stop();

    const second = await chooseDatabase(options);
    expect(second.uri).toBe(first.uri);
    await second.stop();

    const squatter = createServer().listen(Number(new URL(first.uri).port), '127.0.0.1');
    await once(squatter, 'listening');
    const third = await chooseDatabase(options);
    expect(third.uri).not.toBe(first.uri);
    const connection = await connect(third.uri, { dbName: 'chosen' });
    expect(await connection.collection('rows').countDocuments()).toBe(1);
    await connection.close();
    await third.stop();
    squatter.close();
  });

  it('is joined by a tool while it runs, and refuses a second start by the process that has it', async () => {
    const options = { dataDir: path.join(root, 'data-joined'), path: fakeMongodIn('joined') };
    const first = await chooseDatabase(options);
    const joined = await joinDatabase(options);
    expect(joined).toMatchObject({ uri: first.uri, kind: 'mongod' });
    await joined.stop();
    expect(await writesAndReads(first)).toBe(true);

    const second = await chooseDatabase(options).catch((error: unknown) => error);
    expect(second).toBeInstanceOf(DataFolderLocked);
    expect(String(second)).toMatch(/data-joined\/mongod is in use by another mongod \(pid \d+\)/);
    await first.stop();

    const alone = await joinDatabase(options);
    expect(await writesAndReads(alone).catch(() => 'found')).toBe('found'); // a row of before
    await alone.stop();
  });

  it('says at once that a mongod on PATH does not run', async () => {
    const folder = folderWithMongod('broken', 'exit 3');
    const start = performance.now();
    await expect(
      chooseDatabase({ dataDir: path.join(root, 'data-broken'), path: folder }),
    ).rejects.toBeInstanceOf(DatabaseUnreachable);
    expect(performance.now() - start).toBeLessThan(3_000);
  });

  it('is the embedded engine when there is nothing else; a second start finds the rows of the first', async () => {
    const options = { dataDir: path.join(root, 'data-embedded'), path: '' };
    const first = await chooseDatabase(options);
    expect(first.kind).toBe('embedded');
    expect(first.description).toContain(options.dataDir);
    expect(first.description).not.toContain(new URL(first.uri).password);
    expect(await writesAndReads(first)).toBe(true);
    await first.stop();

    const second = await chooseDatabase(options);
    const connection = await connect(second.uri, { dbName: 'chosen' });
    expect(await connection.collection('rows').countDocuments()).toBe(1);
    await connection.close();
    await second.stop();
  });
});
