import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditModel } from '../audit/audit.store.ts';
import { APPS, runIdentity, type RunningIdentity } from '../testing/running-identity.ts';
import { judgeRegistered } from './registration.ts';

let running: RunningIdentity;
let closed: RunningIdentity;
let token: string;
const host = new URL(APPS).host;

beforeAll(async () => {
  running = await runIdentity({
    settings: { registration: { mode: 'token', redirectHosts: [host] } },
  });
  closed = await runIdentity();
  token = await running.identity.admin.initialAccessToken();
});
afterAll(async () => {
  await running.stop();
  await closed.stop();
});

type Answer = { status: number; body: Record<string, string & string[]> };
async function send(
  method: string,
  url: string,
  bearer: string | null | undefined,
  body?: object,
): Promise<Answer> {
  const answer = await fetch(url, {
    method,
    headers: {
      ...(bearer && { authorization: `Bearer ${bearer}` }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text.startsWith('{') ? JSON.parse(text) : {} };
}
const wish = { client_name: 'Garden', redirect_uris: [`${APPS}garden/callback`] };
const register = (more: object = {}, bearer: string | null = token, to = running) =>
  send('POST', `${to.issuer}/reg`, bearer, { ...wish, ...more });

describe('a client that registers itself', () => {
  it('needs a token that an operator gave it, and becomes a stranger to every other client', async () => {
    expect((await register({}, null)).status).toBe(401);
    expect((await register({}, randomUUID())).status).toBe(401);
    const { status, body } = await register();
    expect(status).toBe(201);
    expect(body).toMatchObject({
      client_id: expect.stringMatching(/^reg-/),
      client_secret: expect.any(String),
      subject_type: 'pairwise',
      grant_types: ['authorization_code'],
      registration_access_token: expect.any(String),
    });
  });

  it.each<[string, object]>([
    ['an app of the group', { first_party: true }],
    ['a client of the graph', { graph_scopes: 'wallet' }],
    ['one that is told roles', { tells_roles: true }],
    [
      'a terminal',
      {
        terminal_id: 'ter_1',
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
      },
    ],
    ['a checker of tokens', { introspects: true }],
    ['an exchanger of tokens', { exchange_audiences: 'https://x.example/' }],
    ['a client of devices', { grant_types: ['urn:ietf:params:oauth:grant-type:device_code'] }],
    [
      'a client of approvals',
      {
        grant_types: ['urn:openid:params:grant-type:ciba'],
        backchannel_token_delivery_mode: 'poll',
      },
    ],
    ['a client of payments', { authorization_details_types: ['payment_initiation'] }],
    ['one with the scope of mail', { scope: 'openid email' }],
    ['one without a proof', { token_endpoint_auth_method: 'none' }],
    ['one on another host', { redirect_uris: ['https://evil.example/callback'] }],
    ['one without https', { redirect_uris: ['http://partner.example/callback'] }],
    [
      'one that sends people elsewhere after a logout',
      { post_logout_redirect_uris: ['https://evil.example/'] },
    ],
    [
      'one that has us call our own network',
      { backchannel_logout_uri: 'https://10.0.0.1/', backchannel_logout_session_required: true },
    ],
    [
      'one that has us fetch its keys from a host of its own',
      {
        token_endpoint_auth_method: 'private_key_jwt',
        id_token_signed_response_alg: 'ES256',
        jwks_uri: 'https://rp.example/jwks',
      },
    ],
    [
      'one with many addresses',
      { redirect_uris: Array.from({ length: 11 }, (_, index) => `${APPS}garden/${index}`) },
    ],
  ])('can never be %s', async (_, more) => {
    const { status, body } = await register(more);
    expect(status).toBe(400);
    expect(body['error']).toMatch(/^invalid_(client_metadata|redirect_uri)$/);
  });

  it('reads, changes and removes itself, by a token that changes with each change', async () => {
    const { body: made } = await register();
    const url = made['registration_client_uri'] ?? '';
    const read = await send('GET', url, made['registration_access_token']);
    expect(read.body).toMatchObject({ client_id: made['client_id'], client_name: 'Garden' });
    const {
      registration_access_token: _token,
      registration_client_uri: _uri,
      client_secret_expires_at: _expires,
      client_id_issued_at: _issued,
      ...mine
    } = read.body;
    const first = made['registration_access_token'];
    const wrong = await send('PUT', url, first, { ...mine, graph_scopes: 'wallet' });
    expect(wrong.body).toMatchObject({ error: 'invalid_client_metadata' });
    const changed = await send('PUT', url, first, { ...mine, client_name: 'Orchard' });
    expect(changed.body).toMatchObject({ client_name: 'Orchard' });
    const second = changed.body['registration_access_token'];
    expect(second).not.toBe(first);
    expect((await send('GET', url, first)).status).toBe(401);
    expect((await send('DELETE', url, second)).status).toBe(204);
    expect((await send('GET', url, second)).status).toBe(401);
    const clientId = String(made['client_id']);
    const told = await auditModel(running.connection).find({ 'facts.clientId': clientId }).lean();
    expect(told.map(({ facts }) => facts.reason).sort()).toEqual([
      'CHANGED_ITSELF',
      'REGISTERED_ITSELF',
      'REMOVED_ITSELF',
    ]);
  });

  it('never reaches a client of the settings', async () => {
    const { body: made } = await register();
    const bearer = made['registration_access_token'];
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const url = `${running.issuer}/reg/seven-eleven-app`;
      const body = method === 'PUT' ? { client_id: 'seven-eleven-app' } : undefined;
      expect((await send(method, url, bearer, body)).status).toBe(401);
    }
    expect(
      await running.connection
        .collection('identity_client')
        .findOne({ _id: 'seven-eleven-app' as never }),
    ).not.toBeNull();
  });

  it('does not where registration is off', async () => {
    expect((await register({}, token, closed)).status).toBe(404);
    await expect(closed.identity.admin.initialAccessToken()).rejects.toThrow();
  });
});

describe('the policy of registered clients', () => {
  it('lets a suite that tests us ask for more where everybody may register', () => {
    const open = { mode: 'open' as const, redirectHosts: [] };
    const policy = { issuer: 'https://id.example', outgoingHosts: [], registration: open };
    const client = {
      client_id: 'reg-1',
      redirect_uris: ['https://suite.example/callback'],
      scope: 'openid email address',
    };
    expect(() => judgeRegistered(client, policy)).not.toThrow();
    expect(() => judgeRegistered({ ...client, first_party: true }, policy)).toThrow();
  });

  it.each(['backchannel_logout_uri', 'jwks_uri', 'sector_identifier_uri'])(
    'has 7iD call the hosts of the settings alone, by %s',
    (member) => {
      const open = { mode: 'open' as const, redirectHosts: [] };
      const outgoingHosts = ['known.example'];
      const policy = { issuer: 'https://id.example', outgoingHosts, registration: open };
      const to = (host: string) => () =>
        judgeRegistered({ client_id: 'reg-1', [member]: `https://${host}/here` }, policy);
      expect(to('known.example')).not.toThrow();
      expect(to('rp.example')).toThrow(/invalid_client_metadata/);
    },
  );
});
