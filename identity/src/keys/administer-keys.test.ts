import { DUTIES, rolesOf, type Viewer } from '@7pay/graphql';
import { fixedClock } from '@7pay/time';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditModel } from '../audit/audit.store.ts';
import { administerKeys } from './administer-keys.ts';
import { runIdentity, type RunningIdentity } from '../testing/running-identity.ts';

const clock = fixedClock(new Date());
let running: RunningIdentity;
let twin: Awaited<ReturnType<RunningIdentity['twin']>>;
beforeAll(async () => {
  const secret = 'key-secret-for-tests-0123456789-abcdef';
  running = await runIdentity({ clock, settings: { keyStore: { kind: 'database', secret } } });
  twin = await running.twin();
});
afterAll(async () => {
  await twin.stop();
  await running.stop();
});

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

describe('the keys of tokens', () => {
  const keys = async () =>
    (await ask('{ result: signingKeys { kid state } }')) as {
      kid: string;
      state: string;
    }[];

  it('are rotated and thrown away by an operator with a reason, in every process', async () => {
    const [first] = await keys();
    await ask('mutation { result: rotateSigningKey(reason: "yearly") { __typename } }');
    expect((await keys()).map(({ state }) => state).sort()).toEqual([
      'NEXT',
      'PUBLISHED',
      'SIGNING',
    ]);
    await ask(
      `mutation { result: replaceSigningKey(kid: "${first?.kid}", reason: "leaked") { __typename } }`,
    );
    await twin.identity.admin.keys.follow();
    const published = async (url: string) =>
      ((await (await fetch(`${url}/jwks`)).json()) as { keys: { kid: string }[] }).keys;
    for (const url of [running.url, twin.url]) {
      expect((await published(url)).map(({ kid }) => kid)).not.toContain(first?.kid);
    }
    const told = await auditModel(running.connection).find({ kind: 'KEY_CHANGED' }).lean();
    expect(told.map(({ facts }) => facts.reason).sort()).toEqual([
      'REPLACED',
      'REPLACEMENT_ORDERED',
      'ROTATED',
      'ROTATION_ORDERED',
    ]);
  });

  it('of the settings are changed there alone', async () => {
    const source = { read: async () => [], list: async () => [] };
    const none = async () => {};
    const keys = administerKeys({ source, audit: { append: none }, follow: none });
    const order = { by: 'mem_one', note: 'yearly' };
    const refused = { refused: 'KEYS_KEPT_ELSEWHERE' };
    expect(await keys.rotate(order)).toMatchObject(refused);
    expect(await keys.replace({ ...order, kid: 'k' })).toMatchObject(refused);
  });
});
