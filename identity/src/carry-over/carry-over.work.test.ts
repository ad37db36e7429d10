import { fixedControls } from '@7pay/controls';
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
import { externalIdModels, openExternalIdStore } from '../external-id/external-id.store.ts';
import { openMessageBudget } from '../one-time-code/message-budget.store.ts';
import { oneTimeCodes } from '../one-time-code/one-time-codes.ts';
import { openOneTimeCodeStore } from '../one-time-code/one-time-code.store.ts';
import { openWindowCounts, type WindowCounts } from '../one-time-code/window-count.store.ts';
import { prepareIdentity } from '../storage/provider-storage.ts';
import { CARRY_OVER_LIMITS } from './carry-over.ts';
import { openCarryOverStore } from './carry-over.store.ts';
import { type ProveByContact, proveByContact } from './prove-by-contact.ts';

const SECRET = 'a secret of the installation, 32+';
const clock = fixedClock('2019-07-12T00:00:00Z');
const from = { network: 'net', locale: 'ja' } as const;
let database: TestDatabase;
let counts: WindowCounts;
let sent: Message[] = [];
let serial = 0;
const browser = () => `browser-${(serial += 1)}`;

const proving = (counting: WindowCounts): ProveByContact => {
  const { connection } = database;
  const controls = fixedControls();
  controls.close('login.external.kumo');
  return proveByContact({
    carryOvers: openCarryOverStore(connection),
    contacts: openContactStore(connection),
    members: openMemberStore(connection),
    proven: async () => true,
    externalIds: openExternalIdStore(connection),
    leaverOf: async () => ({
      isLocked: false,
      hasPassword: false,
      passkeys: 0,
      secondFactor: null,
    }),
    codes: oneTimeCodes({
      codes: openOneTimeCodeStore(connection),
      budget: openMessageBudget(counts),
      messenger: { send: async (message) => (sent.push(message), 'SENT') },
      secret: SECRET,
      clock,
      ids: randomIds,
      log: silentLog,
    }),
    counts: counting,
    controls,
    clock,
    log: silentLog,
  });
};

/** `proven@` is the contact of one who has left a stopped provider, and a login ID; `claimed@` a login ID that nobody proved. */
beforeAll(async () => {
  database = await testDatabase('carry_over_work');
  const { connection } = database;
  await prepareIdentity(connection);
  counts = openWindowCounts(connection, SECRET);
  for (const name of ['proven', 'claimed']) {
    const [_id, mail] = [`mem_${name}`, `${name}@example.jp`];
    await memberModel(connection).create({
      _id,
      mail,
      canonicalMail: mail,
      displayName: name,
      roles: [],
      locale: 'ja',
      registeredAt: new Date(0),
      wrongTries: 0,
    });
  }
  const contact = {
    memberId: 'mem_proven',
    channel: 'mail',
    address: 'proven@example.jp',
  } as const;
  const contacts = openContactStore(connection);
  await contacts.add({ ...contact, addedAt: new Date(1) });
  await contacts.verify(contact, new Date(1));
  await externalIdModels(connection).externalIds.collection.insertOne({
    memberId: 'mem_proven',
    provider: 'kumo',
    issuer: 'https://kumo.example',
    subject: '1',
    linkedAt: new Date(1),
  });
});
afterAll(() => database.drop());
beforeEach(() => {
  clock.advance(25 * 3_600_000);
  sent = [];
});

/** What a piece of work asks of the database: which collections, how. */
async function workOf<Answer>(work: () => Promise<Answer>) {
  const asked: string[] = [];
  mongoose.set('debug', (collection: string, method: string) => {
    asked.push(`${collection}.${method}`);
  });
  try {
    return { answer: await work(), asked };
  } finally {
    mongoose.set('debug', false);
  }
}

describe('the work before the answer', () => {
  it.each([
    ['by the contact of a stopped provider', 'kumo', 'proven@example.jp'],
    ['of who claims a login ID', null, 'claimed@example.jp'],
  ])('is the same for every address, and looks at no account: %s', async (_, provider, to) => {
    const { begin, finish } = proving(counts);
    const works = [];
    for (const address of ['proven@example.jp', 'claimed@example.jp', 'nobody@example.jp']) {
      const id = browser();
      const { answer, asked } = await workOf(() => begin(id, { address, provider }, from));
      if (isRefused(answer)) throw new Error(answer.refused);
      await answer();
      const wrong = await workOf(() => finish(id, 'no code'));
      works.push({ asked, wrong });
    }
    expect(sent.map((message) => message.to)).toEqual([to]);
    expect(works[0]?.wrong).toEqual({
      answer: expect.objectContaining({ refused: 'ONE_TIME_CODE_FAILED' }) as unknown,
      asked: ['identity_carryOvers.findOne', 'identity_one_time_codes.findOneAndUpdate'],
    });
    for (const work of works) expect(work).toEqual(works[0]);
    expect(works[0]?.asked).toContain('identity_carryOvers.updateOne');
    expect(works[0]?.asked.filter((one) => /members|contacts|externalIds/.test(one))).toEqual([]);
  });

  it('sends nothing for a browser that has begun anew meanwhile', async () => {
    const { begin } = proving(counts);
    const id = browser();
    const first = await begin(id, { address: 'claimed@example.jp', provider: null }, from);
    await begin(id, { address: 'nobody@example.jp', provider: null }, from);
    if (isRefused(first)) throw new Error(first.refused);
    await first();
    expect(sent).toEqual([]);
  });
});

describe('the limits', () => {
  it('of a network hold, and leave others alone', async () => {
    const { begin } = proving(counts);
    const ask = (network: string) =>
      begin(browser(), { address: 'nobody@example.jp', provider: null }, { ...from, network });
    const { perNetworkHour, overAllMinute } = CARRY_OVER_LIMITS;
    const asked = await Promise.all(Array.from({ length: perNetworkHour + 1 }, () => ask('one')));
    expect(asked.filter(isRefused)).toEqual([
      expect.objectContaining({ refused: 'LOGIN_BUSY' }) as unknown,
    ]);
    const rest = overAllMinute - perNetworkHour;
    const others = await Promise.all(Array.from({ length: rest + 1 }, (_, n) => ask(`far-${n}`)));
    expect(others.filter(isRefused)).toHaveLength(1); // over all
  }, 60_000);

  it('hold when nothing can be counted: nothing is begun and nothing sent', async () => {
    const blind: WindowCounts = {
      ...counts,
      take: async () => Promise.reject(new Error('the database is away')),
    };
    const id = browser();
    const { begin, find } = proving(blind);
    const asking = begin(id, { address: 'claimed@example.jp', provider: null }, from);
    await expect(asking).rejects.toThrow('away');
    expect(await find(id)).toBeNull();
    expect(sent).toEqual([]);
  });
});
