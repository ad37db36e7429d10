import { refuse } from '@7pay/refusals';
import { silentLog } from '@7pay/telemetry';
import { type TestDatabase, testDatabase } from '@7pay/testing';
import { systemClock } from '@7pay/time';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openCarryOverStore } from './carry-over.store.ts';
import { proveByContact } from './prove-by-contact.ts';

const BROWSER = 'a browser';
const own = {
  id: BROWSER,
  memberId: 'mem_thief',
  channel: 'mail',
  address: 'thief@example.jp',
  reclaims: false,
} as const;
const theirs = {
  ...own,
  memberId: 'mem_victim',
  channel: 'sms',
  address: '+819012345678',
} as const;
let database: TestDatabase;
let meanwhile: () => Promise<void>;
const store = () => openCarryOverStore(database.connection);
const begin = async ({ memberId, ...begun }: typeof own | typeof theirs) => {
  await store().begin(begun, new Date(Date.now() + 60_000));
  await store().address(begun, memberId);
};
beforeAll(async () => {
  database = await testDatabase('carry_over_anew');
});
afterAll(() => database.drop());
beforeEach(() => {
  meanwhile = async () => {};
});

/** A right code, while something else happens. */
const finish = () =>
  proveByContact({
    carryOvers: store(),
    codes: { prove: async () => (await meanwhile(), true) },
    clock: systemClock,
    log: silentLog,
    controls: { look: () => ({ state: 'CLOSED' }) },
  } as never).finish(BROWSER, '123456');

describe('a code that comes back', () => {
  it('proves the contact that it was sent to', async () => {
    await begin(own);
    expect(await finish()).toBe(true);
    expect(await store().find(BROWSER, new Date())).toMatchObject({
      memberId: 'mem_thief',
      provenAt: expect.any(Date) as Date,
    });
  });

  it('proves nobody whose contact the browser has begun with meanwhile', async () => {
    await begin(own);
    meanwhile = () => begin(theirs);
    expect(await finish()).toEqual(refuse('CARRY_OVER_OVER'));
    expect(await store().find(BROWSER, new Date())).toMatchObject({
      memberId: 'mem_victim',
      provenAt: null,
    });
  });

  it('proves nothing a second time, nor what is over', async () => {
    await begin(own);
    await finish();
    expect(await store().prove(own, new Date())).toBe(false);
    await store().end(BROWSER);
    expect(await store().prove(own, new Date())).toBe(false);
  });
});
