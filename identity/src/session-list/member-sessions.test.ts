import { DUTIES, rolesOf, type Viewer } from '@7pay/graphql';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  anApp,
  type App,
  GRAPH,
  logIn,
  PASSWORD,
  runIdentity,
  type RunningIdentity,
} from '../testing/running-identity.ts';

let running: RunningIdentity;
let app: App;
let memberId = '';
let serial = 0;
let planted = 0;
let person = { mail: '' };

beforeAll(async () => {
  running = await runIdentity();
  app = await anApp(running.issuer, 'seven-eleven-app');
});
afterAll(() => running.stop());
beforeEach(async () => {
  serial += 1;
  person = { mail: `hana${serial}@example.jp` };
  const made = await running.identity.registerMember({
    ...person,
    displayName: 'はな',
    password: PASSWORD,
  });
  if ('memberId' in made) memberId = made.memberId;
});

const viewer = (more: Partial<Extract<Viewer, { kind: 'member' }>> = {}): Viewer => ({
  kind: 'member',
  locale: 'en',
  requestId: 'request-1',
  clientId: 'seven-eleven-app',
  memberId,
  scopes: ['account'],
  roles: [],
  acr: 'urn:7id:acr:1',
  authTime: Math.floor(Date.now() / 1_000),
  ...more,
});
const operator = () =>
  viewer({
    memberId: 'mem_op',
    roles: rolesOf(DUTIES),
    scopes: ['operations'],
    acr: 'urn:7id:acr:2',
  });
interface Shown {
  id: string;
  loggedInAt: string;
  lastSeenAt: string | null;
  clientName: string;
  way: string;
  network: string | null;
  isCurrent: boolean;
}
const execute = async (query: string, as: Viewer, variables = {}) =>
  JSON.parse(JSON.stringify(await running.identity.subgraph.execute({ query, variables }, as))) as {
    data: Record<string, Record<string, unknown>> | null;
    errors?: { extensions: { code: string } }[];
  };
const FIELDS = 'sessions { id loggedInAt lastSeenAt clientName way network isCurrent }';
const list = async (as = viewer()) =>
  (await execute(`{ me { ${FIELDS} } }`, as)).data?.['me']?.['sessions'] as Shown[] | null;
