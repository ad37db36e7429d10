import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Which process serves a data folder with a `mongod`, and where: for the next start, and for tools beside it. */
export interface MongodNote {
  readonly pid: number;
  readonly port: number;
}

const fileIn = (dataDir: string): string => path.join(dataDir, '7pay-mongod.json');

/** Notes it in the folder. */
export function noteMongod(dataDir: string, { pid, port }: MongodNote): void {
  writeFileSync(fileIn(dataDir), JSON.stringify({ pid, port }), { mode: 0o600 });
}

/** What was noted last; null when nothing was, or nothing that can be read. */
export function readMongodNote(dataDir: string): MongodNote | null {
  try {
    const noted = JSON.parse(readFileSync(fileIn(dataDir), 'utf8')) as Partial<MongodNote> | null;
    const { pid, port } = noted ?? {};
    if (!Number.isInteger(pid) || !Number.isInteger(port)) return null;
    return { pid: Number(pid), port: Number(port) };
  } catch {
    return null;
  }
}

/** The `mongod` of ours that serves a folder now; null when none does. */
export function runningMongod(dataDir: string): MongodNote | null {
  const note = readMongodNote(dataDir);
  if (!note) return null;
  try {
    process.kill(note.pid, 0);
    return note;
  } catch {
    return null;
  }
}
