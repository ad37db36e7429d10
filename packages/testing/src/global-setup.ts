import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawnEmbeddedMongo } from '@7pay/embedded-mongo';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The database of this run: each test file takes a name of its own on it. */
    mongodbUri: string;
  }
}

let running: Promise<{ uri: string; stop(): Promise<void> }> | undefined;
let users = 0;

/** One database for the whole run: TEST_MONGODB_URI if it is set, else the embedded engine. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  users += 1;
  running ??= start();
  const { uri, stop } = await running;
  project.provide('mongodbUri', uri);
  return async () => {
    users -= 1;
    if (users === 0) await stop();
  };
}

async function start(): Promise<{ uri: string; stop(): Promise<void> }> {
  const given = process.env['TEST_MONGODB_URI'];
  if (given) return { uri: given, stop: async () => {} };
  const dataDir = mkdtempSync(path.join(tmpdir(), '7pay-test-'));
  const engine = await spawnEmbeddedMongo({ dataDir, auth: false });
  return {
    uri: engine.uri,
    stop: async () => {
      await engine.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
