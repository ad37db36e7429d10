import { decodeJwt } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { firstPasskey } from '../testing/first-passkey.ts';
import { CACHE_MS, clientModel } from '../client/client.store.ts';
import { anAuthenticator } from '../testing/authenticator.ts';
import { aBrowser, type Browser } from '../testing/browser.ts';
import { aKey, type TestKey } from '../testing/forged.ts';
import { aListener } from '../testing/listener.ts';
import { GRAPH, PASSWORD, runIdentity, type RunningIdentity } from '../testing/running-identity.ts';
import { atOnce, sorted, spread } from '../testing/spread.ts';
import { requiredAcr, WAITING_MAX } from './approval.ts';

let running: RunningIdentity;
let twin: Awaited<ReturnType<RunningIdentity['twin']>>;
let key: TestKey;
let bell: Awaited<ReturnType<typeof aListener>>;
let members = 0;
let later = 0;
const clock = { now: () => new Date(Date.now() + later) };

beforeAll(async () => {
  key = await aKey();
  bell = await aListener();
  const till = (clientId: string, more: object) => ({
    kind: 'approval-app' as const,
    clientId,
    name: { ja: '5番レジ', en: 'Till 5' },
    jwks: { keys: [key.jwk] },
    graphScopes: ['wallet' as const, 'points' as const],
    ...more,
  });
  running = await runIdentity({
    clock,
    settings: { outgoingHosts: ['till.example'] },
    clients: [
      till('till-poll', {}),
      till('till-ping', { notificationEndpoint: 'https://till.example/ping' }),
    ],
  });
  twin = await running.twin();
});
afterAll(async () => {
  await twin.stop();
  await running.stop();
  await bell.stop();
});

async function aTill(clientId = 'till-poll') {
  const configuration = await oidc.discovery(
    new URL(running.issuer),
    clientId,
    undefined,
    oidc.PrivateKeyJwt({ key: key.privateKey, kid: key.jwk.kid }),
    { execute: [oidc.allowInsecureRequests] },
  );
  spread(configuration, running.issuer, [running.url, twin.url]);
  const ask = (mail: string, more: Record<string, string> = {}) =>
    oidc.initiateBackchannelAuthentication(configuration, {
      scope: 'openid points',
      login_hint: mail,
      binding_message: 'A-17',
      ...more,
    });
  const poll = (id: string) =>
    oidc.genericGrantRequest(configuration, 'urn:openid:params:grant-type:ciba', {
      auth_req_id: id,
    });
  return { ask, poll };
}
async function aMember() {
  const mail = `member-${(members += 1)}@example.jp`;
  await running.identity.registerMember({ mail, displayName: 'みつき', password: PASSWORD });
  return mail;
}
/** The member opens the page on their phone and logs in there. */
async function openPhone(mail: string, browser: Browser = aBrowser()) {
  const login = await browser.go(`${running.issuer}/approve`);
  return { browser, page: await browser.submit(login, '/login', { mail, password: PASSWORD }) };
}

