import { DUTIES, type Duty, rolesOf, type Viewer } from '@7pay/graphql';
import { fixedClock } from '@7pay/time';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { memberModel } from '../account/member.store.ts';
import { auditModel } from '../audit/audit.store.ts';
import { PASSWORD, runIdentity, type RunningIdentity } from '../testing/running-identity.ts';
import { appointFirst } from './appoint-first.ts';
import { dutyChangeModel } from './duty-change.store.ts';
import { raiseOperators } from './raise-operators.ts';

const clock = fixedClock(new Date());
let running: RunningIdentity;
let serial = 0;
let one: string;
let two: string;
let hana: string;

beforeAll(async () => {
  running = await runIdentity({ clock });
});
afterAll(() => running.stop());
const aMember = async (duties: readonly Duty[] = []) => {
  serial += 1;
  const person = { mail: `m${serial}@example.jp`, displayName: `m${serial}`, password: PASSWORD };
  const made = await running.identity.registerMember({ ...person, duties });
  if (!('memberId' in made)) throw new Error('a person can register');
  return made.memberId;
};
beforeEach(async () => {
  await memberModel(running.connection).updateMany({ roles: 'operator' }, { $set: { roles: [] } });
  await dutyChangeModel(running.connection).deleteMany({});
  [one, two, hana] = [await aMember(['security']), await aMember(['security']), await aMember()];
});

/** As a token says that was made before whatever changed since. */
const viewer = (memberId: string, duties: readonly Duty[] = ['security']): Viewer => ({
  kind: 'member',
  locale: 'en',
  requestId: 'request-1',
  clientId: 'operator-console',
  memberId,
  scopes: ['operations'],
  roles: rolesOf(duties),
  acr: 'urn:7id:acr:2',
  authTime: Math.floor(clock.now().getTime() / 1_000),
});
interface Result {
  readonly __typename: string;
  readonly code?: string;
  readonly change?: { readonly id: string; readonly state: string };
}
const ask = async (query: string, as: Viewer, variables: object = {}) => {
  const { data, errors } = await running.identity.subgraph.execute(
    { query, variables } as never,
    as,
  );
  if (errors) throw new Error(String(errors[0]?.extensions['code']));
  return JSON.parse(JSON.stringify(data?.['result'])) as Result;
};
const RESULT =
  '{ __typename ... on DutiesChanged { change { id state } } ... on Refusal { code } }';
const change = (by: string, memberId: string, duties: readonly Duty[]) =>
  ask(
    `mutation ($input: ChangeDutiesInput!) { result: changeDuties(input: $input) ${RESULT} }`,
    viewer(by),
    { input: { memberId, duties: duties.map((duty) => duty.toUpperCase()), reason: 'CASE-1' } },
  );
const decide = (how: 'approve' | 'withdraw', by: string, { change: proposed }: Result) =>
  ask(
    `mutation ($input: DecideDutyChangeInput!) { result: ${how}DutyChange(input: $input) ${RESULT} }`,
    viewer(by),
    { input: { id: proposed?.id, reason: 'CASE-1' } },
  );
const rolesOfMember = async (id: string) =>
  (await memberModel(running.connection).findById(id).lean())?.roles;
const recordOf = async (memberId: string) =>
  (
    await auditModel(running.connection)
      .find({ 'facts.memberId': memberId, kind: { $in: ['DUTIES_CHANGED', 'LOGINS_ENDED'] } })
      .sort({ at: 1, _id: 1 })
      .lean()
  ).map(({ kind, facts }) => [kind, facts.reason, facts.actor, facts.about]);

