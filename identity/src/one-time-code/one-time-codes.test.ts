import { seededIds } from '@7pay/ids';
import { isRefused, refuse } from '@7pay/refusals';
import { silentLog } from '@7pay/telemetry';
import { testDatabase } from '@7pay/testing';
import { fixedClock } from '@7pay/time';
import type { Delivery, Message } from '@7pay/world';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openMessageBudget } from './message-budget.store.ts';
import { CODE_PURPOSES, type CodePurpose, type SentCode } from './one-time-code.ts';
import { oneTimeCodeModel, openOneTimeCodeStore } from './one-time-code.store.ts';
import { type OneTimeCodes, oneTimeCodes } from './one-time-codes.ts';
import { messageCountModel, openWindowCounts } from './window-count.store.ts';

const SECRET = 'a secret of the installation, 32+';
const clock = fixedClock('2019-07-01T00:00:00Z');
let database: Awaited<ReturnType<typeof testDatabase>>;
let codes: OneTimeCodes;
let sent: Message[] = [];
let delivery: Delivery = 'SENT';
const messenger = {
  send: async (message: Message) => {
    sent.push(message);
    return delivery;
  },
};
beforeAll(async () => {
  database = await testDatabase('one_time_codes');
  const { connection } = database;
  await Promise.all(
    [oneTimeCodeModel, messageCountModel].map((model) => model(connection).createCollection()),
  );
  codes = oneTimeCodes({
    codes: openOneTimeCodeStore(connection),
    budget: openMessageBudget(openWindowCounts(connection, SECRET)),
    messenger,
    secret: SECRET,
    clock,
    ids: seededIds(1),
    log: silentLog,
  });
});
afterAll(() => database.drop());

let serial = 0;
let to: SentCode;
beforeEach(() => {
  serial += 1;
  sent = [];
  delivery = 'SENT';
  clock.advance(24 * 60 * 60_000);
  to = {
    memberId: `mem_${serial}`,
    purpose: 'SIGN_IN',
    channel: 'sms',
    address: `+8190${String(serial).padStart(4, '0')}5678`,
  };
});
const last = () => /\d{6}/.exec(sent.at(-1)?.text ?? '')?.[0] ?? '';
const failed = refuse('ONE_TIME_CODE_FAILED');

describe('a one-time code', () => {
  it('goes to the contact and says what it is for, and proves once', async () => {
    expect(await codes.send(to, 'ja')).toBe(true);
    expect(sent).toMatchObject([{ channel: 'sms', to: to.address }]);
    expect(sent[0]!.text).toMatch(/^7iD ログインのコードは \d{6} です。5分間有効/);
    const code = last();
    const all = await Promise.all(Array.from({ length: 4 }, () => codes.prove(to, code)));
    expect(all.filter((each) => !isRefused(each))).toEqual([true]);
    expect(await codes.prove(to, code)).toEqual(failed);
  });

  it('is nowhere in the database, nor is the number it went to in what was counted', async () => {
    await codes.send(to, 'ja');
    const row = JSON.stringify(await oneTimeCodeModel(database.connection).find().lean());
    expect(row).not.toContain(`"${last()}"`);
    const counted = JSON.stringify(await messageCountModel(database.connection).find().lean());
    expect(counted).not.toContain(to.address.slice(1));
  });

  it('is over after five minutes', async () => {
    await codes.send(to, 'ja');
    clock.advance(300_000);
    expect(await codes.prove(to, last())).toEqual(failed);
  });

  it('is void after five wrong tries', async () => {
    await codes.send(to, 'ja');
    const wrong = last() === '000000' ? '111111' : '000000';
    for (let n = 0; n < 5; n += 1) expect(await codes.prove(to, wrong)).toEqual(failed);
    expect(await codes.prove(to, last())).toEqual(failed);
  });

  it('is void when a new one is sent', async () => {
    await codes.send(to, 'ja');
    const first = last();
    await codes.send(to, 'ja');
    expect(last()).not.toBe(first);
    expect(await codes.prove(to, first)).toEqual(failed);
    expect(await codes.prove(to, last())).toBe(true);
  });

  it.each<[string, Partial<SentCode>]>([
    ['for another purpose', { purpose: 'VERIFY_CONTACT' }],
    ['by another member', { memberId: 'mem_other' }],
    ['by another way', { channel: 'mail' }],
  ])('proves nothing %s', async (_, other) => {
    await codes.send(to, 'ja');
    expect(await codes.prove({ ...to, ...other }, last())).toEqual(failed);
  });

  it('that may have arrived still counts, and one that was refused does not', async () => {
    delivery = 'UNKNOWN';
    expect(await codes.send(to, 'en')).toEqual(refuse('MESSAGE_NOT_SENT'));
    expect(await codes.prove(to, last())).toBe(true);
    delivery = 'REFUSED';
    expect(await codes.send(to, 'en')).toEqual(refuse('MESSAGE_NOT_SENT'));
    expect(await codes.prove(to, last())).toEqual(failed);
  });
});

