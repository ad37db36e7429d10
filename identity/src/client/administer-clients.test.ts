import { openEndedLogins } from '@7pay/controls';
import { DUTIES, rolesOf, type Viewer } from '@7pay/graphql';
import { fixedClock } from '@7pay/time';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { auditModel } from '../audit/audit.store.ts';
import { aBrowser } from '../testing/browser.ts';
import {
  APPS,
  PARTNER_SECRET,
  PASSWORD,
  runIdentity,
  type RunningIdentity,
} from '../testing/running-identity.ts';
import { CACHE_MS, clientModel } from './client.store.ts';

const TESTER = { mail: 'tester@test.example', displayName: 'ためし', password: PASSWORD };
const HANA = { mail: 'hana@example.jp', displayName: 'はな', password: PASSWORD };
const clock = fixedClock(new Date());
let running: RunningIdentity;
let twin: Awaited<ReturnType<RunningIdentity['twin']>>;
let owners = 0;
beforeAll(async () => {
  running = await runIdentity({
    clock,
    settings: {
      testPeople: { mailDomains: ['test.example'] },
      keyStore: { kind: 'database', secret: 'key-secret-for-tests-0123456789-abcdef' },
    },
  });
  twin = await running.twin();
  for (const person of [TESTER, HANA]) await running.identity.registerMember(person);
});
afterAll(async () => {
  await twin.stop();
  await running.stop();
});
beforeEach(() => void (owners += 1));

const viewer = (memberId: string, more: object): Viewer => ({
  kind: 'member',
  locale: 'en',
  requestId: 'request-1',
  clientId: 'operator-console',
  memberId,
  scopes: ['merchant'],
  roles: [],
  acr: 'urn:7id:acr:2',
  authTime: Math.floor(clock.now().getTime() / 1_000),
  ...more,
});
const owner = () => viewer(`mem_owner${owners}`, {});
const operator = (name: string) =>
  viewer(`mem_${name}`, { scopes: ['operations', 'merchant'], roles: rolesOf(DUTIES) });
type Result = Record<string, never> & { client: Record<string, never>; secret: string };
const ask = async (query: string, as: Viewer, variables: object = {}) => {
  const { data, errors } = await running.identity.subgraph.execute(
    { query, variables } as never,
    as,
  );
  if (errors) throw new Error(String(errors[0]?.extensions['code']));
  return JSON.parse(JSON.stringify(data?.['result'])) as Result;
};

const CLIENT =
  '__typename ... on ClientSecretMade { secret client { id state redirectUris workingRedirectUris hasSecret } } ... on Refusal { code message }';
const REGISTER = `mutation ($input: RegisterClientInput!) { result: registerClient(input: $input) { ${CLIENT} } }`;
const URIS = [`${APPS}new/callback`, 'https://new.example/callback'];
const register = async (more: object = {}) => {
  const input = { nameJa: 'あたらしい', nameEn: 'New', redirectUris: URIS, kind: 'CODE', ...more };
  return ask(REGISTER, owner(), { input });
};
const change = (name: string, as: Viewer, id: string, more: object = {}) => {
  const type =
    name === 'changeClientRedirects' ? 'ChangeClientRedirectsInput' : 'ChangeClientInput';
  return ask(
    `mutation ($input: ${type}!) { result: ${name}(input: $input) { __typename ... on ClientChanged { client { state redirectUris workingRedirectUris proposal { kind by } } } ... on Refusal { code } } }`,
    as,
    { input: { id, reason: 'CASE-1', ...more } },
  );
};
const actionsOf = async (id: string) =>
  (await auditModel(running.connection).find({ 'facts.clientId': id }).sort({ at: 1 }).lean())
    .filter(({ kind }) => kind === 'CLIENT_CHANGED')
    .map(({ facts }) => facts.reason);

