import { DUTIES, rolesOf, type Viewer } from '@7pay/graphql';
import { fixedClock } from '@7pay/time';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runIdentity, type RunningIdentity } from '../testing/running-identity.ts';

const clock = fixedClock(new Date());
let running: RunningIdentity;
beforeAll(async () => {
  running = await runIdentity({ clock });
});
afterAll(() => running.stop());

const operator = (): Viewer => ({
  kind: 'member',
  locale: 'en',
  requestId: 'request-1',
  clientId: 'operator-console',
  memberId: 'mem_one',
  scopes: ['operations'],
  roles: rolesOf(DUTIES),
  acr: 'urn:7id:acr:2',
  authTime: Math.floor(clock.now().getTime() / 1_000),
});
const ask = async (query: string, variables: object = {}): Promise<unknown> => {
  const asked = { query, variables } as never;
  const { data, errors } = await running.identity.subgraph.execute(asked, operator());
  if (errors) throw new Error(String(errors[0]?.extensions['code']));
  return JSON.parse(JSON.stringify(data?.['result']));
};

describe('a notice that nobody took', () => {
  it('is listed, revived or dropped with a reason', async () => {
    const notices = running.connection.collection<{ _id: string }>('identity_notice');
    const dead = (_id: string) => ({
      _id,
      kind: 'logout',
      clientId: 'partner-recipes',
      uri: 'https://partner.example/out',
      facts: '',
      state: 'dead',
      tries: 14,
      madeAt: clock.now(),
      dueAt: clock.now(),
      problem: 'status 500',
    });
    await notices.insertMany([dead('one'), dead('two')]);
    const list = '{ result: deadNotices { id clientName tries problem } }';
    expect(await ask(list)).toHaveLength(2);
    const act = (name: string, id: string) =>
      ask(`mutation ($input: DeadNoticeInput!) { result: ${name}(input: $input) { __typename } }`, {
        input: { id, reason: 'CASE-2' },
      });
    expect(await act('reviveNotice', 'one')).toEqual({ __typename: 'NoticeChanged' });
    expect(await act('dropNotice', 'two')).toEqual({ __typename: 'NoticeChanged' });
    expect(await act('dropNotice', 'two')).toEqual({ __typename: 'NoticeNotDead' });
    expect(await ask(list)).toEqual([]);
    expect(await notices.find().toArray()).toMatchObject([{ _id: 'one', tries: 0 }]);
  });
});
