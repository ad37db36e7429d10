import { cohortSchema } from '@7pay/controls';
import { DUTIES, rolesOf, type Viewer } from '@7pay/graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { auditModel } from '../audit/audit.store.ts';
import { contactModel, openContactStore } from '../contact/contact.store.ts';
import { loginRecordModel } from '../gate/login-record.store.ts';
import {
  anApp,
  logIn,
  PASSWORD,
  runIdentity,
  type RunningIdentity,
} from '../testing/running-identity.ts';
import { searchFilters } from './member-search.ts';
import { memberModel } from './member.store.ts';

const PHONE = '+819012345678';
let running: RunningIdentity;
const ids: Record<string, string> = {};
beforeAll(async () => {
  running = await runIdentity();
  for (const name of ['hana', 'taro', 'jiro']) {
    const person = { mail: `${name}@example.jp`, displayName: name, password: PASSWORD };
    const made = await running.identity.registerMember(person);
    if ('memberId' in made) ids[name] = made.memberId;
  }
  const contacts = openContactStore(running.connection);
  for (const name of ['hana', 'taro']) {
    const contact = { memberId: ids[name]!, channel: 'sms', address: PHONE } as const;
    await contacts.add({ ...contact, addedAt: new Date() });
    await contacts.verify(contact, new Date());
  }
  const app = await anApp(running.issuer, 'seven-eleven-app');
  await (await logIn(app, { mail: 'hana@example.jp' })).redeem();
  for (let n = 0; n < 11; n += 1) await logIn(app, { mail: 'jiro@example.jp', password: `no${n}` });
});
afterAll(() => running.stop());
beforeEach(() => auditModel(running.connection).deleteMany({ kind: 'MEMBER_READ' }));

const operator = (): Viewer => ({
  kind: 'member',
  locale: 'en',
  requestId: 'request-1',
  clientId: 'operator-console',
  memberId: 'mem_operator',
  scopes: ['operations'],
  roles: rolesOf(DUTIES),
  acr: 'urn:7id:acr:2',
  authTime: Math.floor(Date.now() / 1_000),
});
const ask = async (query: string, variables: object, as = operator()) => {
  const answer = await running.identity.subgraph.execute({ query, variables } as never, as);
  if (answer.errors) throw new Error(String(answer.errors[0]?.extensions['code']));
  return JSON.parse(JSON.stringify(answer.data?.['result'])) as Record<string, never>;
};
const FIND = `query ($search: MemberSearchInput!) { result: findMembers(search: $search) { __typename ... on MembersFound { next members { id maskedMail hasPassword } } ... on Refusal { code } } }`;
const find = (search: object) => ask(FIND, { search: { reason: 'CASE-1', ...search } });
const reads = async () =>
  (await auditModel(running.connection).find({ kind: 'MEMBER_READ' }).lean()).map(
    ({ facts }) => facts,
  );

describe('the search for members', () => {
  it.each([
    ['the id', () => ({ id: ids['hana'] }), ['hana']],
    ['the mail address', () => ({ mail: 'ＨＡＮＡ@example.jp' }), ['hana']],
    ['a telephone that two share', () => ({ phone: '090-1234-5678' }), ['hana', 'taro']],
    ['being locked', () => ({ state: 'LOCKED' }), ['jiro']],
    ['the app of a login', () => ({ logins: { clients: ['seven-eleven-app'] } }), ['hana']],
    ['an app of no login', () => ({ logins: { clients: ['partner-recipes'] } }), []],
    ['a part of the address', () => ({ mail: 'han@example.jp' }), []],
    ['an id of nobody', () => ({ id: 'mem_nobody' }), []],
  ])('finds by %s', async (_, search, names) => {
    const { members } = (await find(search())) as unknown as { members: { id: string }[] };
    expect(members.map(({ id }) => id).sort()).toEqual(names.map((name) => ids[name]).sort());
  });

  it('shows mail and telephones masked', async () => {
    const found = await find({ id: ids['hana'] });
    const detail = await ask(
      `query ($id: ID!) { result: readMember(id: $id, reason: "CASE-1") { ... on MemberShown { found { maskedMail } contacts { channel masked } passkeys hasApp logins { kind reason } member { sessions { id } } } } }`,
      { id: ids['hana'] },
    );
    expect(detail).toMatchObject({
      found: { maskedMail: 'h***@example.jp' },
      contacts: expect.arrayContaining([{ channel: 'sms', masked: '***-****-5678' }]) as unknown,
      logins: [{ kind: 'LOGIN_MADE', reason: null }],
      member: { sessions: [{ id: expect.any(String) as string }] },
    });
    expect(JSON.stringify([found, detail])).not.toMatch(/hana@|12345678/);
  });

  it('is on record before it is answered: who, whom, how and why', async () => {
    await find({ phone: PHONE });
    await find({ mail: 'nobody@example.jp' });
    const by = { actor: 'mem_operator', note: 'CASE-1' };
    const all = await reads();
    expect(all).toHaveLength(3);
    expect(all).toEqual(
      expect.arrayContaining([
        { ...by, reason: 'BY_PHONE', memberId: ids['hana'] },
        { ...by, reason: 'BY_PHONE', memberId: ids['taro'] },
        { ...by, reason: 'BY_MAIL' },
      ]),
    );
    expect(JSON.stringify(all)).not.toContain('example');
  });

  it('goes page by page', async () => {
    const seen: string[] = [];
    for (let after: string | null = null; ;) {
      const search = { logins: { clients: ['seven-eleven-app'] }, first: 1, after };
      const page = (await find(search)) as unknown as { members: { id: string }[]; next: string };
      seen.push(...page.members.map(({ id }) => id));
      after = page.next;
      if (after === null) break;
    }
    expect(seen).toEqual([ids['hana']]);
  });

  it.each([
    ['without a reason', { id: 'mem_1', reason: ' ' }],
    ['for a reason that names somebody', { id: 'mem_1', reason: 'hana@example.jp' }],
    ['by two at once', { id: 'mem_1', mail: 'hana@example.jp' }],
    ['by nothing', {}],
    ['for everybody', { logins: { everything: true } }],
    ['for a page too large', { id: 'mem_1', first: 101 }],
  ])('is refused %s', async (_, search) => {
    await expect(find(search)).rejects.toThrow('BAD_USER_INPUT');
    expect(await reads()).toEqual([]);
  });

  it('never reads a whole collection', async () => {
    const { connection } = running;
    const [members, contacts, logins] = [
      memberModel(connection),
      contactModel(connection),
      loginRecordModel(connection),
    ];
    const cohort = cohortSchema.parse({ networks: ['as:1'] });
    const plans = [
      members.find(searchFilters.mail('hana@example.jp')),
      members.find(searchFilters.locked(new Date())).sort({ lastTryAt: -1, _id: -1 }),
      members.find(searchFilters.operators()).sort({ _id: 1 }),
      contacts.find(searchFilters.contact('sms', PHONE)),
      logins.find(searchFilters.logins(cohort)).sort({ atSeconds: -1, _id: -1 }),
    ];
    for (const plan of plans) {
      const told = JSON.stringify(await plan.limit(21).explain('queryPlanner'));
      expect(told).toContain('IXSCAN');
      expect(told).not.toContain('COLLSCAN');
    }
  });
});
