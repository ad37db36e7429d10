import { rmSync } from 'node:fs';
import path from 'node:path';
import { databaseProcess } from '@7pay/mongo';

/** What a start makes in its data folder. Whatever else is there is somebody's and stays. */
const MADE_BY_A_START = ['embedded-mongo', 'mongod', 'secrets.json', 'secrets.json.part'];

/**
 * Deletes the database and the secrets of a data folder, so that the next start begins anew.
 * @throws Error when a database works on the folder, naming its process, and when the database is elsewhere: it would be
 * left without its secrets. Nothing is deleted then
 */
export function beginAnew({ dataDir, uri }: { dataDir: string; uri?: string | undefined }): void {
  if (uri)
    throw new Error(
      '--fresh deletes the database in the data folder and its secrets, not the database of MONGODB_URI, which needs them. Leave one of the two away.',
    );
  const pid = databaseProcess(dataDir);
  if (pid !== null)
    throw new Error(
      `The data folder ${dataDir} is in use by process ${pid}. Stop that start first; nothing was deleted. If that process is none of ours, one was killed and its number is another’s: delete the engine.pid or 7pay-mongod.json there.`,
    );
  for (const name of MADE_BY_A_START)
    rmSync(path.join(dataDir, name), { recursive: true, force: true });
}
