import { refuse } from '@7pay/refusals';
import { afterEach, describe, expect, it } from 'vitest';
import '../account/password-hashes.ts'; // declares the refusal
import { openPasswordThreads, type PasswordThreads } from './password-threads.ts';

const open: PasswordThreads[] = [];
const threads = (limits: Parameters<typeof openPasswordThreads>[0] = {}) => {
  const opened = openPasswordThreads({ deadlineMs: 60_000, ...limits });
  open.push(opened);
  return opened;
};
afterEach(() => Promise.all(open.splice(0).map((each) => each.close())));
const hash = (password: string) => ({ kind: 'hash', password }) as const;
const busy = refuse('LOGIN_BUSY');

describe('the password threads', () => {
  it('make argon2id hashes with the parameters of OWASP, and check them', async () => {
    const pool = threads();
    const stored = String(await pool.run(hash('a quiet harbour')));
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await pool.run({ kind: 'verify', password: 'a quiet harbour', stored })).toBe(true);
    expect(await pool.run({ kind: 'verify', password: 'a loud harbour', stored })).toBe(false);
  });

  it('tell how many guesses a password withstands, and end on a hostile one', async () => {
    const pool = threads();
    const guesses = (password: string, own: readonly string[] = []) =>
      pool.run({ kind: 'guesses', password, own }) as Promise<number>;
    expect(await guesses('password12345')).toBeLessThan(8);
    expect(await guesses('サクラサクラサクラ花見')).toBeLessThan(8);
    expect(await guesses('hanako.yamada7', ['hanako.yamada'])).toBeLessThan(8);
    expect(await guesses('a quiet harbour in spring')).toBeGreaterThan(10);
    expect(await guesses('@$1!0o5s'.repeat(16))).toEqual(expect.any(Number));
  });

  it('shed what finds the queue full, and do the rest', async () => {
    const pool = threads({ threads: 1, waitingMax: 2 });
    const all = await Promise.all([1, 2, 3, 4].map((n) => pool.run(hash(`password ${n}`))));
    expect(all.filter((each) => typeof each === 'string')).toHaveLength(3);
    expect(all[3]).toEqual(busy);
  });

  it('shed what waited too long, before any work was done on it', async () => {
    const pool = threads({ threads: 1, newDeadlineMs: 1 });
    const first = pool.run(hash('first'));
    const late = await Promise.all(Array.from({ length: 20 }, () => pool.run(hash('late'))));
    expect(late).toContainEqual(busy);
    expect(await first).toEqual(expect.any(String));
    expect(pool.waiting).toBe(0);
  });

  it('go on after a piece of work that failed', async () => {
    const pool = threads({ threads: 1 });
    await expect(pool.run({ kind: 'verify', password: 'x', stored: 'no hash' })).rejects.toThrow();
    expect(await pool.run(hash('next'))).toEqual(expect.any(String));
  });

  it('turn everything away once closed', async () => {
    const pool = threads();
    await pool.close();
    expect(await pool.run(hash('too late'))).toEqual(busy);
  });
});
