import { decodeJwt } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
const person = { mail: 'hana@example.jp' };

beforeAll(async () => {
  running = await runIdentity();
  app = await anApp(running.issuer, 'seven-eleven-app');
  await running.identity.registerMember({ ...person, displayName: 'はな', password: PASSWORD });
});
afterAll(() => running.stop());

async function loggedIn() {
  const scope = 'openid points offline_access';
  const { browser, request, back } = await logIn(app, person, { scope, prompt: 'consent' });
  const agreed = back.url.includes('code=') ? back : await browser.submit(back, '/consent');
  const tokens = await request.redeem(agreed);
  const logOut = async () => {
    const id_token_hint = tokens.id_token ?? '';
    const url = oidc.buildEndSessionUrl(app.configuration, { id_token_hint });
    await browser.submit(await browser.go(url), '/session/end/confirm', { logout: 'yes' });
  };
  return { tokens, logOut };
}
const refresh = (token: string | undefined) =>
  oidc.refreshTokenGrant(app.configuration, token ?? '');
const claimsOf = ({ access_token: token }: { access_token: string }) => decodeJwt(token);

describe('an app that a member let stay connected after a logout', () => {
  it('has tokens that name the session until then, and after it the grant alone', async () => {
    const { tokens, logOut } = await loggedIn();
    const { sid, gid } = claimsOf(tokens);
    expect([sid, gid]).toEqual([expect.any(String), expect.any(String)]);
    const before = await refresh(tokens.refresh_token);
    expect(claimsOf(before)).toMatchObject({ sid, gid });
    await logOut();
    const after = await refresh(before.refresh_token);
    expect(claimsOf(after)).toMatchObject({ gid, scope: 'points' });
    expect(claimsOf(after)).not.toHaveProperty('sid');
    // Its session is told to the gateways as over, its grant is not.
    const ended = await running.connection.collection('controls_endedLogins').find().toArray();
    expect(ended.map(({ key }) => String(key))).toEqual([`session|${sid}`]);
  });
});
