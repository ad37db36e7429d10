import { randomIds } from '@7pay/ids';
import { isRefused, refuse } from '@7pay/refusals';
import { silentLog } from '@7pay/telemetry';
import { testDatabase, type TestDatabase } from '@7pay/testing';
import { fixedClock } from '@7pay/time';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openMemberStore } from '../account/member.store.ts';
import { prepareIdentity } from '../storage/provider-storage.ts';
import { CONTACTS_MAX, openContactStore } from './contact.store.ts';
import { manageContacts } from './manage-contacts.ts';

const member = { memberId: 'mem_a', locale: 'ja' } as const;
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase('contacts');
  await prepareIdentity(database.connection);
});
afterAll(() => database.drop());

it('keeps six contacts of a member, also of twelve that are added at once', async () => {
  const contacts = openContactStore(database.connection);
  const sentTo = new Set<string>();
  const manage = manageContacts({
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
