import { openExisting } from './open-folder.ts';

/**
 * Gives the space of what was deleted back to the disk, in a folder that nobody serves.
 * @throws Failure when the folder is in use or of another version
 */
export function compactFolder(dataDir: string, say: (line: string) => void): void {
  const store = openExisting(dataDir);
  const before = store.fileBytes();
  store.compact();
  const after = store.fileBytes();
  store.close();
  say(`${dataDir}: ${before} bytes before, ${after} bytes now`);
}
