import { testDatabase } from '@7pay/testing';
import { fixedClock } from '@7pay/time';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWindowCounts } from '../one-time-code/window-count.store.ts';
import { prepareIdentity } from '../storage/provider-storage.ts';
import { admitApproval } from './admit-approval.ts';
import { WAITING_MAX } from './approval.ts';
import { openApprovalStore } from './approval.store.ts';

const SECRET = 'a secret of the installation, 32+';
const clock = fixedClock('2019-07-04T00:00:00Z');
let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase('ciba_approvals');
  await prepareIdentity(database.connection);
});
afterAll(() => database.drop());

it('has room for five of twelve requests that are asked at once, and for those of others', async () => {
  const { connection } = database;
  const admit = admitApproval({
    approvals: openApprovalStore(connection, { clock, secrets: [SECRET] }),
    counts: openWindowCounts(connection, SECRET),
  });
  const said = await Promise.all(Array.from({ length: 12 }, () => admit('mem_a', clock.now())));
  expect(said.filter(Boolean)).toHaveLength(WAITING_MAX);
  expect(await admit('mem_b', clock.now())).toBe(true);
});
