import { openEndedLogins } from '@7pay/controls';
import type { PublicKeyCredentialRequestOptionsJSON as RequestOptions } from '@simplewebauthn/server';
import { decodeJwt } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openSecondFactorStore } from '../second-factor/second-factor.store.ts';
import { firstPasskey } from '../testing/first-passkey.ts';
import { anAuthenticator } from '../testing/authenticator.ts';
import { aBrowser, type Browser, passkeyOptionsOf } from '../testing/browser.ts';
import {
  type ExternalLogins,
  isLoginPage,
  runWithExternalIds,
} from '../testing/external-logins.ts';
import { choose } from '../testing/linked-ids.ts';
import { APPS, logIn, PASSWORD } from '../testing/running-identity.ts';
import { contactId } from './manage-contacts.ts';
import { openContactStore } from './contact.store.ts';

// Pre-hijacking: somebody registers the victim's address, leaves a way back, and waits for the victim to come.
const NEW_PASSWORD = 'seven red lanterns at the pier';
let external: ExternalLogins;
let running: ExternalLogins['running'];
let serial = 0;
let mail = '';

beforeAll(async () => {
  external = await runWithExternalIds();
  ({ running } = external);
});
afterAll(() => external.stop());
beforeEach(() => {
  mail = `victim-${(serial += 1)}@example.jp`;
});

/** An account of the attacker with the address of the victim, which nobody has proven: made before registering asked for a code. */
async function hijacked() {
  const browser = aBrowser({ leaveAt: APPS });
  const request = await external.app.request({ scope: 'openid profile offline_access wallet' });
  await running.identity.registerMember({ mail, displayName: 'だれか', password: PASSWORD });
  await running.connection.collection('identity_contacts').deleteMany({ address: mail });
  const start = await browser.go(request.url);
  const back = await browser.submit(start, '/login', { mail, password: PASSWORD });
  const tokens = await request.redeem(back);
  await new Promise((resolve) => setTimeout(resolve, 1_100)); // logins are told apart by seconds
  return { browser, tokens, memberId: String(decodeJwt(tokens.access_token).sub) };
}
/** The attacker adds a passkey, as a password alone could once, and an external ID of theirs. */
async function withTrojans({ browser }: { browser: Browser }, person: string) {
  external.people.push({ sub: person, name: 'わるもの' });
  const linked = await browser.go(`${running.issuer}/linked`);
  const link = (text: string) => /href="(\/linked\/kumo\/link[^"]*)"/.exec(text)?.[1] ?? '';
  const stepUp = await browser.go(new URL(link(linked.text), running.issuer));
  const authenticator = anAuthenticator(running.issuer);
  const ready = await firstPasskey(running, { browser, page: stepUp, mail, authenticator });
  await choose(browser, await browser.go(new URL(link(ready.text), running.issuer)), person);
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  return authenticator;
}
const codeFor = (address: string, after = 0) =>
  vi.waitFor(() => {
    const text = running.carrier.inbox(address).slice(after).at(-1)?.text ?? '';
    return /\d{6}/.exec(text)?.[0] ?? expect.fail(`nothing was sent to ${address}`);
  });
async function ask() {
  const browser = aBrowser({ leaveAt: APPS });
  const page = await browser.go(`${running.issuer}/carry-over`);
  const before = running.carrier.inbox(mail).length;
  const asked = await browser.submit(page, '/claim', { address: mail });
  return { browser, asked, code: await codeFor(mail, before) };
}
/** The victim comes, and proves the address. */
async function claim() {
  const { browser, asked, code } = await ask();
  return { browser, proven: await browser.submit(asked, '/proof', { code }) };
}
const rows = (collection: string, memberId: string) =>
  running.connection.collection(collection).countDocuments({ memberId });