describe('the budget of messages', () => {
  const limit = refuse('MESSAGE_LIMIT_REACHED');

  it('is five an hour and ten a day for each recipient, asked at once or one by one', async () => {
    const many = await Promise.all(Array.from({ length: 9 }, () => codes.send(to, 'ja')));
    expect(many.filter((each) => each === true)).toHaveLength(5);
    expect(await codes.send({ ...to, memberId: 'mem_other' }, 'ja')).toEqual(limit);
    clock.advance(60 * 60_000);
    for (let n = 0; n < 5; n += 1) expect(await codes.send(to, 'ja')).toBe(true);
    clock.advance(60 * 60_000);
    expect(await codes.send(to, 'ja')).toEqual(limit);
  });

  it('ends for a block of numbers of which hardly any proves its code', async () => {
    const number = (n: number) => ({
      ...to,
      address: `+818055${serial}${String(n).padStart(6 - String(serial).length, '0')}`,
    });
    const answers = [];
    for (let n = 0; n < 60; n += 1) answers.push(await codes.send(number(n), 'ja'));
    expect(answers.filter((each) => each === true)).toHaveLength(50);
  });

  it('goes on for a block whose people prove their codes', async () => {
    const number = (n: number) => ({
      ...to,
      address: `+817055${serial}${String(n).padStart(6 - String(serial).length, '0')}`,
    });
    for (let n = 0; n < 60; n += 1) {
      expect(await codes.send(number(n), 'ja')).toBe(true);
      await codes.prove(number(n), last());
    }
  });

  it.each<[CodePurpose, number]>([
    ['STEP_UP', 5],
    ['RESET_PASSWORD', 5],
    ['RECOVERY_SECOND', 5],
    ['RECOVERY', 0],
  ])('of what the member has proven is not used up by others: %s', async (purpose, left) => {
    await Promise.all(
      Array.from({ length: 9 }, (_, n) =>
        codes.send({ ...to, memberId: `mem_stranger_${n}`, purpose: 'VERIFY_CONTACT' }, 'ja'),
      ),
    );
    await Promise.all(
      Array.from({ length: 9 }, () => codes.send({ ...to, purpose: 'RECOVERY' }, 'ja')),
    );
    const many = await Promise.all(
      Array.from({ length: 6 }, () => codes.send({ ...to, purpose }, 'ja')),
    );
    expect(many.filter((each) => each === true)).toHaveLength(left);
  });

  it('is twenty an hour and forty a day for one address, whatever the purposes', async () => {
    let gone = 0;
    for (let hour = 0; hour < 3; hour += 1) {
      for (const purpose of CODE_PURPOSES) {
        for (let n = 0; n < 6; n += 1) {
          const memberId = `mem_${serial}_${n % 2}`;
          if ((await codes.send({ ...to, memberId, purpose }, 'ja')) === true) gone += 1;
        }
      }
      expect(gone).toBe([20, 40, 40][hour]);
      clock.advance(60 * 60_000);
    }
  });

  it('goes on for the second factor in a block that somebody has used up', async () => {
    for (let n = 0; n < 60; n += 1) {
      const address = `+816055${serial}${String(n).padStart(6 - String(serial).length, '0')}`;
      const stranger = { ...to, memberId: `mem_sends_${n}`, address };
      const answer = await codes.send({ ...stranger, purpose: 'VERIFY_CONTACT' }, 'ja');
      expect(answer).toEqual(n < 50 ? true : limit);
    }
    const address = `+816055${serial}${'9'.padStart(6 - String(serial).length, '0')}`;
    expect(await codes.send({ ...to, address, purpose: 'STEP_UP' }, 'ja')).toBe(true);
  });

  it('is ten an hour for a member who confirms contacts, to all addresses together', async () => {
    const number = (n: number) => ({
      ...to,
      purpose: 'VERIFY_CONTACT' as const,
      address: `+8180${String(n).padStart(4, '0')}${String(serial).padStart(4, '0')}`,
    });
    const many = await Promise.all(
      Array.from({ length: 14 }, (_, n) => codes.send(number(n), 'ja')),
    );
    expect(many.filter((each) => each === true)).toHaveLength(10);
    expect(await codes.send({ ...number(20), memberId: 'mem_other' }, 'ja')).toBe(true);
    expect(await codes.send({ ...number(21), purpose: 'STEP_UP' }, 'ja')).toBe(true);
    clock.advance(60 * 60_000);
    expect(await codes.send(number(22), 'ja')).toBe(true);
  });

  it('that cannot be counted sends nothing', async () => {
    const down = new Error('the database is away');
    const failing = oneTimeCodes({
      codes: openOneTimeCodeStore(database.connection),
      budget: { spend: () => Promise.reject(down), proven: () => Promise.reject(down) },
      messenger,
      secret: SECRET,
      clock,
      ids: seededIds(2),
      log: silentLog,
    });
    await expect(failing.send(to, 'ja')).rejects.toThrow(down);
    expect(sent).toEqual([]);
  });
});
