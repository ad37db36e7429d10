import {
  chmodSync,
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

/**
 * Writes a file for its owner alone: beside its place, made durable, and moved there. Whatever happens in between, what stood
 * there before is whole.
 */
export function writeOwnersFile(file: string, text: string): void {
  const beside = `${file}.part`;
  const opened = openSync(beside, 'w', 0o600);
  try {
    fchmodSync(opened, 0o600); // it may be there already, from a start that was killed
    writeFileSync(opened, text);
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
  renameSync(beside, file);
  if (process.platform === 'win32') return; // no folder can be flushed there
  const folder = openSync(path.dirname(file), 'r');
  try {
    fsyncSync(folder); // the name, too
  } finally {
    closeSync(folder);
  }
}

/** Takes a file away from everybody but its owner, where somebody else may read or write it. */
export function closeToOthers(file: string): void {
  if ((statSync(file).mode & 0o077) === 0) return;
  try {
    chmodSync(file, 0o600);
  } catch (error) {
    // A secret that somebody else mounted is theirs to close; it is read all the same.
    if (!['EPERM', 'EROFS'].includes(String((error as NodeJS.ErrnoException).code))) throw error;
  }
}
