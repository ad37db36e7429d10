import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepSecrets } from './secrets.ts';

let dataDir: string;
let file: string;
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), '7pay-secrets-'));
  file = path.join(dataDir, 'secrets.json');
});
afterEach(() => rmSync(dataDir, { recursive: true }));
const modeOf = () => statSync(file).mode & 0o777;

describe('the secrets of a data folder', () => {
  it('are made once, also in a folder that is not there yet, and read ever after', () => {
    const made = keepSecrets(path.join(dataDir, 'new'));
    expect(keepSecrets(path.join(dataDir, 'new'))).toEqual(made);
    expect(readdirSync(path.join(dataDir, 'new'))).toEqual(['secrets.json']);
  });

  it('of an older version stay, and get the newer ones', () => {
    writeFileSync(file, JSON.stringify({ cookieKey: 'an-older-one' }));
    const secrets = keepSecrets(dataDir);
    expect(secrets.cookieKey).toBe('an-older-one');
    expect(keepSecrets(dataDir)).toEqual(secrets);
  });

  it('are never written over in place: what cannot be written leaves the old file whole', () => {
    const old = JSON.stringify({ cookieKey: 'the-only-copy' });
    writeFileSync(file, old);
    mkdirSync(`${file}.part`); // nothing can be written beside it, as on a full disk
    expect(() => keepSecrets(dataDir)).toThrow();
    expect(readFileSync(file, 'utf8')).toBe(old);
  });

  it.each([
    ['written by an older version', JSON.stringify({ cookieKey: 'an-older-one' })],
    ['copied back', undefined],
  ])('are for their owner alone, also when they were %s for everybody', (_, text) => {
    if (text === undefined) keepSecrets(dataDir);
    else writeFileSync(file, text);
    chmodSync(file, 0o644);
    writeFileSync(`${file}.part`, 'of a start that was killed', { mode: 0o644 });
    keepSecrets(dataDir);
    expect(modeOf()).toBe(0o600);
  });

  it.each(['', '{"cookieKey": "half-a-sec', '[]', '"half-a-sec"', 'null'])(
    'that cannot be read are named with what to do, shown to nobody and left as they are: %j',
    (text) => {
      writeFileSync(file, text);
      const read = () => keepSecrets(dataDir);
      expect(read).toThrow(file);
      expect(read).toThrow(/copy .* --fresh/);
      expect(read).not.toThrow('half-a-sec');
      expect(readFileSync(file, 'utf8')).toBe(text);
      expect(existsSync(`${file}.part`)).toBe(false);
    },
  );
});
