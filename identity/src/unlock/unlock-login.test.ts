import { type Duty, rolesOf, type Viewer } from '@7pay/graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { memberModel } from '../account/member.store.ts';
import { auditModel } from '../audit/audit.store.ts';
import {
  anApp,
  type App,
  logIn,
  PASSWORD,
  runIdentity,
  type RunningIdentity,
} from '../testing/running-identity.ts';

let running: RunningIdentity;
let app: App;
let serial = 0;
let person = { mail: '', id: '' };
beforeAll(async () => {
  running = await runIdentity();
  app = await anApp(running.issuer, 'seven-eleven-app');
});
afterAll(() => running.stop());
const aMember = async (duties: readonly Duty[] = []) => {
  serial += 1;
  const mail = `m${serial}@example.jp`;
  const who = { mail, displayName: 'はな', password: PASSWORD, duties };
  const made = await running.identity.registerMember(who);
  if (!('memberId' in made)) throw new Error('a person can register');
  return { mail, id: made.memberId };
};
beforeEach(async () => void (person = await aMember()));

const viewer = (duties: readonly Duty[]): Viewer => ({
  kind: 'member',
  locale: 'en',
  requestId: 'request-1',
  clientId: 'operator-console',
  memberId: 'mem_desk',
  scopes: ['operations'],
  roles: rolesOf(duties),
  acr: 'urn:7id:acr:2',
  authTime: Math.floor(Date.now() / 1_000),
});
const ask = async (query: string, variables: object, duty: Duty) => {
  const as = viewer([duty]);
  const answer = await running.identity.subgraph.execute({ query, variables } as never, as);
  if (answer.errors) throw new Error(String(answer.errors[0]?.extensions['code']));
  return JSON.parse(JSON.stringify(answer.data?.['result'])) as Record<string, never>;
};
const unlock = (duty: Duty = 'support', memberId = person.id) =>
  ask(
    'mutation ($input: UnlockLoginInput!) { result: unlockLogin(input: $input) { __typename ... on LoginUnlocked { unlocked } ... on Refusal { code } } }',
    { input: { memberId, reason: 'CASE-1' } },
    duty,
  );
const locks = async () =>
  (
    await ask(
      'query ($id: ID!) { result: readMember(id: $id, reason: "CASE-1") { ... on MemberShown { locks { why until } } } }',
      { id: person.id },
      'support',
    )
  )['locks'];
const lockOut = async (memberId: string, why: 'NOT_ME' | 'WRONG_PASSWORDS') => {
  const at = new Date();
  const set =
    why === 'NOT_ME'
      ? { lock: { at, since: at, without: [], liftedAt: null } }
      : { wrongTries: 10, lastTryAt: at };
  await memberModel(running.connection).updateOne({ _id: memberId }, { $set: set });
};
/** By the password of before. */
const howLetIn = async () => {
  const { url, text } = (await logIn(app, person)).back;
  if (url.includes('code=')) return 'LET_IN';
  return text.includes('パスワードの再設定') ? 'BY_A_NEW_PASSWORD' : 'NOT_LET_IN';
};
const record = async (memberId = person.id) =>
  (
    await auditModel(running.connection)
      .find({ kind: 'LOGIN_UNLOCKED', 'facts.memberId': memberId })
      .lean()
  ).map(({ facts }) => facts);

describe('a login that is locked', () => {
  it.each(['NOT_ME', 'WRONG_PASSWORDS'] as const)(
    'by %s is shown to support, and unlocked with a reason on record',
    async (why) => {
      await lockOut(person.id, why);
      expect(await howLetIn()).toBe('NOT_LET_IN');
      expect(await locks()).toEqual([
        { why, until: why === 'NOT_ME' ? null : (expect.any(String) as string) },
      ]);
      expect(await unlock()).toEqual({ __typename: 'LoginUnlocked', unlocked: [why] });
      expect(await locks()).toEqual([]);
      const facts = { memberId: person.id, actor: 'mem_desk', note: 'CASE-1', reason: why };
      expect(await record()).toEqual([facts]);
      // Who said “this was not me” may have lost the password to somebody.
      expect(await howLetIn()).toBe(why === 'NOT_ME' ? 'BY_A_NEW_PASSWORD' : 'LET_IN');
    },
  );

  it('by both is unlocked as a whole', async () => {
    await lockOut(person.id, 'NOT_ME');
    await lockOut(person.id, 'WRONG_PASSWORDS');
    expect(await unlock()).toMatchObject({ unlocked: ['NOT_ME', 'WRONG_PASSWORDS'] });
    expect(await record()).toHaveLength(2);
  });

  it('is unlocked once; of nobody, and where nothing is locked, nothing is done', async () => {
    expect(await unlock()).toMatchObject({ code: 'LOGIN_NOT_LOCKED' });
    expect(await unlock('support', 'mem_nobody')).toMatchObject({ code: 'MEMBER_NOT_FOUND' });
    await lockOut(person.id, 'NOT_ME');
    await unlock();
    expect(await unlock()).toMatchObject({ code: 'LOGIN_NOT_LOCKED' });
    expect(await record()).toHaveLength(1);
  });

  it('of an operator is unlocked by security alone', async () => {
    const operator = await aMember(['finance']);
    await lockOut(operator.id, 'NOT_ME');
    expect(await unlock('support', operator.id)).toMatchObject({ code: 'LOGIN_OF_OPERATOR' });
    expect(await record(operator.id)).toEqual([]);
    expect(await unlock('security', operator.id)).toMatchObject({ unlocked: ['NOT_ME'] });
  });

  it.each(['finance', 'onboarding', 'auditor'] as const)('is not unlocked by %s', async (duty) => {
    await lockOut(person.id, 'NOT_ME');
    await expect(unlock(duty)).rejects.toThrow('FORBIDDEN');
    expect(await locks()).toHaveLength(1);
  });
});
