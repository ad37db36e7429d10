import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { PREFIX_BYTES } from './breached-passwords.ts';

/** What was made of a list. */
export interface BreachedFile {
  readonly kept: number;
  /** Lines of hashes that were seen fewer times than asked for. */
  readonly left: number;
}

const LINE = /^([0-9A-F]{40})(?::(\d{1,12}))?\r?$/i;

/**
 * Makes the file in which breached passwords are looked up, from a list as Have I Been Pwned publishes it: a line per
 * password, `<SHA-1 in hex>:<times seen>`, sorted by hash. Written beside its place and then moved there, so that a
 * running provider never sees half of it.
 * @throws Error that names the first line which is none, or stands out of order
 */
export async function makeBreachedFile(
  list: string,
  file: string,
  { timesMin = 1 }: { timesMin?: number } = {},
): Promise<BreachedFile> {
  const beside = `${file}.new`;
  const told = { kept: 0, left: 0 };
  try {
    await pipeline(prefixesOf(list, timesMin, told), createWriteStream(beside));
    if (told.kept === 0) throw new Error('the list has no password');
    await rename(beside, file);
    return told;
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

async function* prefixesOf(list: string, timesMin: number, told: { kept: number; left: number }) {
  let number = 0;
  let before = -1n;
  for await (const line of createInterface({
    input: createReadStream(list),
    crlfDelay: Infinity,
  })) {
    number += 1;
    const [, hash, times = '1'] = LINE.exec(line) ?? [];
    if (hash === undefined) throw new Error(`line ${number} is no hash`);
    const prefix = BigInt(`0x${hash.slice(0, 2 * PREFIX_BYTES)}`);
    if (prefix < before) throw new Error(`line ${number} stands out of order`);
    if (Number(times) < timesMin) told.left += 1;
    else if (prefix > before) {
      told.kept += 1;
      const bytes = Buffer.alloc(PREFIX_BYTES);
      bytes.writeBigUInt64BE(prefix);
      yield bytes;
    }
    before = prefix;
  }
}