const listOf = async (id: string, as: Viewer) => {
  const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Member { ${FIELDS} } } }`;
  const { data } = await execute(query, as, { of: [{ __typename: 'Member', id }] });
  const entities = data?.['_entities'] as unknown as { sessions: Shown[] | null }[] | undefined;
  return entities?.[0];
};
const end = (id: string, as = viewer()) =>
  execute(`mutation ($id: ID!) { endMySession(id: $id) { __typename } }`, as, { id });
const endOthers = (as: Viewer) =>
  execute(
    `mutation { endMyOtherSessions { __typename ... on SessionsEnded { count } ... on Refusal { code } } }`,
    as,
  );
const endAll = (reason: string, as: Viewer, id = memberId) =>
  execute(
    `mutation ($input: EndSessionsOfMemberInput!) { endSessionsOfMember(input: $input) { __typename ... on SessionsEnded { count } } }`,
    as,
    { input: { memberId: id, reason } },
  );

/** Logs in with a browser of its own; gives the session as the access token tells it, and the browser. */
async function aLogin() {
  const login = await logIn(app, person, { scope: 'openid account', resource: GRAPH });
  const tokens = await login.redeem();
  const { sid } = decodeJwt(tokens.access_token) as { sid: string };
  return { ...login, sid, tokens };
}
/** Sessions of the member, made without a browser; their logins are so many seconds later than now. */
async function plant(count: number, laterSeconds: number) {
  const now = Math.floor(Date.now() / 1_000);
  const loginTs = now + laterSeconds;
  const rows = Array.from({ length: count }, () => {
    planted += 1;
    const uid = `planted-${planted}`;
    const login = { accountId: memberId, loginTs, amr: ['pwd'] };
    const exp = now + 3_600;
    const payload = { kind: 'Session', uid, jti: `id-${uid}`, iat: now, exp, ...login };
    return {
      _id: uid,
      payload: JSON.stringify(payload),
      ...login,
      expiresAt: new Date(exp * 1_000),
    };
  });
  await running.connection.collection<{ _id: string }>('identity_session').insertMany(rows);
}
const sessionsLeft = () =>
  running.connection.collection('identity_session').countDocuments({ accountId: memberId });
const isLoggedIn = async ({ browser }: Awaited<ReturnType<typeof aLogin>>) => {
  const { url } = await app.request({ prompt: 'none' });
  return new URL((await browser.go(url)).url).searchParams.has('code');
};

describe('the sessions of a member', () => {
  it('are shown to the member with app, way and which one asks, and without anything that opens them', async () => {
    const [first, second] = [await aLogin(), await aLogin()];
    const shown = (await list(viewer({ sessionUid: second.sid }))) ?? [];
    expect(shown).toHaveLength(2);
    expect(shown.filter(({ isCurrent }) => isCurrent)).toHaveLength(1);
    for (const session of shown) {
      expect(session).toMatchObject({ clientName: 'Seven app', way: 'PASSWORD' });
      expect(session.id).toMatch(/^ses_/);
      expect(session.network).toEqual(expect.any(String));
      expect(new Date(session.lastSeenAt ?? 0).getTime()).toBeGreaterThan(Date.now() - 600_000);
    }
    expect(JSON.stringify(shown)).not.toContain(first.sid);
    expect(JSON.stringify(shown)).not.toContain(second.sid);
  });

  it('are shown to operators, and do not exist for others or for an app without the scope', async () => {
    await aLogin();
    expect((await listOf(memberId, operator()))?.sessions).toHaveLength(1);
    expect(await listOf(memberId, viewer({ memberId: 'mem_other' }))).toBeNull();
    expect(await list(viewer({ scopes: ['wallet'] }))).toBeNull();
  });
});

describe('ending sessions', () => {
  it('ends the one that is named, and no other', async () => {
    const [lost, kept] = [await aLogin(), await aLogin()];
    const shown = (await list(viewer({ sessionUid: kept.sid }))) ?? [];
    const id = shown.find(({ isCurrent }) => !isCurrent)?.id ?? '';
    const { data } = await end(id);
    expect(data?.['endMySession']).toEqual({ __typename: 'MySessionEnded' });
    expect(await isLoggedIn(lost)).toBe(false);
    expect(await isLoggedIn(kept)).toBe(true);
    expect((await end(id)).data?.['endMySession']).toEqual({ __typename: 'SessionNotFound' });
  });

  it('never ends a session of another member', async () => {
    const login = await aLogin();
    const [session] = (await list()) ?? [];
    const { data } = await end(session?.id ?? '', viewer({ memberId: 'mem_other' }));
    expect(data?.['endMySession']).toEqual({ __typename: 'SessionNotFound' });
    expect(await isLoggedIn(login)).toBe(true);
  });

  it('ends any one that is shown: also the one that asks, when it is older than a hundred others', async () => {
    const old = await aLogin();
    await plant(101, 60);
    const as = viewer({ sessionUid: old.sid });
    const id = ((await list(as)) ?? []).find(({ isCurrent }) => isCurrent)?.id ?? '';
    const { data } = await end(id, as);
    expect(data?.['endMySession']).toEqual({ __typename: 'MySessionEnded' });
    expect(await isLoggedIn(old)).toBe(false);
  });

  it('ends one that was shown, though a hundred newer ones have come since', async () => {
    const [lost, kept] = [await aLogin(), await aLogin()];
    const as = viewer({ sessionUid: kept.sid });
    const id = ((await list(as)) ?? []).find(({ isCurrent }) => !isCurrent)?.id ?? '';
    await plant(101, 60);
    expect((await end(id, as)).data?.['endMySession']).toEqual({ __typename: 'MySessionEnded' });
    expect(await isLoggedIn(lost)).toBe(false);
  });

  it('ends all others for a fresh login, and none when the own one cannot be told', async () => {
    const [lost, kept] = [await aLogin(), await aLogin()];
    const stale = await endOthers(viewer({ sessionUid: kept.sid, authTime: 0 }));
    expect(stale.errors?.[0]?.extensions.code).toBe('REAUTHENTICATION_REQUIRED');
    expect((await endOthers(viewer())).data?.['endMyOtherSessions']).toMatchObject({
      code: 'CURRENT_SESSION_UNKNOWN',
    });
    expect(await isLoggedIn(lost)).toBe(true);
    const { data } = await endOthers(viewer({ sessionUid: kept.sid }));
    expect(data?.['endMyOtherSessions']).toMatchObject({ count: 1 });
    expect(await isLoggedIn(lost)).toBe(false);
    expect(await isLoggedIn(kept)).toBe(true);
  });

  it('ends all others of however many, and knows the own one however old it is', async () => {
    await plant(101, 60);
    const kept = await aLogin();
    await plant(2, 60);
    const as = viewer({ sessionUid: kept.sid });
    const shown = (await list(as)) ?? [];
    expect(shown).toHaveLength(101); // the newest hundred, and the one that asks
    expect(shown.filter(({ isCurrent }) => isCurrent)).toHaveLength(1);
    const { data } = await endOthers(as);
    expect(data?.['endMyOtherSessions']).toEqual({ __typename: 'SessionsEnded', count: 103 });
    expect(await sessionsLeft()).toBe(1);
    expect(await isLoggedIn(kept)).toBe(true);
  });

  it('shows the newest login however many were ended before it', async () => {
    await plant(120, -3_600);
    await running.connection
      .collection('identity_members')
      .updateOne({ mail: person.mail }, { $set: { loginsEndedAt: new Date(Date.now() - 60_000) } });
    const { sid } = await aLogin();
    expect(await list(viewer({ sessionUid: sid }))).toMatchObject([{ isCurrent: true }]);
  });

  it('ends every one of however many for an operator', async () => {
    await aLogin();
    await plant(103, -3_600);
    const done = await endAll('a call', operator());
    expect(done.data?.['endSessionsOfMember']).toMatchObject({ count: 104 });
    expect(await sessionsLeft()).toBe(0);
  });

  it('ends every login of a member for an operator, with a reason on record and the news for others', async () => {
    const login = await aLogin();
    expect((await endAll('a call', viewer())).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect((await endAll(' ', operator())).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect((await endAll('a call', operator(), 'mem_none')).data).toEqual({
      endSessionsOfMember: { __typename: 'MemberNotFound' },
    });
    const done = await endAll('a call', operator());
    expect(done.data?.['endSessionsOfMember']).toMatchObject({ count: 1 });
    expect(await isLoggedIn(login)).toBe(false);
    const endings = running.connection.collection('identity_sessionEndings');
    expect(await endings.find({ memberId }).toArray()).toMatchObject([
      { memberId, actor: 'mem_op', reason: 'a call' },
    ]);
    const member = await running.connection
      .collection('identity_members')
      .findOne({ mail: person.mail });
    expect(member?.['loginsEndedAt']).toBeInstanceOf(Date);
  });
});