describe('a till that asks a member to approve on their phone', () => {
  it('waits, shows the member who asks and what for, and has tokens after a yes', async () => {
    const { ask, poll } = await aTill();
    const mail = await aMember();
    const { auth_req_id: id } = await ask(mail);
    await expect(poll(id)).rejects.toMatchObject({ error: 'authorization_pending' });
    const { browser, page } = await openPhone(mail);
    expect(page.text).toContain('「5番レジ」からの依頼');
    expect(page.text).toContain('A-17');
    expect((await browser.submit(page, '/allow')).text).toContain('許可しました');
    const tokens = await poll(id);
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      aud: GRAPH,
      scope: 'points',
      acr: 'urn:7id:acr:1',
      amr: ['pwd'],
      sid: expect.any(String),
      auth_time: expect.any(Number),
    });
    await expect(poll(id)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('is told no', async () => {
    const { ask, poll } = await aTill();
    const mail = await aMember();
    const { auth_req_id: id } = await ask(mail);
    const { browser, page } = await openPhone(mail);
    expect((await browser.submit(page, '/deny')).text).toContain('許可しませんでした');
    await expect(poll(id)).rejects.toMatchObject({ error: 'access_denied' });
  });

  it('gets money only from a member who showed a passkey', async () => {
    const { ask, poll } = await aTill();
    const mail = await aMember();
    const { auth_req_id: id } = await ask(mail, { scope: 'openid wallet' });
    const { browser, page } = await openPhone(mail);
    expect(page.text).not.toContain('/allow"');
    const stepUp = /href="([^"]*acr_values[^"]*)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&');
    const proof = await browser.go(stepUp ?? '');
    expect(proof.text).toContain('パスキーの登録');
    const authenticator = anAuthenticator(running.issuer);
    const back = await firstPasskey(running, { browser, page: proof, mail, authenticator });
    expect(back.url).toBe(`${running.issuer}/approve`);
    expect((await browser.submit(back, '/allow')).text).toContain('許可しました');
    const tokens = await poll(id);
    expect(decodeJwt(tokens.access_token)).toMatchObject({ acr: 'urn:7id:acr:3', scope: 'wallet' });
  });

  it('gets nothing by a button that a weak login pressed all the same', async () => {
    const { ask, poll } = await aTill();
    const mail = await aMember();
    const { auth_req_id: id } = await ask(mail, { scope: 'openid wallet' });
    const { browser, page } = await openPhone(mail);
    const forged = { ...page, text: page.text.replaceAll('/deny', '/allow') };
    const answer = await browser.submit(forged, '/allow');
    expect(answer.url).toContain('/interaction/');
    await expect(poll(id)).rejects.toMatchObject({ error: 'authorization_pending' });
  });

  it('is answered by nobody else: another member does not see it, another page cannot press', async () => {
    const { ask, poll } = await aTill();
    const mail = await aMember();
    const { auth_req_id: id } = await ask(mail);
    const other = await openPhone(await aMember());
    expect(other.page.text).toContain('承認を待っている依頼はありません');
    const owner = await openPhone(mail);
    const path = /action="([^"]*\/allow)"/.exec(owner.page.text)?.[1] ?? '';
    const press = (browser: Browser, headers: Record<string, string>, form: string) =>
      browser.go(`${running.issuer}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: new URLSearchParams({ form }),
      });
    const token = /name="form" value="([^"]*)"/.exec(owner.page.text)?.[1] ?? '';
    const evil = await press(owner.browser, { origin: 'https://evil.example' }, token);
    expect(evil.status).toBe(400);
    expect((await press(owner.browser, { origin: running.issuer }, 'guessed')).status).toBe(400);
    const stolen = await press(other.browser, { origin: running.issuer }, token);
    expect(stolen.status).toBe(400);
    await expect(poll(id)).rejects.toMatchObject({ error: 'authorization_pending' });
  });

  it('is rung at its own address once there is an answer', async () => {
    const { ask, poll } = await aTill('till-ping');
    const mail = await aMember();
    const { auth_req_id: id } = await ask(mail, { client_notification_token: 'ring-0123456789' });
    const { browser, page } = await openPhone(mail);
    await browser.submit(page, '/allow');
    // The library takes https alone; the listener of the test has no certificate.
    const real = globalThis.fetch;
    vi.stubGlobal('fetch', (url: string, init: RequestInit) =>
      real(url.replace('https://till.example', bell.url), init),
    );
    expect(await running.identity.admin.notices.deliver()).toBe(1);
    vi.unstubAllGlobals();
    expect(bell.heard.at(-1)).toMatchObject({
      headers: { authorization: 'Bearer ring-0123456789' },
      body: JSON.stringify({ auth_req_id: id }),
    });
    await expect(poll(id)).resolves.toHaveProperty('access_token');
  });

  it('gives its tokens once to 32 that poll at once, over two providers', async () => {
    const { ask, poll } = await aTill();
    const mail = await aMember();
    const { auth_req_id: id } = await ask(mail);
    const { browser, page } = await openPhone(mail);
    await browser.submit(page, '/allow');
    const { wins, refusals } = sorted(await atOnce(32, () => poll(id)));
    expect(wins).toHaveLength(1);
    expect(refusals).toEqual(['invalid_grant']);
  });

  it('that was suspended meanwhile is answered nothing, and its request waits for it to be let in again', async () => {
    const { ask, poll } = await aTill();
    const mail = await aMember();
    const { auth_req_id: id } = await ask(mail);
    const { browser, page } = await openPhone(mail);
    const suspend = async (suspended: { by: string; at: Date } | null) => {
      const rows = clientModel(running.connection);
      await rows.updateOne({ _id: 'till-poll' }, { $set: { suspended } });
      later += CACHE_MS + 1;
    };
    await suspend({ by: 'mem_one', at: clock.now() });
    try {
      for (const button of ['/allow', '/deny']) {
        const answer = await browser.submit(page, button);
        expect(answer.status).toBe(200);
        expect(answer.text).toContain('承認を待っている依頼はありません');
      }
    } finally {
      await suspend(null);
    }
    expect((await browser.submit(page, '/allow')).text).toContain('許可しました');
    await expect(poll(id)).resolves.toHaveProperty('access_token');
  });

  it('gets nothing for a yes whose login has ended before it is collected', async () => {
    const { ask, poll } = await aTill();
    const mail = await aMember();
    const { auth_req_id: id } = await ask(mail);
    const { browser, page } = await openPhone(mail);
    expect((await browser.submit(page, '/allow')).text).toContain('許可しました');
    const rows = running.connection.collection('identity_session').find().sort({ $natural: -1 });
    expect(await running.identity.admin.endSession(String((await rows.next())?._id))).toBe(true);
    await expect(poll(id)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it.each([
    ['what is no login ID', { login_hint: 'nobody' }, 'unknown_user_id'],
    ['nobody', { login_hint: '' }, 'invalid_request'],
    [
      'a message that could be another text',
      { binding_message: 'x'.repeat(41) },
      'invalid_binding_message',
    ],
    ['an acr that nobody knows', { acr_values: 'urn:other' }, 'invalid_request'],
  ])('is refused for %s', async (_, wrong, error) => {
    const { ask } = await aTill();
    await expect(ask(await aMember(), wrong)).rejects.toMatchObject({ error });
  });

  it('cannot flood a phone', async () => {
    const { ask } = await aTill();
    const mail = await aMember();
    for (let count = 0; count < WAITING_MAX; count += 1) await ask(mail);
    await expect(ask(mail)).rejects.toMatchObject({ error: 'access_denied' });
  });
});

describe('how strong a yes must be', () => {
  it.each([
    [['openid', 'points'], undefined, 'urn:7id:acr:1'],
    [['openid', 'wallet'], undefined, 'urn:7id:acr:2'],
    [['openid', 'wallet'], 'urn:7id:acr:1', 'urn:7id:acr:2'],
    [['openid', 'points'], 'urn:7id:acr:3', 'urn:7id:acr:3'],
    [['openid'], 'urn:other', 'UNKNOWN'],
  ])('%o asked with %s needs %s', (scopes, asked, needed) => {
    expect(requiredAcr(scopes, asked)).toBe(needed);
  });
});
