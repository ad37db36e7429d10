import { type Log, silentLog } from '@7pay/telemetry';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { clientModel } from '../client/client.store.ts';
import { TRIES_MAX } from '../outgoing/notice.ts';
import { noticeModel } from '../outgoing/notice.store.ts';
import { mayCall } from '../outgoing/outgoing-fetch.ts';
import { aKey, type TestKey } from '../testing/forged.ts';
import { aListener } from '../testing/listener.ts';
import { aPartner, fapiPartner } from '../testing/partner.ts';
import { PASSWORD, runIdentity, type RunningIdentity } from '../testing/running-identity.ts';

let running: RunningIdentity;
let twin: Awaited<ReturnType<RunningIdentity['twin']>>;
let key: TestKey;
let shop: Awaited<ReturnType<typeof aListener>>;
let later = 0;
const person = { mail: 'hana@example.jp' };
const logged = vi.fn();
const log: Log = { ...silentLog, info: logged, warn: logged, error: logged, child: () => log };
const clock = { now: () => new Date(Date.now() + later * 1_000) };

beforeAll(async () => {
  key = await aKey();
  shop = await aListener();
  const tells = (clientId: string, uri: string) =>
    fapiPartner(clientId, key, { backchannelLogoutUri: uri });
  running = await runIdentity({
    clock,
    settings: { outgoingHosts: [new URL(shop.url).host] },
    log,
    clients: [
      tells('partner-told', `${shop.url}/logout`),
      tells('partner-elsewhere', 'http://169.254.169.254/latest'),
    ],
  });
  twin = await running.twin();
  await running.identity.registerMember({ ...person, displayName: 'はな', password: PASSWORD });
});
afterAll(async () => {
  await twin.stop();
  await running.stop();
  await shop.stop();
});

const deliver = () => running.identity.admin.notices.deliver();
async function logIn(clientId = 'partner-told') {
  const partner = await aPartner(running.issuer, clientId, { key });
  const { browser, agree, redeem } = await partner.authorize(person, {
    scope: 'openid offline_access',
    prompt: 'consent',
  });
  const tokens = await redeem(await agree());
  const { sub, sid } = tokens.claims() as { sub: string; sid?: string };
  const rows = running.connection.collection('identity_session').find().sort({ $natural: -1 });
  const uid = String((await rows.toArray())[0]?._id);
  return { partner, browser, tokens, sub, sid, uid };
}
const logOut = async (
  { browser, tokens }: Awaited<ReturnType<typeof logIn>>,
  asked: Record<string, string> = { id_token_hint: tokens.id_token ?? '' },
) => {
  const url = `${running.issuer}/session/end?${new URLSearchParams(asked)}`;
  return browser.submit(await browser.go(url), '/session/end/confirm', { logout: 'yes' });
};
const suspend = async (suspended: { by: string; at: Date } | null) => {
  await clientModel(running.connection).updateOne({ _id: 'partner-told' }, { $set: { suspended } });
  later += 3;
};
const lastToken = () => new URLSearchParams(shop.heard.at(-1)?.body).get('logout_token') ?? '';