/** From the app's request, at either process, to the tokens. */
async function logInWith(
  client: { id: string; secret: string },
  person: { mail: string },
  url = running.url,
) {
  const configuration = await oidc.discovery(
    new URL(running.issuer),
    client.id,
    undefined,
    oidc.ClientSecretBasic(client.secret),
    { execute: [oidc.allowInsecureRequests] },
  );
  configuration[oidc.customFetch] = (to, options) =>
    fetch(to.replace(running.issuer, url), options as RequestInit);
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const asked = oidc.buildAuthorizationUrl(configuration, {
    redirect_uri: URIS[0]!,
    scope: 'openid profile',
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  });
  const browser = aBrowser({ leaveAt: APPS });
  const page = await browser.go(asked);
  if (!page.text.includes('current-password')) return page.text;
  const proven = await browser.submit(page, '/login', { ...person, password: PASSWORD });
  if (!proven.text.includes('/consent')) return proven.text;
  const back = await browser.submit(proven, '/consent');
  const tokens = await oidc.authorizationCodeGrant(configuration, new URL(back.url), {
    pkceCodeVerifier,
  });
  return tokens.claims()?.sub ?? '';
}
const made = async (redirectUris = URIS) => {
  const { client, secret } = await register({ redirectUris });
  return { id: String(client['id']), secret };
};
const later = () => clock.advance(CACHE_MS + 1);

describe('an app that a partner registers', () => {
  it('logs a test person in at once, and nobody else', async () => {
    const client = await made();
    expect(await logInWith(client, TESTER)).toMatch(/^[\w-]{43}$/);
    expect(await logInWith(client, HANA)).toContain('このアプリはまだ試験中のため');
  });

  it('keeps somebody out who is logged in at 7iD already', async () => {
    const client = await made();
    const browser = aBrowser({ leaveAt: APPS });
    const url = new URL('/auth', running.issuer);
    const parameters = { response_type: 'code', scope: 'openid', code_challenge_method: 'S256' };
    const challenge = { code_challenge: 'a'.repeat(43), redirect_uri: URIS[0]! };
    url.search = String(new URLSearchParams({ ...parameters, ...challenge, client_id: client.id }));
    const elsewhere = new URL(url);
    elsewhere.searchParams.set('client_id', 'seven-eleven-app');
    elsewhere.searchParams.set('redirect_uri', `${APPS}wallet/callback`);
    const page = await browser.go(elsewhere);
    const back = await browser.submit(page, '/login', { ...HANA, password: PASSWORD });
    expect(back.url).toContain('code=');
    expect((await browser.go(url)).text).toContain('current-password');
  });

  it('may send people to localhost alone until an operator approves it', async () => {
    const { client } = await register();
    expect(client).toMatchObject({ state: 'TEST', workingRedirectUris: [URIS[0]] });
    const id = String(client['id']);
    expect(await change('approveClient', operator('one'), id)).toMatchObject({
      client: { state: 'ACTIVE', redirectUris: URIS, workingRedirectUris: [URIS[1]] },
    });
  });

  it('is not approved by the operator who registered it', async () => {
    const input = { nameJa: 'あ', nameEn: 'a', redirectUris: URIS, kind: 'CODE' };
    const { client } = await ask(REGISTER, operator(`own${owners}`), { input });
    const id = String(client['id']);
    expect(await change('approveClient', operator(`own${owners}`), id)).toMatchObject({
      code: 'SECOND_PERSON_REQUIRED',
    });
  });

  it('logs everybody in once it is approved, in every process', async () => {
    const client = await made([URIS[0]!]);
    expect(await logInWith(client, HANA, twin.url)).toContain('このアプリはまだ試験中のため');
    await change('approveClient', operator('one'), client.id);
    expect(await logInWith(client, HANA)).toMatch(/^[\w-]{43}$/);
    later();
    expect(await logInWith(client, HANA, twin.url)).toMatch(/^[\w-]{43}$/);
  });

  it('is one of five at most', async () => {
    for (let n = 0; n < 5; n += 1) await register();
    expect(await register()).toMatchObject({ code: 'TOO_MANY_CLIENTS' });
  });

  it('is one of five at most, also of twelve that are registered at once', async () => {
    await Promise.allSettled(Array.from({ length: 12 }, () => register()));
    const registeredBy = `mem_owner${owners}`;
    const stored = () => clientModel(running.connection).countDocuments({ registeredBy });
    expect(await stored()).toBeLessThanOrEqual(5);
    while ((await stored()) < 5) expect(await register()).not.toHaveProperty('code');
    expect(await register()).toMatchObject({ code: 'TOO_MANY_CLIENTS' });
  });

  it('has a secret that lies in the database under seal, and in no record', async () => {
    const { id, secret } = await made();
    const stored = await clientModel(running.connection).findById(id).lean();
    const audit = await auditModel(running.connection).find().lean();
    expect(JSON.stringify([stored, audit])).not.toContain(secret);
  });

  it('is shown to its owner, and to no other member', async () => {
    const { id } = await made();
    const mine = '{ result: myClients { id registeredBy } }';
    expect(await ask(mine, owner())).toEqual([{ id, registeredBy: null }]);
    expect(await ask(mine, viewer('mem_stranger', {}))).toEqual([]);
  });
});

