import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CACHE_MS, clientModel } from '../client/client.store.ts';
import { aKey, type TestKey } from '../testing/forged.ts';
import { aPartner } from '../testing/partner.ts';
import {
  anApp,
  type App,
  logIn,
  PASSWORD,
  runIdentity,
  type RunningIdentity,
} from '../testing/running-identity.ts';

let running: RunningIdentity;
let key: TestKey;
let checker: oidc.Configuration;
let stranger: oidc.Configuration;
let app: App;
let memberId = '';
let later = 0;
const clock = { now: () => new Date(Date.now() + later) };
const person = { mail: 'hana@example.jp' };
const service = (clientId: string, more: object) => ({
  kind: 'service' as const,
  clientId,
  name: { ja: '照会係', en: 'Checker' },
  jwks: { keys: [key.jwk] },
  ...more,
});

beforeAll(async () => {
  key = await aKey();
  running = await runIdentity({
    clock,
    clients: [service('svc-checker', { introspects: true }), service('svc-stranger', {})],
  });
  ({ configuration: checker } = await aPartner(running.issuer, 'svc-checker', { key }));
  ({ configuration: stranger } = await aPartner(running.issuer, 'svc-stranger', { key }));
  app = await anApp(running.issuer, 'seven-eleven-app');
  const made = await running.identity.registerMember({
    ...person,
    displayName: 'はな',
    password: PASSWORD,
  });
  memberId = 'memberId' in made ? made.memberId : '';
});
afterAll(() => running.stop());

const login = async () => {
  const { redeem } = await logIn(app, person);
  const { refresh_token: token = '', access_token: access } = await redeem();
  return { token, access };
};

describe('asking whether a token holds', () => {
  it('is answered to a service that may ask, and says whose it is', async () => {
    const { token } = await login();
    expect(await oidc.tokenIntrospection(checker, token)).toMatchObject({
      active: true,
      client_id: 'seven-eleven-app',
      sub: memberId,
      iss: running.issuer,
    });
  });

  it('says nothing to anybody else', async () => {
    const { token } = await login();
    expect(await oidc.tokenIntrospection(stranger, token)).toEqual({ active: false });
    expect(await oidc.tokenIntrospection(app.configuration, token)).toEqual({ active: false });
  });

  it('is answered no for a token that was used, revoked, or made up', async () => {
    const { token } = await login();
    const next = await oidc.refreshTokenGrant(app.configuration, token);
    expect(await oidc.tokenIntrospection(checker, token)).toEqual({ active: false });
    await oidc.tokenRevocation(app.configuration, next.refresh_token ?? '');
    expect(await oidc.tokenIntrospection(checker, next.refresh_token ?? '')).toEqual({
      active: false,
    });
    expect(await oidc.tokenIntrospection(checker, 'made-up')).toEqual({ active: false });
  });

  it('is answered no at once when nobody answers for the login behind the token any more', async () => {
    const { token } = await login();
    expect(await oidc.tokenIntrospection(checker, token)).toMatchObject({ active: true });
    const rows = running.connection.collection('identity_members');
    const row = await rows.findOne({ _id: memberId as never });
    await rows.deleteOne({ _id: memberId as never });
    try {
      expect(await oidc.tokenIntrospection(checker, token)).toEqual({ active: false });
    } finally {
      if (row) await rows.insertOne(row);
    }
  });

  it('tells a partner of its own token what its scopes tell, and nothing of where and how the member is logged in', async () => {
    const partner = await anApp(running.issuer, 'partner-recipes');
    const { browser, request, back } = await logIn(partner, person);
    const { access_token: opaque } = await request.redeem(await browser.submit(back, '/consent'));
    const told = await oidc.tokenIntrospection(partner.configuration, opaque);
    expect(Object.keys(told).toSorted()).toEqual(
      'acr active amr auth_time client_id exp iat iss scope sub token_type'.split(' '),
    );
  });

  it('is answered no for a token of a client that is suspended', async () => {
    const { token } = await login();
    const rows = clientModel(running.connection);
    const suspend = async (suspended: { by: string; at: Date } | null) => {
      await rows.updateOne({ _id: 'seven-eleven-app' }, { $set: { suspended } });
      later += CACHE_MS + 1;
    };
    await suspend({ by: 'mem_one', at: clock.now() });
    try {
      expect(await oidc.tokenIntrospection(checker, token)).toEqual({ active: false });
    } finally {
      await suspend(null);
    }
    expect(await oidc.tokenIntrospection(checker, token)).toMatchObject({ active: true });
  });

  it('has no answer about an access token of the graph: those are judged by their signature', async () => {
    const { access } = await login();
    await expect(oidc.tokenIntrospection(checker, access)).rejects.toMatchObject({
      error: 'unsupported_token_type',
    });
  });
});
