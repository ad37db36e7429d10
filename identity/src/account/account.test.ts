import { isRefused } from '@7pay/refusals';
import { afterAll, describe, expect, it } from 'vitest';
import { canonicalMail, cleanDisplayName } from './member.ts';
import { judgePassword } from './password.ts';
import { openPasswordThreads, type PasswordThreads } from '../password/password-threads.ts';
import type { Work } from '../password/thread-messages.ts';
import { openPasswordHashes } from './password-hashes.ts';

describe('a mail address', () => {
  it.each([
    ['aaA@Example.JP', 'aaa@example.jp'],
    [' hana@example.jp ', 'hana@example.jp'],
    ['ｈａｎａ＠ｅｘａｍｐｌｅ．ｊｐ', 'hana@example.jp'],
    ['hana+7pay@mail.example.jp', 'hana+7pay@mail.example.jp'],
  ])('%j is compared as %s', (typed, canonical) => {
    expect(canonicalMail(typed)).toBe(canonical);
  });

  it.each([
    '',
    'hana',
    'hana@',
    '@example.jp',
    'hana@example',
    'a b@example.jp',
    'a@b@example.jp',
    'a@example.jp\nbcc: b@example.jp',
    'a@example.jp,b@example.jp',
    `${'a'.repeat(250)}@example.jp`,
  ])('%j is refused', (typed) => {
    expect(canonicalMail(typed)).toMatchObject({ refused: 'MAIL_INVALID' });
  });
});

describe('a display name', () => {
  it('loses control characters and double spaces and keeps rare characters', () => {
    expect(cleanDisplayName(' 髙﨑\u202e  はな\n')).toBe('髙﨑 はな');
  });

  it.each(['', ' \n', 'あ'.repeat(41)])('%j is refused', (typed) => {
    expect(isRefused(cleanDisplayName(typed))).toBe(true);
  });
});

describe('a new password', () => {
  const own = { canonicalMail: 'hanako@example.jp', displayName: 'やまだはな' };
  it.each([
    ['short 12345', 'PASSWORD_TOO_SHORT'],
    ['髙'.repeat(11), 'PASSWORD_TOO_SHORT'],
    ['x y z '.repeat(30), 'PASSWORD_TOO_LONG'],
    ['Password1234', 'PASSWORD_GUESSABLE'],
    ['aaaaaaaaaaaaaaa', 'PASSWORD_GUESSABLE'],
    ['my HANAKO login', 'PASSWORD_GUESSABLE'],
    ['やまだはなのパスワード', 'PASSWORD_TOO_SHORT'],
    ['やまだはなのひみつのパスワード', 'PASSWORD_GUESSABLE'],
  ])('%j is refused with %s', (password, code) => {
    expect(judgePassword(password, own)).toMatchObject({ refused: code });
  });

  it.each(['correct horse battery', '桜の木の下で猫が三匹眠っている', 'xK4!vR9@pQ2z'])(
    '%j is fine',
    (password) => {
      expect(judgePassword(password, own)).toBeUndefined();
    },
  );
});

describe('password hashes', () => {
  const threads = openPasswordThreads({ deadlineMs: 60_000 });
  afterAll(() => threads.close());

  it('fit their password in any spelling of the same text, and nothing else', async () => {
    const hashes = openPasswordHashes(threads);
    const stored = await hashes.make('ﾊﾟｽﾜｰﾄﾞ correct');
    if (isRefused(stored)) throw new Error('busy');
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await hashes.fits('パスワード correct', stored)).toBe(true);
    expect(await hashes.fits('パスワード wrong', stored)).toBe(false);
  });

  it('cost the same work for nobody, and never fit', async () => {
    const asked: Work[] = [];
    const run = (async (work: Work) => {
      asked.push(work);
      return true; // whatever the work says
    }) as unknown as PasswordThreads['run']; // a function of all kinds of work at once
    const hashes = openPasswordHashes({ ...threads, run });
    expect(await hashes.fits('nobody', null)).toBe(false);
    expect(asked).toEqual([
      {
        kind: 'verify',
        password: 'nobody',
        stored: expect.stringMatching(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/) as string,
      },
    ]);
  });
});
