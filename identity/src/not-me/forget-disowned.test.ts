import { type TestDatabase, testDatabase } from '@7pay/testing';
import { unitOfWork } from '@7pay/mongo';
import { randomIds } from '@7pay/ids';
import { systemClock } from '@7pay/time';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { memberModel } from '../account/member.store.ts';
import { auditModel } from '../audit/audit.store.ts';
import { contactModel } from '../contact/contact.store.ts';
import { externalIdModels } from '../external-id/external-id.store.ts';
import { passkeyModels } from '../login/passkey.store.ts';
import { knownDeviceModel } from '../new-device/known-device.store.ts';
import { secondFactorModel } from '../second-factor/second-factor.store.ts';
import { prepareIdentity } from '../storage/provider-storage.ts';
import { openRecordedStores } from '../storage/recorded-stores.ts';

const minute = (n: number) => new Date(Date.parse('2019-07-03T05:00:00Z') + n * 60_000);
const [BEFORE, SINCE, MEANWHILE, REPORTED, AFTER] = [0, 10, 20, 30, 40].map(minute) as [
  Date,
  Date,
  Date,
  Date,
  Date,
];
let database: TestDatabase;
let serial = 0;
let memberId = '';
beforeAll(async () => {
  database = await testDatabase('disowned');
  await prepareIdentity(database.connection);
});
afterAll(() => database.drop());
const stores = () =>
  openRecordedStores(database.connection, {
    unitOfWork: unitOfWork(database.connection),
    clock: systemClock,
    ids: randomIds,
  });

/** A member with one of everything from before, and what a thief added meanwhile. */
beforeEach(async () => {
  serial += 1;
  memberId = `mem_${serial}`;
  const { connection } = database;
  await memberModel(connection).collection.insertOne({
    _id: memberId as never,
    displayName: 'なぎさ',
    roles: [],
    locale: 'ja',
    registeredAt: BEFORE,
    wrongTries: 0,
    lock: { at: REPORTED, since: SINCE, without: [], liftedAt: null },
  });
  for (const [name, at] of [
    ['own', BEFORE],
    ['first', SINCE],
    ['thief', MEANWHILE],
    ['last', REPORTED],
    ['late', AFTER], // by a token that a gateway had not heard the end of
  ] as const) {
    const _id = `${memberId}|${name}` as never;
    await passkeyModels(connection).passkeys.collection.insertOne({ _id, memberId, addedAt: at });
    await externalIdModels(connection).externalIds.collection.insertOne({
      _id,
      memberId,
      linkedAt: at,
      provider: name,
      issuer: name,
      subject: memberId,
    });
    await knownDeviceModel(connection).collection.insertOne({ _id, memberId, at });
    await contactModel(connection).collection.insertOne({
      _id,
      memberId,
      channel: 'sms',
      address: name,
      addedAt: BEFORE,
      verifiedAt: at,
    });
  }
  await contactModel(connection).collection.insertOne({
    _id: `${memberId}|unproven` as never,
    memberId,
    channel: 'mail',
    address: 'unproven',
    addedAt: BEFORE,
    verifiedAt: null,
  });
});
const withApp = (addedAt: Date) =>
  secondFactorModel(database.connection).collection.insertOne({
    _id: memberId as never,
    totp: { sealed: 'x', addedAt },
    pending: { sealed: 'y', addedAt: MEANWHILE },
    lastStep: 0,
    recovery: ['a', 'b'],
    wrongTries: 0,
  });
const left = async () => {
  const { connection } = database;
  const names = async (of: {
    collection: { find(filter: object): { toArray(): Promise<{ _id: unknown }[]> } };
  }) =>
    (await of.collection.find({ memberId }).toArray())
      .map(({ _id }) => String(_id).split('|')[1])
      .sort();
  return {
    passkeys: await names(passkeyModels(connection).passkeys),
    externalIds: await names(externalIdModels(connection).externalIds),
    contacts: await names(contactModel(connection)),
    devices: await names(knownDeviceModel(connection)),
    factors: await secondFactorModel(connection).findById(memberId).lean(),
  };
};
const record = async () =>
  (await auditModel(database.connection).find({ 'facts.memberId': memberId }).lean())
    .map(({ kind, facts }) => `${kind} ${facts.method ?? ''} ${facts.reason ?? ''}`)
    .sort();

