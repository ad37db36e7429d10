import { silentLog } from '@7pay/telemetry';
import { testDatabase, type TestDatabase } from '@7pay/testing';
import { fixedClock } from '@7pay/time';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWindowCounts } from '../one-time-code/window-count.store.ts';
import { prepareIdentity } from '../storage/provider-storage.ts';
import { approveDevice, type Asking } from './approve-device.ts';
import { ASKED_PER_HOUR_MAX, WAITING_MAX } from './device-approval.ts';
import { openDeviceApprovalStore } from './device-approval.store.ts';

const clock = fixedClock('2019-07-04T00:00:00Z');
const DEVICE = { clientId: 'seven-eleven-app', agent: null, country: null };
const old = { uid: 'old', atSeconds: 0, amr: ['otp'], expiresAt: null };
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase('device_approvals');
  await prepareIdentity(database.connection);
});
afterAll(() => database.drop());

const approvals = () => {
  const { connection } = database;
  return approveDevice({
    approvals: openDeviceApprovalStore(connection),
    sessions: { keptOf: async () => [old] },
    members: { find: async () => null },
    counts: openWindowCounts(connection, 'a secret of the installation, 32+'),
    endSession: async () => true,
    clock,
    log: silentLog,
  });
};
const asking = (memberId: string, n: number): Asking => ({
  uid: `uid-${memberId}-${n}`,
  login: { memberId, amr: ['pwd'], sessionUid: `session-${n}` },
});
const atOnce = async (all: readonly Asking[]) => {
  const { ask } = approvals();
  const said = await Promise.all(all.map((each) => ask(each, DEVICE)));
  return said.filter((one) => one === true).length;
};

it('lets two wait of twelve new devices that ask at once', async () => {
  const twelve = Array.from({ length: 12 }, (_, n) => asking('mem_a', n));
  expect(await atOnce(twelve)).toBe(WAITING_MAX);
  expect(await approvals().waiting('mem_a', 'old')).toHaveLength(WAITING_MAX);
});

it('counts every time that one page asks, also all at once', async () => {
  const one = asking('mem_b', 0);
  expect(await approvals().ask(one, DEVICE)).toBe(true);
  const again = await atOnce(Array.from({ length: 12 }, () => one));
  expect(again).toBe(ASKED_PER_HOUR_MAX - 1);
});

it('has room for another one as soon as one was answered', async () => {
  const { ask, answer, waiting } = approvals();
  for (const n of [0, 1]) expect(await ask(asking('mem_c', n), DEVICE)).toBe(true);
  expect(await ask(asking('mem_c', 2), DEVICE)).toMatchObject({ refused: 'DEVICE_APPROVAL_LIMIT' });
  const [first] = await waiting('mem_c', 'old');
  const by = { memberId: 'mem_c', sessionUid: 'old' };
  await answer(by, { id: first?.id ?? '', number: first?.number ?? '' });
  expect(await ask(asking('mem_c', 2), DEVICE)).toBe(true);
});
