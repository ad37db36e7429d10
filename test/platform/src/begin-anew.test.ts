import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { beginAnew } from './begin-anew.ts';
import { readPlatformConfig } from './config.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), '7pay-fresh-'));
  for (const folder of ['embedded-mongo', 'mongod', 'backups'])
    mkdirSync(path.join(dataDir, folder));
  for (const file of ['secrets.json', 'secrets.json.part', 'package.json'])
    writeFileSync(path.join(dataDir, file), '{}');
});
afterEach(() => rmSync(dataDir, { recursive: true }));

describe('to begin anew', () => {
  it('deletes the databases and the secrets that a start made, and nothing else', () => {
    beginAnew({ dataDir });
    expect(readdirSync(dataDir).sort()).toEqual(['backups', 'package.json']);
    beginAnew({ dataDir }); // nothing of ours is left: that is well
    beginAnew({ dataDir: path.join(dataDir, 'missing') });
  });

  it.each([
    ['embedded-mongo/engine.pid', `${process.pid}\n4321\n`],
    ['embedded-mongo/engine.pid', `${process.pid}\n\n`], // it does not listen yet
    ['mongod/7pay-mongod.json', JSON.stringify({ pid: process.pid, port: 4321 })],
  ])('is refused while %s names a process that runs', (file, note) => {
    writeFileSync(path.join(dataDir, file), note);
    expect(() => beginAnew({ dataDir })).toThrow(`process ${process.pid}`);
    expect(existsSync(path.join(dataDir, file))).toBe(true);
    expect(readdirSync(dataDir)).toHaveLength(6);
  });

  it('is refused with MONGODB_URI: the secrets are those of a database that stays', () => {
    const uri = 'mongodb://127.0.0.1:1';
    expect(() => beginAnew({ dataDir, uri })).toThrow('MONGODB_URI');
    expect(readdirSync(dataDir)).toHaveLength(6);
  });

  it('never means the working folder because DATA_DIR is empty', () => {
    expect(() => readPlatformConfig({ DATA_DIR: '' })).toThrow('DATA_DIR');
  });
});
