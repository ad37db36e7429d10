import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  DATA_FILE,
  FormatMismatch,
  openSqliteStore,
  StoreLocked,
} from '../storage/sqlite-store.ts';
import type { Store } from '../storage/store.ts';
import { EXIT, Failure } from './exit-codes.ts';
import { makeFolder, readEngine } from './folder.ts';

/**
 * Opens the store of a folder, and makes the folder.
 * @throws Failure when another engine has it or another version wrote it
 */
export function openFolder(dataDir: string): Store {
  makeFolder(dataDir);
  try {
    return openSqliteStore(dataDir, {
      now: () => performance.now(),
      onFatal: (error) => {
        process.stderr.write(`A write to ${dataDir} failed, the engine ends: ${String(error)}\n`);
        process.exit(EXIT.commitFailed);
      },
    });
  } catch (error) {
    if (error instanceof StoreLocked) {
      const pid = readEngine(dataDir)?.pid;
      throw new Failure(
        EXIT.locked,
        `The data folder ${dataDir} is in use by another engine${pid === undefined ? '' : ` (pid ${pid})`}.`,
      );
    }
    if (error instanceof FormatMismatch)
      throw new Failure(
        EXIT.format,
        `The data folder ${dataDir} cannot be read: ${error.message}.`,
      );
    throw error;
  }
}

/** Opens a folder that must hold data already. @throws Failure */
export function openExisting(dataDir: string): Store {
  if (!existsSync(join(dataDir, DATA_FILE)))
    throw new Failure(EXIT.usage, `There is no data in ${dataDir}.`);
  return openFolder(dataDir);
}
