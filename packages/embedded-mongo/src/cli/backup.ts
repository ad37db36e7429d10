import {
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  closeSync,
  readdirSync,
} from 'node:fs';
import { join } from 'node:path';
import { DATA_FILE, openSqliteStore } from '../storage/sqlite-store.ts';
import { EngineClient } from './client.ts';
import { EXIT, Failure } from './exit-codes.ts';
import { makeFolder, readEngine, readLogin } from './folder.ts';
import { openExisting } from './open-folder.ts';

/**
 * Copies the data of a folder into an empty one, also while an engine serves it: the engine keeps its
 * main file unchanged for as long as it takes, and writes go on beside it. The copy holds exactly
 * what was committed when it began, and is read back before it is called one.
 * @throws Failure
 */
export async function backup(
  input: { readonly dataDir: string; readonly to: string },
  say: (line: string) => void,
): Promise<void> {
  const { dataDir, to } = input;
  if (existsSync(to) && readdirSync(to).length > 0)
    throw new Failure(EXIT.usage, `The folder ${to} is not empty; a backup overwrites nothing.`);
  const release = await hold(dataDir);
  try {
    makeFolder(to);
    copyDurably(join(dataDir, DATA_FILE), join(to, DATA_FILE));
  } finally {
    await release();
  }
  const copy = openSqliteStore(to, {
    now: () => performance.now(),
    onFatal: (error) => {
      throw error;
    },
  });
  const findings = copy.integrity();
  const bytes = copy.fileBytes();
  copy.close();
  if (findings.length > 0)
    throw new Failure(EXIT.failed, `The copy in ${to} is damaged: ${findings.join('; ')}`);
  say(`${to} holds a copy of ${dataDir}: ${bytes} bytes, read back and sound.`);
}

// Keeps the main file unchanged; the answer lets it change again.
async function hold(dataDir: string): Promise<() => Promise<void>> {
  const running = readEngine(dataDir);
  try {
    const store = openExisting(dataDir);
    store.hold();
    return () => Promise.resolve(store.close());
  } catch (error) {
    if (!(error instanceof Failure) || error.exitCode !== EXIT.locked || !running?.port)
      throw error;
  }
  const client = await EngineClient.open(running.port, readLogin(dataDir));
  await client.run({ beginBackup: 1 });
  return async () => {
    await client.run({ endBackup: 1 });
    client.close();
  };
}

function copyDurably(from: string, to: string): void {
  copyFileSync(from, to, constants.COPYFILE_EXCL); // with the rights of the original
  const file = openSync(to, 'r+');
  fsyncSync(file);
  closeSync(file);
}
