import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aBrowser, type Page } from '../testing/browser.ts';
import { type ExternalLogins, runWithExternalIds } from '../testing/external-logins.ts';
import { aMemberOf, choose } from '../testing/linked-ids.ts';
import { APPS } from '../testing/running-identity.ts';

let external: ExternalLogins;
let serial = 7_000;
let person = '';

beforeAll(async () => {
  external = await runWithExternalIds();
});
afterAll(() => external.stop());
beforeEach(() => {
  person = `kumo-${(serial += 1)}`;
  external.people.push({ sub: person, name: 'くも' });
});

/** To the page of a first login, and no further. */
async function atFirstLogin(who = person) {
  const browser = aBrowser({ leaveAt: APPS });
  const { request, people } = await external.toProvider(browser);
  return { browser, request, page: await choose(browser, people, who) };
}
const count = (name: string, filter: object = {}) =>
  external.running.connection.collection(name).countDocuments(filter);
const bare = ({ text }: Page) =>
  text.replace(/\/interaction\/[\w-]+/g, '').replace(/name="form" value="[^"]*"/g, '');

describe('a first login by an external ID', () => {
  it('makes no member until the person says that they are new', async () => {
    const before = await count('identity_members');
    const { browser, request, page } = await atFirstLogin();
    expect(page.text).toContain('まだ7iDと連携していません');
    expect(page.text).toContain('href="/linked"');
    expect([await count('identity_members'), page.url.includes('code=')]).toEqual([before, false]);
    const back = await browser.submit(page, '/register', { displayName: 'そら' });
    expect(decodeJwt((await request.redeem(back)).access_token)).toMatchObject({
      acr: 'urn:7id:acr:1',
      amr: ['fed:kumo'],
    });
    expect(await count('identity_members', { displayName: 'そら' })).toBe(1);
  });

  it('neither links nor tells when its mail address is that of a member, whatever the provider calls verified', async () => {
    const member = await aMemberOf(external);
    const stranger = `kumo-${(serial += 1)}`;
    external.people.push({ sub: stranger, name: 'くも', mail: 'nobody-has-this@example.jp' });
    external.people.find(({ sub }) => sub === person)!.mail = member.mail;
    const [same, other] = [await atFirstLogin(), await atFirstLogin(stranger)];
    expect(bare(same.page)).toBe(bare(other.page));
    const back = await same.browser.submit(same.page, '/register', { displayName: 'だれか' });
    const { sub } = decodeJwt((await same.request.redeem(back)).access_token);
    expect(sub).not.toBe(member.memberId);
    expect(await count('identity_externalIds', { memberId: member.memberId })).toBe(0);
    const made = external.running.connection.collection<{ _id: string; mail?: string }>(
      'identity_members',
    );
    expect((await made.findOne({ _id: String(sub) }))?.mail).toBeUndefined();
  });

  it('leads who has a 7iD to log in there and link it', async () => {
    const member = await aMemberOf(external);
    const { browser, page } = await atFirstLogin();
    expect(page.text).toContain('ログインして連携する');
    expect((await browser.go(member.linked)).text).toContain('autocomplete="current-password"');
    await member.linkAs(await member.ready(), person);
    const { access_token: token } = await (await external.logInAs(person)).redeem();
    expect(decodeJwt(token).sub).toBe(member.memberId);
  });

  it('asks again for a name that does not do, and is used up by one that does', async () => {
    const { browser, page } = await atFirstLogin();
    const again = await browser.submit(page, '/register', { displayName: ' ' });
    expect([again.status, again.text.includes('1文字以上')]).toEqual([400, true]);
    await browser.submit(again, '/register', { displayName: 'そら' });
    const late = await browser.submit(page, '/register', { displayName: 'そら' });
    expect(late.url).not.toContain('code=');
  });

  it('is of no use to another browser', async () => {
    const { page } = await atFirstLogin();
    const thief = aBrowser({ leaveAt: APPS });
    const stolen = await thief.submit(page, '/register', { displayName: 'そら' });
    expect(stolen.status).toBe(400);
    expect((await thief.go(page.url)).status).toBe(400);
  });

  it('ends when the provider is stopped in between', async () => {
    const { browser, page } = await atFirstLogin();
    external.running.controls.close('login.external.kumo');
    const refused = await browser.submit(page, '/register', { displayName: 'そら' });
    external.running.controls.open('login.external.kumo');
    expect(refused.text).toContain('FUNCTION_CLOSED');
    expect(await count('identity_externalIds', { subject: person })).toBe(0);
  });
});