describe('the owner of an address that somebody else registered', () => {
  it('gets the account, and the password of before opens it no more', async () => {
    const { memberId } = await hijacked();
    const { browser, proven } = await claim();
    expect(proven.text).toContain(`ログインIDは ${mail}`);
    expect((await logIn(external.app, { mail })).back.text).toContain('ログインできませんでした');
    const done = await browser.submit(proven, '/password', { password: NEW_PASSWORD });
    expect(done.text).toContain('設定しました');
    const { redeem } = await logIn(external.app, { mail, password: NEW_PASSWORD });
    expect(decodeJwt((await redeem()).access_token).sub).toBe(memberId);
  });

  it('is not joined with what the attacker linked (classic-federated merge)', async () => {
    const attacker = await hijacked();
    const person = `kumo-evil-${serial}`;
    const authenticator = await withTrojans(attacker, person);
    expect(await rows('identity_externalIds', attacker.memberId)).toBe(1);
    await claim();
    expect(await rows('identity_externalIds', attacker.memberId)).toBe(0);
    const again = await external.logInAs(person);
    expect(decodeJwt((await again.redeem()).access_token).sub).not.toBe(attacker.memberId);
    const browser = aBrowser({ leaveAt: APPS });
    const start = await browser.go((await external.app.request()).url);
    const credential = authenticator.get(passkeyOptionsOf<RequestOptions>(start, '/passkey'));
    expect((await browser.submit(start, '/passkey', { credential })).url).not.toContain('code=');
  });

  it('finds no session of the attacker going on (unexpired session)', async () => {
    const { browser, tokens, memberId } = await hijacked();
    await claim();
    expect((await browser.go((await external.app.request({ prompt: 'none' })).url)).url).toContain(
      'login_required',
    );
    expect(isLoginPage(await browser.go(`${running.issuer}/linked`))).toBe(true);
    await expect(
      oidc.refreshTokenGrant(external.app.configuration, tokens.refresh_token ?? ''),
    ).rejects.toMatchObject({ error: 'invalid_grant' });
    const ends = await openEndedLogins(running.connection).all();
    expect(ends.map(({ key }) => key)).toContain(`member|${memberId}`); // for their tokens, at the gateways
    const events = running.connection.collection('events_outbox');
    const heard = await events.find({ 'body.memberId': memberId }).toArray();
    expect(heard.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['identity.logins.ended.v1', 'identity.account.reclaimed.v1']),
    );
  });

  it('finds no contact, factor or reset of the attacker (trojan identifier)', async () => {
    const { memberId } = await hijacked();
    const contacts = openContactStore(running.connection);
    for (const contact of [
      { channel: 'mail', address: `evil-${serial}@example.jp` },
      { channel: 'sms', address: '+819099998888' },
    ] as const) {
      await contacts.add({ memberId, ...contact, addedAt: new Date() });
      await contacts.verify({ memberId, ...contact }, new Date());
    }
    const factors = openSecondFactorStore(running.connection);
    await factors.begin(memberId, { sealed: 'sealed', addedAt: new Date() });
    const app = { sealed: 'sealed', step: 1, recovery: ['hash'], at: new Date() };
    expect(await factors.confirm(memberId, app)).toBe(true);
    const resets = running.connection.collection('identity_pendingResets');
    await resets.insertOne({ memberId, proof: ['pop'] });
    const recoveries = running.connection.collection('identity_recoveries');
    await recoveries.insertOne({ memberId, proof: [] }); // its code is on its way to the attacker
    await claim();
    expect(await contacts.ofMember(memberId)).toMatchObject([{ address: mail }]);
    expect(await factors.find(memberId)).toBeNull();
    expect(await rows('identity_pendingResets', memberId)).toBe(0);
    expect(await rows('identity_recoveries', memberId)).toBe(0);
  });

  it('finds on record what was taken from the account', async () => {
    const attacker = await hijacked();
    const { memberId } = attacker;
    await withTrojans(attacker, `kumo-recorded-${serial}`);
    const contacts = openContactStore(running.connection);
    const evil = { memberId, channel: 'sms', address: `+8170${serial}3333` } as const;
    await contacts.add({ ...evil, addedAt: new Date() });
    await contacts.verify(evil, new Date());
    await claim();
    const events = running.connection.collection('identity_audit');
    const taken = await events
      .find({ 'facts.memberId': memberId, 'facts.reason': 'RECLAIMED' })
      .toArray();
    const lines = taken.map(
      ({ kind, facts }) => `${kind} ${(facts as { method?: string }).method ?? ''}`,
    );
    expect(lines.sort()).toEqual([
      'CONTACT_REMOVED ',
      'FACTOR_REMOVED EXTERNAL_ID',
      'FACTOR_REMOVED PASSKEY',
      'FACTOR_REMOVED PASSWORD',
      'LOGINS_ENDED ',
    ]);
  });

  it('is locked out by no notice that the attacker was sent before', async () => {
    const { memberId } = await hijacked();
    const notices = running.connection.collection('identity_notMe');
    const until = new Date(Date.now() + 86_400_000);
    const since = new Date();
    await notices.insertOne({ memberId, kind: 'DEVICE', since, by: [], until, usedAt: null });
    await claim();
    const [kept] = await notices.find({ memberId }).toArray();
    expect(kept?.['endedAt']).toBeInstanceOf(Date);
    expect(kept?.['until']).toEqual(until); // kept as long as it would have been good, so that it is not offered anew
  });

  it('sees no change of the attacker finished afterwards (unexpired email change)', async () => {
    const { memberId } = await hijacked();
    const contacts = openContactStore(running.connection);
    const evil = { memberId, channel: 'mail', address: `late-${serial}@example.jp` } as const;
    await contacts.add({ ...evil, addedAt: new Date() }); // its code is on its way
    await claim();
    expect(await contacts.verify(evil, new Date())).toBe(false);
  });
});

