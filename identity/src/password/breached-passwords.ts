import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';

/** Passwords that are known to be in the hands of attackers. */
export interface BreachedPasswords {
  has(password: string): Promise<boolean>;
  close(): Promise<void>;
}

/** The first bytes of the SHA-1 of a password: by chance one in a billion passwords has those of a breached one. */
export const PREFIX_BYTES = 8;
const BLOCK = 512; // prefixes read at once

/** No list: nothing is breached. */
export const NONE_BREACHED: BreachedPasswords = { has: async () => false, close: async () => {} };

/**
 * Looks passwords up in a sorted file of prefixes (see breached-file.ts). Nothing is loaded: a list of a billion
 * passwords is a file of 8 GB in which about twenty reads find one.
 * @throws Error when the file is missing, empty, cut off or not sorted where it is looked at first
 */
export async function openBreachedPasswords(file: string): Promise<BreachedPasswords> {
  const handle = await open(file, 'r');
  const { size } = await handle.stat();
  const count = size / PREFIX_BYTES;
  if (count === 0 || !Number.isInteger(count)) {
    await handle.close();
    throw new Error('the list of breached passwords is empty or cut off');
  }
  const ends = [await read(handle, 0, 1), await read(handle, count - 1, 1)] as const;
  if (ends[0] > ends[1]) {
    await handle.close();
    throw new Error('the list of breached passwords is not sorted');
  }
  return {
    has: (password) => find(handle, count, prefixOf(password)),
    close: () => handle.close(),
  };
}

/** The prefix under which a password stands in the list. */
export const prefixOf = (password: string): bigint =>
  createHash('sha1').update(password, 'utf8').digest().readBigUInt64BE();

async function find(handle: FileHandle, count: number, wanted: bigint): Promise<boolean> {
  let [from, to] = [0, count];
  while (to - from > BLOCK) {
    const middle = Math.floor((from + to) / 2);
    if ((await read(handle, middle, 1)) <= wanted) from = middle;
    else to = middle;
  }
  const block = Buffer.alloc((to - from) * PREFIX_BYTES);
  await handle.read(block, 0, block.length, from * PREFIX_BYTES);
  for (let at = 0; at < block.length; at += PREFIX_BYTES) {
    if (block.readBigUInt64BE(at) === wanted) return true;
  }
  return false;
}

async function read(handle: FileHandle, index: number, many: number): Promise<bigint> {
  const bytes = Buffer.alloc(many * PREFIX_BYTES);
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, index * PREFIX_BYTES);
  if (bytesRead !== bytes.length) throw new Error('the list of breached passwords was cut off');
  return bytes.readBigUInt64BE();
}
