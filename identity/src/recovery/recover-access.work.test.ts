import { randomIds } from '@7pay/ids';
import { isRefused } from '@7pay/refusals';
import { silentLog } from '@7pay/telemetry';
import { testDatabase, type TestDatabase } from '@7pay/testing';
import { fixedClock } from '@7pay/time';
import type { Message } from '@7pay/world';
import mongoose from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { memberModel, openMemberStore } from '../account/member.store.ts';
import { openContactStore } from '../contact/contact.store.ts';
import { openMessageBudget } from '../one-time-code/message-budget.store.ts';
import { oneTimeCodes } from '../one-time-code/one-time-codes.ts';
import { openOneTimeCodeStore } from '../one-time-code/one-time-code.store.ts';
import { openWindowCounts, type WindowCounts } from '../one-time-code/window-count.store.ts';
import { prepareIdentity } from '../storage/provider-storage.ts';
import { type Deliver, type RecoverAccess, recoverAccess } from './recover-access.ts';
import { RECOVERY_LIMITS } from './recovery.ts';
import { recoveryBudget } from './recovery-budget.ts';
import { openRecoveryStore } from './recovery.store.ts';

const SECRET = 'a secret of the installation, 32+';
const clock = fixedClock('2019-07-04T00:00:00Z');
let database: TestDatabase;
let counts: WindowCounts;
let sent: Message[] = [];
let serial = 0;
const uidOf = () => `interaction-${(serial += 1)}-of-the-test`;

const access = (counting: WindowCounts): RecoverAccess => {
  const { connection } = database;
  return recoverAccess({
    members: openMemberStore(connection),
    contacts: openContactStore(connection),
    codes: oneTimeCodes({
      codes: openOneTimeCodeStore(connection),
      budget: openMessageBudget(counts),
      messenger: { send: async (message) => (sent.push(message), 'SENT') },
      secret: SECRET,
      clock,
      ids: randomIds,
      log: silentLog,
    }),
    recoveries: openRecoveryStore(connection, SECRET),
    budget: recoveryBudget(counting),
    clock,
    log: silentLog,
  });
};

beforeAll(async () => {
  database = await testDatabase('recover_access');
  const { connection } = database;
  await prepareIdentity(connection);
  counts = openWindowCounts(connection, SECRET);
  const contacts = openContactStore(connection);
  for (const name of ['known', 'bare', 'locked']) {
    const mail = `${name}@example.jp`;
    await memberModel(connection).create({
      _id: `mem_${name}`,
      mail,
      canonicalMail: mail,
      displayName: name,
      roles: [],
      locale: 'ja',
      registeredAt: new Date(0),
      wrongTries: 0,
      ...(name === 'locked' && {
        lock: { at: new Date(0), since: new Date(0), without: [], liftedAt: null },
      }),
    });
    if (name === 'bare') continue;
    const contact = { memberId: `mem_${name}`, channel: 'mail', address: mail } as const;
    await contacts.add({ ...contact, addedAt: new Date(1) });
    await contacts.verify(contact, new Date(1));
  }
});
afterAll(() => database.drop());
beforeEach(() => {
  clock.advance(25 * 3_600_000);
  sent = [];
});

/** What a piece of work asks of the database: which collections, how. */
async function workOf(work: () => Promise<unknown>): Promise<string[]> {
  const asked: string[] = [];
  mongoose.set('debug', (collection: string, method: string) => {
    asked.push(`${collection}.${method}`);
  });
  try {
    await work();
  } finally {
    mongoose.set('debug', false);
  }
  return asked;
}
const deliverOf = async (asking: ReturnType<RecoverAccess['ask']>): Promise<Deliver> => {
  const deliver = await asking;
  if (isRefused(deliver)) throw new Error(deliver.refused);
  return deliver;
};

describe('the work before the answer', () => {
  it('is the same for whatever was typed, and looks at no account', async () => {
    const { ask, askBySms, proveByCode } = access(counts);
    const works = [];
    for (const loginId of [
      'known@example.jp',
      'bare@example.jp',
      'locked@example.jp',
      'x@y.jp',
      '',
    ]) {
      const uid = uidOf();
      let deliver: Deliver = async () => {};
      const asked = await workOf(async () => {
        deliver = await deliverOf(ask(uid, { loginId, network: 'net' }));
      });
      await deliver();
      const wrong = await workOf(() => proveByCode(uid, '12345'));
      const bySms = await workOf(() => askBySms(uid, { network: 'net' }));
      works.push({ asked, wrong, bySms });
    }
    expect(sent.map(({ to }) => to)).toEqual(['known@example.jp']);
    expect(works[0]?.asked.length).toBeGreaterThan(3);
    expect(works[0]?.wrong).toEqual([
      'identity_recoveries.findOne',
      'identity_one_time_codes.findOneAndUpdate',
    ]);
    for (const work of works) expect(work).toEqual(works[0]);
    const all = works.flatMap(({ asked, bySms }) => [...asked, ...bySms]);
    expect(all.filter((one) => /members|contacts/.test(one))).toEqual([]);
  });
});

describe('the limits', () => {
  it('of an account are kept and not told, in any spelling', async () => {
    const { ask } = access(counts);
    for (let n = 0; n < RECOVERY_LIMITS.perAccountHour + 3; n += 1) {
      const loginId = n % 2 === 0 ? 'known@example.jp' : 'KNOWN@example.jp';
      await (
        await deliverOf(ask(uidOf(), { loginId, network: `net-${n}` }))
      )();
    }
    expect(sent).toHaveLength(RECOVERY_LIMITS.perAccountHour);
  });

  it('hold for as many at once as there are: of a network, and over all', async () => {
    const budget = recoveryBudget(counts);
    const { perNetworkHour, overAllMinute } = RECOVERY_LIMITS;
    const spend = (times: number, network: (n: number) => string) =>
      Promise.all(
        Array.from({ length: times }, (_, n) =>
          budget.spend({ typed: `${network(n)}-${n}`, network: network(n) }, clock.now()),
        ),
      );
    const ofOne = await spend(perNetworkHour + 20, () => 'one');
    expect(ofOne.filter((one) => one === 'ADMITTED')).toHaveLength(perNetworkHour);
    const elsewhere = await spend(1, () => 'other');
    expect(elsewhere).toEqual(['ADMITTED']);
    clock.advance(60_000);
    const ofAll = await spend(overAllMinute + 20, (n) => `far-${n}`);
    expect(ofAll.filter((one) => one === 'ADMITTED')).toHaveLength(overAllMinute);
  }, 60_000);

  it('hold when nothing can be counted: nothing is begun and nothing sent', async () => {
    const blind: WindowCounts = {
      ...counts,
      take: async () => Promise.reject(new Error('the database is away')),
    };
    const uid = uidOf();
    const asking = access(blind).ask(uid, { loginId: 'known@example.jp', network: 'net' });
    await expect(asking).rejects.toThrow('away');
    expect(await openRecoveryStore(database.connection, SECRET).find(uid, clock.now())).toBeNull();
    expect(sent).toEqual([]);
  });
});
