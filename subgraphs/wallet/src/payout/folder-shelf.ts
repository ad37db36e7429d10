import { mkdir, open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import type { FileShelf } from './write-payout-files.ts';

/** Files in a folder, for their owner alone. One is written beside its place, made durable, and moved there. */
export function folderShelf(folder: string): FileShelf {
  return {
    read: async (name) => {
      try {
        return await readFile(path.join(folder, name));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    },
    put: async (name, bytes) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const place = path.join(folder, name);
      const beside = `${place}.part`;
      const file = await open(beside, 'w', 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(beside, place);
      const directory = await open(folder, 'r');
      try {
        await directory.sync(); // the name too, before anybody marks it
      } finally {
        await directory.close();
      }
    },
  };
}
