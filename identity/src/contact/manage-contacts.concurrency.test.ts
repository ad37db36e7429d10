import { randomIds } from '@7pay/ids';
import { isRefused, refuse } from '@7pay/refusals';
import { unitOfWork } from '@7pay/mongo';
import { silentLog } from '@7pay/telemetry';
import { testDatabase, type TestDatabase } from '@7pay/testing';
import { fixedClock } from '@7pay/time';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { memberModel, openMemberStore } from '../account/member.store.ts';
import { prepareIdentity } from '../storage/provider-storage.ts';
import { CONTACTS_MAX, type ContactStore, openContactStore } from './contact.store.ts';
import { contactId, manageContacts } from './manage-contacts.ts';

const member = { memberId: 'mem_a', locale: 'ja' } as const;
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase('contacts');
  await prepareIdentity(database.connection);
});
afterAll(() => database.drop());

const sentTo = new Set<string>();
const managing = (contacts: ContactStore) =>
  manageContacts({
    unitOfWork: unitOfWork(database.connection),
    contacts,
    members: openMemberStore(database.connection),
    codes: {
      send: async ({ address }) => {
        sentTo.add(address);
        return true;
      },
      prove: async () => refuse('ONE_TIME_CODE_FAILED'),
    },
    messenger: { send: async () => 'SENT' },
    clock: fixedClock('2019-07-04T00:00:00Z'),
    ids: randomIds,
    log: silentLog,
  });

it('keeps six contacts of a member, also of twelve that are added at once', async () => {
  const contacts = openContactStore(database.connection);
  const manage = managing(contacts);
  const add = (n: number) => manage.add(member, { channel: 'mail', address: `c${n}@example.jp` });
  const kept = async () => (await contacts.ofMember(member.memberId)).map((each) => each.address);

  await Promise.all(Array.from({ length: 12 }, (_, n) => add(n)));
  expect((await kept()).length).toBeLessThanOrEqual(CONTACTS_MAX);
  expect([...sentTo].toSorted()).toEqual((await kept()).toSorted());
  // One after another there is room for exactly as many as may be.
  for (let n = 12; (await kept()).length < CONTACTS_MAX; n += 1) {
    expect(isRefused(await add(n))).toBe(false);
  }
  expect(await add(99)).toMatchObject({ refused: 'TOO_MANY_CONTACTS' });
});

it('keeps one verified contact of two that are taken away at once, and that its login ID was proven', async () => {
  const contacts = openContactStore(database.connection);
  const manage = managing(contacts);
  for (let n = 0; n < 5; n += 1) {
    const memberId = `mem_last_${n}`;
    const loginId = `one-${n}@example.jp`;
    const own = [loginId, `two-${n}@example.jp`].map(
      (address) => ({ memberId, channel: 'mail', address }) as const,
    );
    await memberModel(database.connection).create({
      _id: memberId,
      mail: loginId,
      canonicalMail: loginId,
      displayName: 'は',
      roles: [],
      locale: 'ja',
      registeredAt: new Date(0),
      wrongTries: 0,
    });
    for (const contact of own) {
      await contacts.add({ ...contact, addedAt: new Date(1) });
      await contacts.verify(contact, new Date(1));
    }
    const removed = await Promise.all(
      own.map((contact) => manage.remove({ memberId, locale: 'ja' }, contactId(contact))),
    );
    expect(removed.filter(isRefused)).toMatchObject([{ refused: 'LAST_CONTACT' }]);
    const left = await contacts.verifiedOf(memberId);
    expect(left).toHaveLength(1);
    const provenAt = (await openMemberStore(database.connection).find(memberId))?.loginIdProvenAt;
    expect(provenAt).toEqual(left[0]?.address === loginId ? null : new Date(1));
  }
});
