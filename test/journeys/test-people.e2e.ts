import { seedTesters, TESTERS } from '@7pay/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platformUnderTest, type PlatformUnderTest } from '../support/platform-under-test.ts';

describe('the test people for partners', () => {
  let under: PlatformUnderTest;
  beforeAll(async () => {
    under = await platformUnderTest('test_people');
    await seedTesters(under.platform);
    await seedTesters(under.platform); // as at the next start
  });
  afterAll(() => under.stop());

  it('are there once, each in the state that the console says', async () => {
    const members = under.platform.connection.collection<{ _id: string }>('identity_members');
    const mails = Object.values(TESTERS).map(({ mail }) => mail);
    expect(await members.countDocuments({ mail: { $in: mails } })).toBe(2);
    const stateOf = async (mail: string) => {
      const token = await under.mint.member(String((await members.findOne({ mail }))?._id));
      const { data } = await under.graph.ask<{ wallet: { state: string } | null }>(
        '{ wallet { state } }',
        {},
        token,
      );
      return data.wallet?.state ?? null;
    };
    expect(await stateOf(TESTERS.plain.mail)).toBeNull();
    expect(await stateOf(TESTERS.frozen.mail)).toBe('FROZEN');
  });
});