describe('a client', () => {
  it('that is suspended is none, in every process, and two operators reopen it as it was', async () => {
    const client = await made();
    await logInWith(client, TESTER, twin.url);
    expect(await change('suspendClient', operator('one'), client.id)).toMatchObject({
      client: { state: 'SUSPENDED' },
    });
    const ends = await openEndedLogins(running.connection).all();
    expect(ends).toContainEqual({ key: `client|${client.id}`, at: clock.now() }); // for its tokens, at the gateways
    later();
    for (const url of [running.url, twin.url]) {
      expect(await logInWith(client, TESTER, url)).not.toMatch(/^[\w-]{43}$/);
    }
    const reopen = (name: string) => change('reopenClient', operator(name), client.id);
    expect(await reopen('one')).toMatchObject({
      client: { state: 'SUSPENDED', proposal: { kind: 'REOPEN', by: 'mem_one' } },
    });
    expect(await reopen('one')).toMatchObject({ code: 'SECOND_PERSON_REQUIRED' });
    expect(await reopen('two')).toMatchObject({ client: { state: 'TEST', proposal: null } });
    later();
    expect(await logInWith(client, TESTER, twin.url)).toMatch(/^[\w-]{43}$/);
    expect((await actionsOf(client.id)).sort()).toEqual([
      'REGISTERED',
      'REOPENED',
      'REOPENING_PROPOSED',
      'SUSPENDED',
    ]);
  });

  it('of the settings stays suspended when 7iD starts again', async () => {
    await change('suspendClient', operator('one'), 'partner-travel');
    const again = await running.twin();
    await again.stop();
    expect(await change('suspendClient', operator('one'), 'partner-travel')).toMatchObject({
      code: 'CLIENT_NOT_IN_THIS_STATE',
    });
  });

  it('that is the console is not suspended by one operator, who could not let it in again', async () => {
    const suspended = change('suspendClient', operator('one'), 'operator-console');
    expect(await suspended).toMatchObject({ code: 'CLIENT_OF_OPERATORS' });
    expect(await actionsOf('operator-console')).toEqual([]);
    const ends = await openEndedLogins(running.connection).all();
    expect(ends.map(({ key }) => key)).not.toContain('client|operator-console');
  });

  it('that was taken out of the settings is none for whoever started without it, and stands for the others', async () => {
    const isLeft = ({ clientId }: { clientId: string }) => clientId !== 'partner-recipes';
    const { clients } = running.settings;
    const next = await running.twin({ clients: clients.filter(isLeft) });
    const terminal = { client_id: 'terminal-by-event', client_name: 'T', redirect_uris: [] };
    await clientModel(running.connection).insertOne({
      _id: terminal.client_id,
      metadata: JSON.stringify(terminal),
      origin: 'EVENT',
    });
    const revoke = async (url: string, id: string) => {
      const authorization = `Basic ${Buffer.from(`${id}:${PARTNER_SECRET}`).toString('base64')}`;
      const init = { method: 'POST', headers: { authorization } };
      const body = new URLSearchParams({ token: 'x' });
      const answer = await fetch(`${url}/token/revocation`, { ...init, body });
      return answer.status === 200 ? 'taken' : ((await answer.json()) as { error: string }).error;
    };
    expect(await revoke(next.url, 'partner-recipes')).toBe('invalid_client');
    expect(await revoke(running.url, 'partner-recipes')).toBe('taken');
    const listed = await next.identity.subgraph.execute(
      { query: '{ result: clients(first: 50, origins: [SETTINGS, EVENT]) { nodes { id } } }' },
      operator('one'),
    );
    await next.stop();
    expect(JSON.stringify(listed.data)).toContain('seven-eleven-app');
    expect(JSON.stringify(listed.data)).toContain('terminal-by-event');
    expect(JSON.stringify(listed.data)).not.toContain('partner-recipes');
    // Nothing was written: with the settings of before it is as it was.
    later();
    expect(await revoke(running.url, 'partner-recipes')).toBe('taken');
    await clientModel(running.connection).deleteOne({ _id: terminal.client_id });
  });

  it('that members use gets other redirect URIs by two operators with one list', async () => {
    const { id } = await made();
    await change('approveClient', operator('one'), id);
    const to = (name: string, ...redirectUris: string[]) =>
      change('changeClientRedirects', operator(name), id, { redirectUris });
    const next = 'https://next.example/callback';
    expect(await to('one', next)).toMatchObject({
      client: { redirectUris: URIS, proposal: { kind: 'REDIRECTS' } },
    });
    expect(await to('one', next)).toMatchObject({ code: 'SECOND_PERSON_REQUIRED' });
    expect(await to('two', 'https://other.example/cb')).toMatchObject({
      client: { redirectUris: URIS }, // another wish, of another person
    });
    expect(await to('one', 'https://other.example/cb')).toMatchObject({
      client: { redirectUris: ['https://other.example/cb'], proposal: null },
    });
    expect(await to('one', 'http://other.example/cb')).toMatchObject({
      code: 'REDIRECT_URI_INVALID',
    });
  });

  it.each([
    ['a client of the settings', 'partner-recipes', 'CLIENT_KEPT_ELSEWHERE'],
    ['one that there is not', 'nobody', 'CLIENT_NOT_FOUND'],
  ])('gets no other redirect URIs when it is %s', async (_, id, code) => {
    const redirectUris = ['https://next.example/callback'];
    const changed = change('changeClientRedirects', operator('one'), id, { redirectUris });
    expect(await changed).toMatchObject({ code });
  });

  it('is not changed for a reason that names a person, or for none', async () => {
    const { id } = await made();
    for (const reason of ['hana@example.jp asked', 'tel 090-1234-5678', ' ']) {
      const changed = change('suspendClient', operator('one'), id, { reason });
      await expect(changed).rejects.toThrow('BAD_USER_INPUT');
    }
  });

  it('is listed by id, page by page, and terminals only when asked for', async () => {
    const list = (more: string) =>
      ask(
        `{ result: clients(${more}) { nodes { id } pageInfo { endCursor hasNextPage } } }`,
        operator('one'),
      );
    const seen: string[] = [];
    for (let after = ''; ;) {
      const page = (await list(`first: 3${after}`)) as unknown as {
        nodes: { id: string }[];
        pageInfo: { endCursor: string; hasNextPage: boolean };
      };
      seen.push(...page.nodes.map(({ id }) => id));
      if (!page.pageInfo.hasNextPage) break;
      after = `, after: "${page.pageInfo.endCursor}"`;
    }
    expect(seen).toEqual([...new Set(seen)].sort());
    expect(seen).toContain('partner-recipes');
    expect(await list('first: 3, origins: [EVENT]')).toMatchObject({ nodes: [] });
  });
});
