import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXIT } from './exit-codes.ts';
import { spawnEmbeddedMongo } from './spawn.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'embedded-mongo-spawn-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** An engine's main file that listens to nobody and then ends as one does whose disk is full. */
async function dyingEngine(): Promise<string> {
  const entry = join(folder, 'dying.mjs');
  await writeFile(
    entry,
    `process.on('SIGTERM', () => {
       process.stderr.write('connection.failed\\nA write failed,');
       process.stderr.write(' the engine ends\\n', () => process.exit(${EXIT.commitFailed}));
     });
     process.stdin.resume(); // it lives for as long as its parent
     process.stdout.write('mongodb://127.0.0.1:1/\\n');`,
  );
  return entry;
}

test('an engine that ends by itself tells how, with its last words, and each line on its way', async () => {
  const lines: string[] = [];
  const engine = await spawnEmbeddedMongo({
    dataDir: join(folder, 'data'),
    entry: await dyingEngine(),
    onSaid: (line) => lines.push(line),
  });
  process.kill(engine.pid, 'SIGTERM');
  expect(await engine.ended).toEqual({
    code: EXIT.commitFailed,
    signal: null,
    said: 'connection.failed\nA write failed, the engine ends',
  });
  expect(lines).toEqual(['connection.failed', 'A write failed, the engine ends']);
});

test('an engine that a signal ended names it', async () => {
  const engine = await spawnEmbeddedMongo({
    dataDir: join(folder, 'killed'),
    entry: await dyingEngine(),
  });
  engine.kill();
  expect(await engine.ended).toEqual({ code: null, signal: 'SIGKILL', said: '' });
  expect(await engine.exited).toBeNull();
});
