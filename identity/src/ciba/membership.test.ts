import { fixedClock } from '@7pay/time';
import * as oidc from 'openid-client';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { APPROVAL_SECONDS } from '../lifetimes.ts';
import { messageCountModel } from '../one-time-code/window-count.store.ts';
import { aBrowser } from '../testing/browser.ts';
import { aKey, type TestKey } from '../testing/forged.ts';
import { PASSWORD, runIdentity, type RunningIdentity } from '../testing/running-identity.ts';
import { WAITING_MAX } from './approval.ts';
import { REQUESTS_PER_MINUTE } from './ciba-feature.ts';

const MEMBER = 'hana@example.jp';
const NOBODY = 'nobody@example.jp';
let running: RunningIdentity;
let key: TestKey;

beforeAll(async () => {
  key = await aKey();
  const till = (clientId: string) => ({
    kind: 'approval-app' as const,
    clientId,
    name: { ja: '5番レジ', en: 'Till 5' },
    jwks: { keys: [key.jwk] },
    graphScopes: ['points' as const],
  });
  running = await runIdentity({
    clock: fixedClock(new Date()),
    clients: [till('till-1'), till('till-2'), till('till-3'), till('till-4')],
  });
  await running.identity.registerMember({ mail: MEMBER, displayName: 'はな', password: PASSWORD });
});
afterAll(() => running.stop());
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** What a till hears: the answer, without what is random in it, or the error. */
async function aTill(clientId: string) {
  const configuration = await oidc.discovery(
    new URL(running.issuer),
    clientId,
    undefined,
    oidc.PrivateKeyJwt({ key: key.privateKey, kid: key.jwk.kid }),
    { execute: [oidc.allowInsecureRequests] },
  );
  const heard = async (answer: Promise<unknown>) =>
    answer.then(
      (told) => ({ told }),
      (thrown: Partial<oidc.ResponseBodyError>) => ({
        error: thrown.error,
        why: thrown.error_description,
        status: thrown.status ?? (thrown.cause as Partial<Response> | undefined)?.status,
      }),
    );
  const ask = (mail: string, more: Record<string, string> = {}) =>
    oidc.initiateBackchannelAuthentication(configuration, {
      scope: 'openid points',
      login_hint: mail,
      ...more,
    });
  return {
    ask,
    refusal: (mail: string, more?: Record<string, string>) => heard(ask(mail, more)),
    poll: (id: string) =>
      heard(
        oidc.genericGrantRequest(configuration, 'urn:openid:params:grant-type:ciba', {
          auth_req_id: id,
        }),
      ),
  };
}
const later = (seconds: number) =>
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1_000 });

describe('a till that asks for somebody who is no member', () => {
  it('hears what it hears of a member who does not answer, to the end', async () => {
    const till = await aTill('till-1');
    const [member, nobody] = [await till.ask(MEMBER), await till.ask(NOBODY)];
    expect(Object.keys(nobody)).toEqual(Object.keys(member));
    expect(nobody.expires_in).toBe(member.expires_in);
    expect(nobody.auth_req_id).toHaveLength(member.auth_req_id.length);
    const both = async () => [
      await till.poll(member.auth_req_id),
      await till.poll(nobody.auth_req_id),
    ];
    const [waiting, waitingToo] = await both();
    expect(waiting).toMatchObject({ error: 'authorization_pending' });
    expect(waitingToo).toEqual(waiting);
    later(APPROVAL_SECONDS + 5);
    const [over, overToo] = await both();
    expect(over).toMatchObject({ status: 400 });
    expect(over).not.toMatchObject({ error: 'authorization_pending' });
    expect(overToo).toEqual(over);
  });

  it.each([
    ['as many as may wait', {}],
    ['an acr that nobody knows', { acr_values: 'urn:other' }],
    ['a message that could be another text', { binding_message: 'x'.repeat(41) }],
  ])('hears the same refusals: %s', async (_, wrong: Record<string, string>) => {
    const till = await aTill('till-2');
    const last = async (mail: string) => {
      for (let n = 0; n < WAITING_MAX; n += 1) await till.refusal(mail);
      return till.refusal(mail, wrong);
    };
    const [member, nobody] = [await last('mio@example.jp'), await last(NOBODY)];
    expect(nobody).toHaveProperty('error');
    expect(await last(MEMBER)).toEqual(nobody);
    expect(member).toEqual(nobody);
  });

  it('makes nobody see or answer it, also not who registers the address afterwards', async () => {
    const till = await aTill('till-3');
    const mail = 'later@example.jp';
    const { auth_req_id: id } = await till.ask(mail);
    await running.identity.registerMember({ mail, displayName: 'あと', password: PASSWORD });
    const browser = aBrowser();
    const login = await browser.go(`${running.issuer}/approve`);
    const page = await browser.submit(login, '/login', { mail, password: PASSWORD });
    expect(page.text).toContain('承認を待っている依頼はありません');
    expect(running.carrier.inbox(mail)).toEqual([]);
    expect(await till.poll(id)).toMatchObject({ error: 'authorization_pending' });
  });

  it('leaves no more behind than a member does: the login ID is in no document', async () => {
    const { db } = running.connection;
    for (const name of ['identity_approval', 'identity_message_counts']) {
      const rows = await db?.collection(name).find().toArray();
      expect(rows?.length).toBeGreaterThan(0);
      expect(JSON.stringify(rows)).not.toContain('nobody@');
    }
  });
});

describe('what one client may ask for', () => {
  it('is counted for members and nobody alike', async () => {
    const till = await aTill('till-4');
    await till.ask('somebody-else@example.jp');
    const counts = messageCountModel(running.connection);
    await counts.updateMany({}, { $set: { sent: REQUESTS_PER_MINUTE } });
    const [member, nobody] = [await till.refusal(MEMBER), await till.refusal(NOBODY)];
    expect(member).toMatchObject({ error: 'temporarily_unavailable' });
    expect(nobody).toEqual(member);
  });

  it('is not given out while nobody can count', async () => {
    const till = await aTill('till-4');
    vi.spyOn(messageCountModel(running.connection), 'updateOne').mockImplementation(() => {
      throw new Error('down');
    });
    const [member, nobody] = [await till.refusal(MEMBER), await till.refusal(NOBODY)];
    expect(member).toMatchObject({ status: 500 });
    expect(nobody).toEqual(member);
  });
});
