import { unitOfWork } from '@7pay/mongo';
import { testDatabase } from '@7pay/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EVERYTHING } from './cohort.ts';
import { CUT_OFFS_MAX, type CutOff } from './cut-off.ts';
import { openCutOffStore } from './cut-off.store.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => void (database = await testDatabase('cut_off_store')));
afterAll(() => database.drop());

const proposedAt = (minute: number): CutOff => ({
  id: `cut_${(minute * 7_919) % 1_000}`, // in no order
  state: 'ACTIVE',
  cohort: EVERYTHING,
  effects: ['END_LOGINS'],
  scopes: [],
  reason: { ja: '調査', en: 'Inquiry' },
  cutAt: new Date(minute * 60_000),
  generation: 1,
  expiresAt: null,
  proposedBy: 'mem_1',
  proposedAt: new Date(minute * 60_000),
  approvedBy: null,
  takingBack: null,
});

it('tells all of them, oldest first, also where two proposals took the last place', async () => {
  const store = openCutOffStore(database.connection);
  const inUnit = unitOfWork(database.connection);
  const all = Array.from({ length: CUT_OFFS_MAX + 1 }, (_, minute) => proposedAt(minute));
  await inUnit(async (session) => {
    for (const one of all.toReversed()) await store.put(session, one);
  });
  expect((await store.all()).map(({ id }) => id)).toEqual(all.map(({ id }) => id));
});
