import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aBrowser, type Browser } from '../testing/browser.ts';
import {
  type ExternalLogins,
  isLoginPage,
  runWithExternalIds,
} from '../testing/external-logins.ts';
import { aMemberOf, choose } from '../testing/linked-ids.ts';
import { APPS } from '../testing/running-identity.ts';

let external: ExternalLogins;
let running: ExternalLogins['running'];
let serial = 5_000;
let person = '';

beforeAll(async () => {
  external = await runWithExternalIds();
  ({ running } = external);
});
afterAll(() => external.stop());
beforeEach(() => {
  external.setFault(null);
  person = `kumo-${(serial += 1)}`;
  external.people.push({ sub: person, name: 'くも' });
});

const links = (memberId: string) =>
  running.connection
    .collection('identity_externalIds')
    .find({ memberId }, { projection: { _id: 0, provider: 1, subject: 1 } })
    .toArray();
const news = async (memberId: string) =>
  (
    await running.connection
      .collection('events_outbox')
      .find({ name: 'identity.external-id.changed.v1', 'body.memberId': memberId })
      .toArray()
  ).map(({ body }) => (body as { change: string }).change);

describe('linking an external ID', () => {
  it('asks for a login, then for a second factor, and then the ID opens the account', async () => {
    const member = await aMemberOf(external);
    const page = await member.logIn();
    expect(page.text).toContain('外部IDの連携');
    const stepUp = await member.ask(page);
    expect(stepUp.text).toContain('パスキーの登録');
    const done = await member.linkAs(await member.enrol(stepUp), person);
    expect(done.text).toContain('連携しました');
    expect(await links(member.memberId)).toEqual([{ provider: 'kumo', subject: person }]);
    expect(await news(member.memberId)).toEqual(['LINKED']);
    const tokens = await (await external.logInAs(person)).redeem();
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      sub: member.memberId,
      acr: 'urn:7id:acr:1',
    });
    expect((await member.browser.go(member.linked)).text).toContain('最後のログイン');
  });

  it('is not begun by a login that is older than five minutes', async () => {
    const member = await aMemberOf(external);
    const page = await member.ready();
    const sessions = running.connection.collection<{ payload: string }>('identity_session');
    const session = await sessions.findOne({ accountId: member.memberId });
    const payload = JSON.parse(session?.payload ?? '{}') as { loginTs: number };
    const older = JSON.stringify({ ...payload, loginTs: payload.loginTs - 301 });
    await sessions.updateOne({ accountId: member.memberId }, { $set: { payload: older } });
    const asked = await member.ask(page);
    expect(isLoginPage(asked)).toBe(true);
  });

  it('is not begun by a link of anybody else', async () => {
    const member = await aMemberOf(external);
    await member.ready();
    for (const query of ['', '?form=', `?form=${'x'.repeat(43)}`]) {
      const page = await member.browser.go(`${member.linked}/kumo/link${query}`);
      expect([page.status, page.url.includes('/login/')]).toEqual([400, false]);
    }
  });

  it('is not begun by the link of another session', async () => {
    const [member, other] = [await aMemberOf(external), await aMemberOf(external)];
    await member.ready();
    const link = /href="(\/linked\/kumo\/link[^"]*)"/.exec((await other.ready()).text)?.[1];
    const page = await member.browser.go(new URL(link ?? '', member.linked));
    expect(page.status).toBe(400);
  });

  it('is refused in one sentence when the ID is linked to another member, and tells nobody', async () => {
    const [first, second] = [await aMemberOf(external), await aMemberOf(external)];
    await first.linkAs(await first.ready(), person);
    const page = await second.linkAs(await second.ready(), person);
    expect(page.status).toBe(400);
    expect(page.text).toContain('この外部IDは連携できません');
    expect(page.text).not.toContain(first.mail);
    expect(page.text).not.toContain(first.memberId);
    expect(await links(second.memberId)).toEqual([]);
    expect(await news(second.memberId)).toEqual([]);
  });

  it('gives the ID to one member when two ask at once', async () => {
    const both = [await aMemberOf(external), await aMemberOf(external)];
    const lists = await Promise.all(both.map(async (one) => one.ask(await one.ready())));
    await Promise.all(both.map((one, at) => choose(one.browser, lists[at]!, person)));
    const linked = await Promise.all(both.map(({ memberId }) => links(memberId)));
    expect(linked.flat()).toHaveLength(1);
  });

  it('changes nothing when it is done again, and takes one ID of a provider', async () => {
    const member = await aMemberOf(external);
    await member.linkAs(await member.ready(), person);
    const another = `kumo-${(serial += 1)}`;
    external.people.push({ sub: another, name: 'くも' });
    // The page offers no second one; whoever kept an older page is told why. The provider has forgotten the browser.
    member.browser.forget();
    await member.logIn();
    await member.confirm(await aPageFromBefore(member));
    const page = await aPageFromBefore(member);
    expect((await choose(member.browser, page, another)).text).toContain('先に解除してください');
    expect(await links(member.memberId)).toEqual([{ provider: 'kumo', subject: person }]);
    expect(await news(member.memberId)).toEqual(['LINKED']);
  });

  it('is refused when the answer comes to another browser, a second time, or after a wrong token', async () => {
    const attacker = await aMemberOf(external);
    const victim = await aMemberOf(external);
    await victim.ready();
    const stays = aBrowser({ leaveAt: `${running.issuer}/external/` });
    const list = await attacker.ask(await attacker.ready());
    // The attacker stops at the way back and has the victim follow it.
    const answer = await answerOf(attacker.browser, list);
    expect((await victim.browser.go(answer)).text).toContain('確認できませんでした');
    expect(await links(victim.memberId)).toEqual([]);
    expect((await attacker.browser.go(answer)).text).toContain('確認できませんでした'); // it is used up
    expect(await links(attacker.memberId)).toEqual([]);
    expect((await stays.go(answer)).url).toContain('/external/'); // whoever is not logged in is asked to
    external.setFault('wrong-nonce');
    const page = await attacker.linkAs(await attacker.browser.go(attacker.linked), person);
    expect(page.text).toContain('確認できませんでした');
    expect(await links(attacker.memberId)).toEqual([]);
  });

  it('is not finished once the provider is stopped, and offers no dead button', async () => {
    const member = await aMemberOf(external);
    const list = await member.ask(await member.ready());
    running.controls.close('login.external.kumo');
    try {
      const page = await choose(member.browser, list, person);
      expect(page.status).toBe(400);
      expect(page.text).toContain('停止中です。ただいま使えません');
      expect(page.text).not.toContain('/linked/kumo/link');
      expect(await links(member.memberId)).toEqual([]);
    } finally {
      running.controls.open('login.external.kumo');
    }
  });

  async function aPageFromBefore(member: Awaited<ReturnType<typeof aMemberOf>>) {
    const { text, ...rest } = await member.browser.go(member.linked);
    const token = /name="form" value="([^"]*)"/.exec(text)?.[1] ?? '';
    return member.ask({ ...rest, text: `<a href="/linked/kumo/link?form=${token}">` });
  }

  async function answerOf(browser: Browser, list: { url: string; text: string }) {
    const cookie = browser
      .cookies()
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
    const headers = { cookie, 'content-type': 'application/x-www-form-urlencoded' };
    const body = new URLSearchParams({ person });
    const init = { method: 'POST', headers, body, redirect: 'manual' } as const;
    const on = (await fetch(list.url, init)).headers.get('location') ?? '';
    const back = await fetch(new URL(on, list.url), { headers: { cookie }, redirect: 'manual' });
    return back.headers.get('location') ?? '';
  }
});