describe('a duty', () => {
  it('is given by two people of security, and ends the logins of whom it is given to', async () => {
    const proposed = await change(one, hana, ['support', 'auditor']);
    expect(proposed.change?.state).toBe('PROPOSED');
    expect(await rolesOfMember(hana)).toEqual([]);
    expect(await decide('approve', one, proposed)).toMatchObject({
      code: 'SECOND_PERSON_REQUIRED',
    });
    expect((await decide('approve', two, proposed)).change?.state).toBe('MADE');
    expect(await rolesOfMember(hana)).toEqual(['operator', 'support', 'auditor']);
    const member = await memberModel(running.connection).findById(hana).lean();
    expect(member?.loginsEndedAt).toEqual(clock.now());
    expect(await recordOf(hana)).toEqual(
      expect.arrayContaining([
        ['DUTIES_CHANGED', 'PROPOSED', one, 'support+auditor'],
        ['DUTIES_CHANGED', 'MADE', two, 'support+auditor'],
        ['LOGINS_ENDED', 'DUTIES_CHANGED', two, undefined],
      ]),
    );
  });

  it('is taken away by one, at once', async () => {
    const support = await aMember(['support', 'finance']);
    expect((await change(one, support, ['finance'])).change?.state).toBe('MADE');
    expect(await rolesOfMember(support)).toEqual(['operator', 'finance']);
    expect((await change(one, support, [])).change?.state).toBe('MADE');
    expect(await rolesOfMember(support)).toEqual([]);
  });

  it('is asked for twice and proposed once; approved twice and given once', async () => {
    const proposed = await change(one, hana, ['support']);
    expect(await change(one, hana, ['support'])).toEqual(proposed);
    const made = await decide('approve', two, proposed);
    expect(await decide('approve', two, proposed)).toEqual(made);
    expect(await recordOf(hana)).toHaveLength(3);
    expect(await change(one, hana, ['support'])).toMatchObject({ code: 'DUTIES_AS_THEY_ARE' });
  });

  it('is withdrawn by one, and then nobody approves it', async () => {
    const proposed = await change(one, hana, ['security']);
    expect((await decide('withdraw', two, proposed)).change?.state).toBe('WITHDRAWN');
    expect(await decide('approve', two, proposed)).toMatchObject({ code: 'DUTY_CHANGE_NOT_OPEN' });
    expect(await rolesOfMember(hana)).toEqual([]);
  });

  it('is never given to oneself, nor approved by whom it is for', async () => {
    expect(await change(one, one, ['security', 'finance'])).toMatchObject({ code: 'OWN_DUTIES' });
    const proposed = await change(one, two, ['security', 'finance']);
    expect(await decide('approve', two, proposed)).toMatchObject({ code: 'OWN_DUTIES' });
    expect(await rolesOfMember(two)).toEqual(['operator', 'security']);
  });

  it('waits for 30 minutes', async () => {
    const proposed = await change(one, hana, ['support']);
    clock.advance(31 * 60_000);
    expect(await decide('approve', two, proposed)).toMatchObject({ code: 'DUTY_CHANGE_NOT_OPEN' });
    expect((await change(one, hana, ['support'])).change?.id).not.toBe(proposed.change?.id);
  });

  it('is given by people who hold theirs now, whatever their token says', async () => {
    const proposed = await change(one, hana, ['support']);
    const late = await change(two, hana, ['finance']);
    await change(two, one, []);
    expect(await decide('approve', two, proposed)).toMatchObject({ code: 'DUTY_CHANGE_NOT_OPEN' });
    expect(await decide('approve', one, late)).toMatchObject({ code: 'DUTY_NOT_HELD' });
    expect(await change(one, two, [])).toMatchObject({ code: 'DUTY_NOT_HELD' });
    expect(await rolesOfMember(hana)).toEqual([]);
  });

  it('is not what it was proposed for once the duties are others', async () => {
    const support = await aMember(['support']);
    const proposed = await change(one, support, ['support', 'finance']);
    await change(two, support, []);
    expect(await decide('approve', two, proposed)).toMatchObject({ code: 'DUTY_CHANGE_NOT_OPEN' });
    expect(await rolesOfMember(support)).toEqual([]);
  });

  it('of security is left with somebody, also when two take it from each other at once', async () => {
    const both = await Promise.all([change(one, two, []), change(two, one, [])]);
    expect(both.map(({ code }) => code ?? 'MADE').sort()).toEqual(['DUTY_NOT_HELD', 'MADE']);
    const holders = memberModel(running.connection).countDocuments({ roles: 'security' });
    expect(await holders).toBe(1);
  });

  it('waits in a number that has an end', async () => {
    for (let n = 0; n < 20; n += 1) await change(one, await aMember(), ['support']);
    expect(await change(one, hana, ['support'])).toMatchObject({ code: 'TOO_MANY_DUTY_CHANGES' });
  }, 60_000);

  it('is in the lists, with what waits, for security and auditors alone', async () => {
    const proposed = await change(one, hana, ['support']);
    const LISTS =
      '{ operators(first: 10) { nodes { id duties } } dutyChanges(first: 10) { nodes { id isOpen before after state member { id } by { id } decidedBy { id } } } }';
    const read = async (as: Viewer) =>
      running.identity.subgraph.execute({ query: LISTS, variables: {} }, as);
    for (const duty of ['security', 'auditor'] as const) {
      const { data } = await read(viewer('mem_reader', [duty]));
      expect(JSON.parse(JSON.stringify(data))).toEqual({
        operators: {
          nodes: [one, two].sort().map((id) => ({ id, duties: ['SECURITY'] })),
        },
        dutyChanges: {
          nodes: [
            {
              id: proposed.change?.id,
              isOpen: true,
              before: [],
              after: ['SUPPORT'],
              state: 'PROPOSED',
              member: { id: hana },
              by: { id: one },
              decidedBy: null,
            },
          ],
        },
      });
    }
    for (const duty of ['support', 'finance', 'onboarding'] as const) {
      const { errors } = await read(viewer('mem_reader', [duty]));
      expect(errors?.[0]?.extensions['code'], duty).toBe('FORBIDDEN');
    }
  });
});

