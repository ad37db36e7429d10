import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeBreachedFile } from './breached-file.ts';
import { openBreachedPasswords } from './breached-passwords.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'breached-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const sha1 = (password: string) => createHash('sha1').update(password).digest('hex').toUpperCase();
const named = (name: string) => path.join(folder, name);
function listOf(name: string, passwords: readonly string[], times: (n: number) => number) {
  const lines = passwords.map((password, n) => `${sha1(password)}:${times(n)}`).sort();
  writeFileSync(named(name), `${lines.join('\r\n')}\r\n`);
  return named(name);
}
const breached = Array.from({ length: 5_000 }, (_, n) => `breached password ${n}`);

describe('the list of breached passwords', () => {
  it('knows each of its passwords and no other', async () => {
    const list = listOf('all.txt', breached, () => 1);
    expect(await makeBreachedFile(list, named('all.bin'))).toEqual({ kept: 5_000, left: 0 });
    const known = await openBreachedPasswords(named('all.bin'));
    const found = await Promise.all(breached.map((password) => known.has(password)));
    expect(found.filter(Boolean)).toHaveLength(5_000);
    const others = Array.from({ length: 2_000 }, (_, n) => known.has(`another password ${n}`));
    expect((await Promise.all(others)).filter(Boolean)).toHaveLength(0);
    await known.close();
  });

  it('leaves out what was seen less often than asked for', async () => {
    const list = listOf('seen.txt', breached.slice(0, 100), (n) => n % 4);
    expect(await makeBreachedFile(list, named('seen.bin'), { timesMin: 2 })).toEqual({
      kept: 50,
      left: 50,
    });
  });

  it.each([
    ['no hash', 'hunter2:5\n', 'line 1 is no hash'],
    ['out of order', `${'B'.repeat(40)}:1\n${'A'.repeat(40)}:1\n`, 'line 2 stands out of order'],
    ['empty', '', 'the list has no password'],
  ])('is not made of a list that is %s, and nothing is left behind', async (name, text, said) => {
    writeFileSync(named('bad.txt'), text);
    const made = makeBreachedFile(named('bad.txt'), named(`${name}.bin`));
    await expect(made).rejects.toThrow(said);
    expect(existsSync(named(`${name}.bin`))).toBe(false);
    expect(existsSync(named(`${name}.bin.new`))).toBe(false);
  });

  it.each([
    ['cut off', Buffer.alloc(12), 'cut off'],
    ['empty', Buffer.alloc(0), 'empty'],
    ['not sorted', Buffer.from('ffffffffffffffff0000000000000000', 'hex'), 'not sorted'],
  ])('is not opened when it is %s', async (_, bytes, said) => {
    writeFileSync(named('broken.bin'), bytes);
    await expect(openBreachedPasswords(named('broken.bin'))).rejects.toThrow(said);
  });
});