describe('unlinking on the page', () => {
  it('takes the way in away, ends every login and is told', async () => {
    const member = await aMemberOf(external);
    const page = await member.linkAs(await member.ready(), person);
    await new Promise((resolve) => setTimeout(resolve, 1_100)); // logins are told apart by seconds
    const done = await member.browser.submit(page, '/linked/kumo/unlink');
    expect(done.text).toContain('連携を解除しました');
    expect(await links(member.memberId)).toEqual([]);
    expect(await news(member.memberId)).toEqual(['LINKED', 'UNLINKED']);
    expect(isLoginPage(await member.browser.go(member.linked))).toBe(true);
    expect(decodeJwt((await (await external.logInAs(person)).redeem()).access_token).sub).not.toBe(
      member.memberId,
    );
  });

  it('is not offered for the last way in, and refused to whoever asks all the same', async () => {
    await (await external.logInAs(person)).redeem();
    const browser = aBrowser({ leaveAt: APPS });
    const start = await browser.go(`${running.issuer}/linked`);
    const page = await choose(browser, await browser.go(`${start.url}/external/kumo`), person);
    expect(page.text).toContain('まだ解除できません');
    expect(page.text).toContain('href="/carry-over"');
    expect(page.text).not.toContain('/unlink"');
  });
});