describe('an operator of before there were duties', () => {
  it('holds all of them after the next start, once and on record', async () => {
    const members = memberModel(running.connection);
    await members.updateOne({ _id: hana }, { $set: { roles: ['operator'] } });
    const twin = await running.twin();
    await twin.stop();
    expect(await rolesOfMember(hana)).toEqual(rolesOf(DUTIES));
    expect(await rolesOfMember(one)).toEqual(['operator', 'security']);
    const { connection } = running;
    await raiseOperators({ connection, unitOfWork: never, audit: { append: never } });
    expect(await recordOf(hana)).toEqual([
      ['DUTIES_CHANGED', 'HELD_BEFORE', undefined, DUTIES.join('+')],
    ]);
  });
});

const never = () => Promise.reject(new Error('there is nothing to raise'));

describe('the first people of security', () => {
  const appoint = (n: number) =>
    appointFirst(running.connection, `M${serial - n}@example.jp`, { clock });
  beforeEach(() =>
    memberModel(running.connection).updateMany({ roles: 'operator' }, { $set: { roles: [] } }),
  );

  it('are two, made by a command, on record, and no third', async () => {
    expect(await appoint(2)).toEqual({ appointed: one });
    expect(await appoint(2)).toEqual({ refused: 'HOLDS_IT' });
    expect(await appoint(1)).toEqual({ appointed: two });
    expect(await appoint(0)).toEqual({ refused: 'SECURITY_IS_HELD' });
    const found = await Promise.all([one, two, hana].map(rolesOfMember));
    expect(found).toEqual([rolesOf(['security']), rolesOf(['security']), []]);
    const record = await recordOf(one);
    expect(record).toHaveLength(2);
    expect(record).toEqual(
      expect.arrayContaining([
        ['DUTIES_CHANGED', 'MADE', 'command-line', 'security'],
        ['LOGINS_ENDED', 'DUTIES_CHANGED', 'command-line', undefined],
      ]),
    );
    expect(await recordOf(hana)).toEqual([]);
    const { loginsEndedAt } = (await memberModel(running.connection).findById(one).lean()) ?? {};
    expect(loginsEndedAt).toEqual(clock.now());
  });

  it('are two also when three are made at once', async () => {
    const made = await Promise.all([appoint(0), appoint(1), appoint(2)]);
    expect(made.filter((each) => 'appointed' in each)).toHaveLength(2);
  });

  it.each(['nobody@example.jp', 'no address', ''])('are registered: %s', async (mail) => {
    expect(await appointFirst(running.connection, mail)).toEqual({ refused: 'MEMBER_NOT_FOUND' });
  });
});