describe('an account whose address was proven before', () => {
  /** Whose code would come back to who claimed the address: nobody's, and none is sent. */
  const claimed = async () => {
    const rows = running.connection.collection('identity_carryOvers').find({ address: mail });
    return (await rows.toArray()).map((row) => row['memberId'] as unknown);
  };

  it('is reclaimed by nobody who reads that mail once its member has taken the contact away', async () => {
    const made = await running.identity.registerMember({
      mail,
      displayName: 'は',
      password: PASSWORD,
    });
    if (!('memberId' in made)) throw new Error('a person can register');
    const { memberId } = made;
    const contacts = openContactStore(running.connection);
    const telephone = { memberId, channel: 'sms', address: `+8170${serial}1111` } as const;
    await contacts.add({ ...telephone, addedAt: new Date() });
    await contacts.verify(telephone, new Date());
    const viewer = {
      kind: 'member',
      locale: 'ja',
      requestId: 'request-1',
      clientId: 'seven-eleven-app',
      memberId,
      scopes: ['account'],
      roles: [],
      acr: 'urn:7id:acr:2',
      authTime: Math.floor(Date.now() / 1_000),
    } as const;
    const id = contactId({ memberId, channel: 'mail', address: mail });
    const query = 'mutation ($id: ID!) { removeMyContact(id: $id) { __typename } }';
    const removed = await running.identity.subgraph.execute({ query, variables: { id } }, viewer);
    expect(JSON.stringify(removed)).toContain('ContactRemoved');

    const before = running.carrier.delivered().length;
    const browser = aBrowser({ leaveAt: APPS });
    const page = await browser.go(`${running.issuer}/carry-over`);
    expect((await browser.submit(page, '/claim', { address: mail })).text).toContain(
      '一致する場合は',
    );
    expect(await claimed()).toEqual([null]);
    expect(running.carrier.delivered()).toHaveLength(before);
    expect((await logIn(external.app, { mail })).back.url).toContain('code=');
  });

  it('nor is one whose member said “this was not me”', async () => {
    const made = await running.identity.registerMember({
      mail,
      displayName: 'は',
      password: PASSWORD,
    });
    expect(made).toHaveProperty('memberId');
    const at = new Date();
    const lock = { at, since: at, without: [], liftedAt: null };
    await running.connection.collection('identity_members').updateOne({ mail }, { $set: { lock } });
    await running.connection.collection('identity_contacts').deleteMany({ address: mail });
    const before = running.carrier.delivered().length;
    const browser = aBrowser({ leaveAt: APPS });
    const page = await browser.go(`${running.issuer}/carry-over`);
    await browser.submit(page, '/claim', { address: mail });
    expect(await claimed()).toEqual([null]);
    expect(running.carrier.delivered()).toHaveLength(before);
  });

  it.each([
    [
      'said “this was not me”',
      { lock: { at: new Date(), since: new Date(), without: [], liftedAt: null } },
    ],
    ['proved it and took it away', { loginIdProvenAt: new Date() }],
  ])('nor one whose member %s since the code was sent', async (_, set) => {
    const { memberId } = await hijacked();
    const contacts = openContactStore(running.connection);
    const telephone = { memberId, channel: 'sms', address: `+8170${serial}2222` } as const;
    await contacts.add({ ...telephone, addedAt: new Date() });
    await contacts.verify(telephone, new Date());
    const { browser, asked, code } = await ask();
    const members = running.connection.collection<{ _id: string }>('identity_members');
    const { passwordHash } = (await members.findOneAndUpdate({ _id: memberId }, { $set: set })) as {
      passwordHash?: unknown;
    };
    const refused = await browser.submit(asked, '/proof', { code });
    expect(refused.text).toContain('お手続きの有効期限が切れました');
    expect(refused.text).not.toContain('/carry-over/password');
    expect(passwordHash).toBeTypeOf('string');
    expect(await members.findOne({ _id: memberId })).toMatchObject({ passwordHash });
    expect(await contacts.ofMember(memberId)).toMatchObject([{ address: telephone.address }]);
  });

  it('is reclaimed by nobody, nor is an operator’s', async () => {
    const made = await running.identity.registerMember({
      mail,
      displayName: 'は',
      password: PASSWORD,
    });
    const operator = { mail: `op-${serial}@example.jp`, displayName: 'お', password: PASSWORD };
    await running.identity.registerMember({ ...operator, duties: ['support'] });
    await running.connection.collection('identity_contacts').deleteMany({ address: operator.mail });
    const before = running.carrier.delivered().length;
    const browser = aBrowser({ leaveAt: APPS });
    for (const address of [mail, operator.mail, 'nobody@example.jp']) {
      const page = await browser.go(`${running.issuer}/carry-over`);
      expect((await browser.submit(page, '/claim', { address })).text).toContain('一致する場合は');
    }
    expect(made).toHaveProperty('memberId');
    expect(running.carrier.delivered()).toHaveLength(before);
    expect((await logIn(external.app, { mail })).back.url).toContain('code=');
  });
});