describe('a client that wants to know when a session ends', () => {
  it('is told by a signed token that fits the ID token it had', async () => {
    const login = await logIn();
    await logOut(login);
    expect(shop.heard).toHaveLength(0); // nothing is sent while somebody waits for a page
    expect(await deliver()).toBe(1);
    const keys = createRemoteJWKSet(new URL(`${running.issuer}/jwks`));
    const { payload, protectedHeader } = await jwtVerify(lastToken(), keys, {
      issuer: running.issuer,
      audience: 'partner-told',
      typ: 'logout+jwt',
    });
    expect(protectedHeader.alg).toBe('ES256');
    expect(payload).toMatchObject({
      sub: login.sub,
      sid: login.sid,
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    });
    expect(login.sid).toEqual(expect.any(String));
    expect(payload).not.toHaveProperty('nonce');
  });

  it('is told also when an administrator ends the session, whose tokens are dead then', async () => {
    const { uid, sid, partner, tokens } = await logIn();
    expect(await running.identity.admin.endSession(uid)).toBe(true);
    expect(await deliver()).toBe(1);
    expect(decodeJwt(lastToken())).toMatchObject({ sid });
    await expect(
      oidc.fetchUserInfo(partner.configuration, tokens.access_token, oidc.skipSubjectCheck, {
        DPoP: partner.DPoP,
      }),
    ).rejects.toThrow();
    await expect(
      oidc.refreshTokenGrant(partner.configuration, tokens.refresh_token ?? '', undefined, {
        DPoP: partner.DPoP,
      }),
    ).rejects.toMatchObject({ error: 'invalid_grant' });
    expect(await running.identity.admin.endSession(uid)).toBe(false);
  });

  it('is told by one process, although every process delivers', async () => {
    const before = shop.heard.length;
    await running.identity.admin.endSession((await logIn()).uid);
    const both = await Promise.all([deliver(), twin.identity.admin.notices.deliver()]);
    expect(both.reduce((sum, count) => sum + count)).toBe(1);
    expect(shop.heard).toHaveLength(before + 1);
  });

  it('that is away is told when it comes back, by the same token id', async () => {
    await running.identity.admin.endSession((await logIn()).uid);
    shop.answer(500, 302);
    expect(await deliver()).toBe(0);
    const { jti } = decodeJwt(lastToken());
    expect(await deliver()).toBe(0); // not due yet
    const heard = shop.heard.length;
    later += 3;
    expect(await deliver()).toBe(0); // it pointed elsewhere: nobody goes there
    expect(shop.heard).toHaveLength(heard + 1);
    later += 5;
    expect(await deliver()).toBe(1);
    expect(decodeJwt(lastToken()).jti).toBe(jti);
  });

  it('that stays away is given up on after a bounded number of tries, in sight, and can be revived', async () => {
    const { endSession, notices } = running.identity.admin;
    await endSession((await logIn()).uid);
    const heard = shop.heard.length;
    shop.answer(...Array.from({ length: TRIES_MAX }, () => 503));
    for (let count = 0; count < TRIES_MAX + 3; count += 1) {
      await deliver();
      later += 3_601;
    }
    expect(shop.heard).toHaveLength(heard + TRIES_MAX);
    const [dead] = await notices.dead();
    expect(dead).toMatchObject({
      clientId: 'partner-told',
      tries: TRIES_MAX,
      problem: 'status 503',
    });
    expect(logged).toHaveBeenCalledWith(
      'notice.dead',
      expect.objectContaining({ clientId: 'partner-told' }),
    );
    expect(await notices.revive(dead?.id ?? '')).toBe(true);
    expect(await deliver()).toBe(1);
    expect(await notices.dead()).toEqual([]);
  });

  it('is told what it missed while it was suspended, when it is let in again', async () => {
    const [before, during, own] = [await logIn(), await logIn(), await logIn()];
    const heard = shop.heard.length;
    await running.identity.admin.endSession(before.uid);
    await suspend({ by: 'mem_one', at: clock.now() });
    await running.identity.admin.endSession(during.uid);
    await logOut(own, {}); // the page itself names no client
    for (let count = 0; count < TRIES_MAX + 1; count += 1) {
      expect(await deliver()).toBe(0);
      later += 3_601;
    }
    expect(shop.heard).toHaveLength(heard);
    await suspend(null);
    expect(await deliver()).toBe(3);
    const sids = shop.heard.slice(heard).map(({ body }) => {
      const token = new URLSearchParams(body).get('logout_token') ?? '';
      return decodeJwt(token)['sid'];
    });
    expect(sids.toSorted()).toEqual([before.sid, during.sid, own.sid].toSorted());
  });

  it('that a member logs out of alone knows the next login there by another name', async () => {
    const { partner, browser, tokens, sid } = await logIn();
    const url = oidc.buildEndSessionUrl(partner.configuration, {
      id_token_hint: tokens.id_token ?? '',
    });
    await browser.submit(await browser.go(url), '/session/end/confirm');
    const asked = { scope: 'openid offline_access', prompt: 'consent' };
    const { page, agree, redeem } = await partner.authorize(person, asked, browser);
    expect(page.text).not.toContain('current-password'); // still logged in at 7iD
    const again = (await redeem(await agree())).claims() as { sid?: string };
    expect(again.sid).toEqual(expect.any(String));
    expect(again.sid).not.toBe(sid); // what is told late of the one before does not end it
    expect(await deliver()).toBe(1);
    expect(decodeJwt(lastToken())).toMatchObject({ sid });
  });

  it('is waited for by a logout: what cannot be kept for it keeps the session', async () => {
    const login = await logIn();
    const heard = shop.heard.length;
    vi.spyOn(noticeModel(running.connection), 'create').mockRejectedValueOnce(new Error('away'));
    expect((await logOut(login)).status).toBe(500);
    const rows = running.connection.collection('identity_session');
    const isKept = async () => {
      const row = await rows.findOne({ _id: login.uid as never });
      return row?.['endedAt'] === undefined;
    };
    expect(await isKept()).toBe(true);
    await logOut(login);
    expect(await isKept()).toBe(false);
    expect(await deliver()).toBe(1);
    expect(shop.heard).toHaveLength(heard + 1);
  });

  it('at a host that the settings do not name is never called', async () => {
    const heard = shop.heard.length;
    await running.identity.admin.endSession((await logIn('partner-elsewhere')).uid);
    expect(await deliver()).toBe(0);
    expect(shop.heard).toHaveLength(heard);
    expect(logged).toHaveBeenCalledWith(
      'notice.failed',
      expect.objectContaining({ problem: 'host is not in outgoingHosts' }),
    );
  });

  it('leaves nothing readable in the database', async () => {
    const login = await logIn();
    await running.identity.admin.endSession(login.uid);
    const rows = await running.connection.collection('identity_notice').find().toArray();
    expect(JSON.stringify(rows)).not.toContain(login.sid);
    await deliver();
  });
});

describe('an address that we may call', () => {
  const allowed = { hosts: ['shop.example', 'shop.example:8443'], allowHttp: false };
  it.each([
    ['https://shop.example/logout', true],
    ['https://shop.example:8443/logout', true],
    ['http://shop.example/logout', false],
    ['https://other.example/', false],
    ['https://shop.example.evil.example/', false],
    ['https://shop.example@evil.example/', false],
    ['https://user:secret@shop.example/', false],
    ['https://shop.example:444/', false],
    ['https://127.0.0.1/', false],
    ['file:///etc/passwd', false],
    ['not an address', false],
  ])('%s: %s', (uri, may) => {
    expect(mayCall(uri, allowed)).toBe(may);
  });
});