describe('a member who comes back after “this was not me”', () => {
  it.each(['by what they had before', 'by support'])(
    '%s: has what was there before, and nothing of between',
    async (how) => {
      await withApp(MEANWHILE);
      const { members } = stores();
      await unitOfWork(database.connection)(async (session) => {
        if (how === 'by support') await members.unlock(memberId, session);
        else await members.liftLock(memberId, AFTER, session);
      });
      expect(await left()).toEqual({
        passkeys: ['own'],
        externalIds: ['own'],
        contacts: ['own'],
        devices: ['own'],
        factors: null,
      });
      expect((await record()).filter((line) => !line.startsWith('LOGIN_UNLOCKED'))).toEqual([
        'CONTACT_REMOVED  NOT_ME',
        'FACTOR_REMOVED APP NOT_ME',
        'FACTOR_REMOVED EXTERNAL_ID NOT_ME',
        'FACTOR_REMOVED PASSKEY NOT_ME',
      ]);
    },
  );

  it('keeps an app of before, and none of its recovery codes, which may be the thief’s', async () => {
    await withApp(BEFORE);
    await unitOfWork(database.connection)((session) => stores().members.unlock(memberId, session));
    const { factors } = await left();
    expect(factors).toMatchObject({ totp: { addedAt: BEFORE }, pending: null, recovery: [] });
  });

  it('loses nothing if it is rolled back, nor a second time', async () => {
    const { members } = stores();
    const inUnit = unitOfWork(database.connection);
    const broken = inUnit(async (session) => {
      await members.unlock(memberId, session);
      throw new Error('changed my mind');
    });
    await expect(broken).rejects.toThrow('changed my mind');
    expect((await left()).passkeys).toHaveLength(5);
    await inUnit((session) => members.liftLock(memberId, AFTER, session));
    const _id = `${memberId}|later` as never;
    await passkeyModels(database.connection).passkeys.collection.insertOne({
      _id,
      memberId,
      addedAt: MEANWHILE, // by a clock that is behind
    });
    await inUnit((session) => members.liftLock(memberId, AFTER, session));
    expect((await left()).passkeys).toEqual(['later', 'own']);
  });

  it('who was locked and let in before keeps what came between the two reports', async () => {
    const { members } = stores();
    const inUnit = unitOfWork(database.connection);
    await inUnit((session) => members.liftLock(memberId, AFTER, session));
    const month = minute(60 * 24 * 30);
    const added = { memberId, addedAt: month };
    const { passkeys } = passkeyModels(database.connection);
    await passkeys.collection.insertOne({ _id: `${memberId}|mine` as never, ...added });
    const [since, at] = [minute(60 * 24 * 60), minute(60 * 24 * 60 + 5)];
    await inUnit((session) => members.lock(memberId, { at, since, without: ['con_2'] }, session));
    // While it stands, an earlier one counts as well.
    const earlier = minute(60 * 24 * 60 - 1);
    const again = { at, since: earlier, without: ['con_1'] };
    await inUnit((session) => members.lock(memberId, again, session));
    expect((await members.find(memberId))?.lock).toEqual({
      at,
      since: earlier,
      without: ['con_2', 'con_1'],
      liftedAt: null,
    });
    await inUnit((session) => members.unlock(memberId, session));
    expect((await left()).passkeys).toEqual(['mine', 'own']);
  });

  it('whose login ID was proven in between is not one that nobody ever proved', async () => {
    const address = `${memberId}@example.jp`;
    await memberModel(database.connection).updateOne(
      { _id: memberId },
      { $set: { canonicalMail: address } },
    );
    await contactModel(database.connection).collection.insertOne({
      _id: `${memberId}|login-id` as never,
      memberId,
      channel: 'mail',
      address,
      addedAt: BEFORE,
      verifiedAt: MEANWHILE,
    });
    const { members } = stores();
    await unitOfWork(database.connection)((session) => members.unlock(memberId, session));
    expect((await members.find(memberId))?.loginIdProvenAt).toEqual(MEANWHILE);
  });
});
