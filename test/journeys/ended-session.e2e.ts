import { isRefused } from '@7pay/refusals';
import { eventually, openEvents } from '@7pay/testing';
import { buildEndSessionUrl, refreshTokenGrant, tokenRevocation } from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anotherGateway } from '../support/another-gateway.ts';
import { aNewDevice } from '../support/app-login.ts';
import { platformUnderTest, type PlatformUnderTest } from '../support/platform-under-test.ts';

// A token that was given out for what has ended since is refused by every gateway, though its signature and its time hold.
const PASSWORD = 'ume-no-hana-saku-koro';
let under: PlatformUnderTest;
let other: Awaited<ReturnType<typeof anotherGateway>>;
let operator: string;
let serial = 0;
beforeAll(async () => {
  under = await platformUnderTest('ended_session');
  other = await anotherGateway(under);
  operator = await under.mint.operator('mem_operator');
});
afterAll(async () => {
  await other.stop();
  await under.stop();
});

async function aPerson() {
  serial += 1;
  const mail = `ended${serial}@example.com`;
  const person = { mail, displayName: '終', password: PASSWORD, roles: [] };
  const made = await under.platform.identity.registerMember(person);
  if (isRefused(made)) throw new Error('a member can register');
  return { mail, memberId: made.memberId };
}

/** Logs in on a device of its own, and asks with what came of it. */
async function logIn({ mail }: { mail: string }) {
  const device = await aNewDevice(under, 'openid account');
  const page = await device.open();
  const back = await device.browser.submit(page, '/login', { mail, password: PASSWORD });
  const tokens = await device.redeem(back.url);
  const statuses = (token = tokens.access_token) =>
    Promise.all(
      [under.platform.urls.gateway, other.url].map(
        async (at) => (await device.ask(token, '{ me { id } }', at)).status,
      ),
    );
  expect(await statuses()).toEqual([200, 200]); // and is kept by both as verified
  return {
    device,
    tokens,
    backAt: back.url,
    statuses,
    mutate: async (mutation: string) =>
      (await device.ask<{ result: { __typename: string } }>(tokens.access_token, mutation)).data
        .result.__typename,
  };
}
type LoggedIn = Awaited<ReturnType<typeof logIn>>;

async function isRefusedEverywhere({ statuses }: LoggedIn, what: string) {
  const start = performance.now();
  await eventually(async () => (await statuses()).every((status) => status === 401));
  // A figure for whoever reads the run: that it is refused decides, not how soon.
  const tookMs = (performance.now() - start).toFixed(0);
  process.stdout.write(`${what}: two gateways refuse after ${tookMs} ms (aim 1000)\n`);
}

describe('an access token that is out', () => {
  it('ends when the member ends its session elsewhere; the session that did it goes on', async () => {
    const person = await aPerson();
    const [lost, mine] = [await logIn(person), await logIn(person)];
    const { data } = await mine.device.ask<{
      me: { sessions: { id: string; isCurrent: boolean }[] };
    }>(mine.tokens.access_token, '{ me { sessions { id isCurrent } } }');
    const id = data.me.sessions.find(({ isCurrent }) => !isCurrent)?.id;
    expect(await mine.mutate(`mutation { result: endMySession(id: "${id}") { __typename } }`)).toBe(
      'MySessionEnded',
    );
    await isRefusedEverywhere(lost, 'a session that was ended');
    expect(await mine.statuses()).toEqual([200, 200]);
  });

  it('ends when its member logs out', async () => {
    const left = await logIn(await aPerson());
    const { browser, configuration } = left.device;
    const out = buildEndSessionUrl(configuration, { id_token_hint: left.tokens.id_token ?? '' });
    const page = await browser.go(out);
    await browser.submit(page, '/session/end/confirm', { logout: 'yes' });
    await isRefusedEverywhere(left, 'a logout');
  });

  it('ends when an operator ends the logins of its member, who logs in again at once', async () => {
    const person = await aPerson();
    const ended = await logIn(person);
    const neighbour = await logIn(await aPerson());
    const { data } = await under.graph.ask<{ result: { __typename: string } }>(
      'mutation ($input: EndSessionsOfMemberInput!) { result: endSessionsOfMember(input: $input) { __typename } }',
      { input: { memberId: person.memberId, reason: 'a phone was lost' } },
      operator,
    );
    expect(data.result.__typename).toBe('SessionsEnded');
    await isRefusedEverywhere(ended, 'all logins of a member');
    await logIn(person);
    expect(await neighbour.statuses()).toEqual([200, 200]);
  });

  it('ends when its code comes back, and when its refresh token is revoked; other logins go on', async () => {
    const person = await aPerson();
    const [replayed, revoked, third] = [
      await logIn(person),
      await logIn(person),
      await logIn(person),
    ];
    await expect(replayed.device.redeem(replayed.backAt)).rejects.toThrow();
    await isRefusedEverywhere(replayed, 'a code that came back');
    await tokenRevocation(revoked.device.configuration, revoked.tokens.refresh_token ?? '');
    await isRefusedEverywhere(revoked, 'a refresh token that was revoked');
    expect(await third.statuses()).toEqual([200, 200]);
    const renewed = await refreshTokenGrant(
      third.device.configuration,
      third.tokens.refresh_token ?? '',
      {},
      third.device.binding(),
    );
    expect(await third.statuses(renewed.access_token)).toEqual([200, 200]);
  });

  it('ends in the middle of a subscription', async () => {
    const { memberId } = await aPerson();
    const token = await under.mint.member(memberId, {
      auth_time: Math.floor(Date.now() / 1_000) - 60,
    });
    const query = 'subscription { payment: myPaymentChanged { id } }';
    const url = `${under.platform.urls.gateway}/graphql`;
    const events = await openEvents<unknown>(url, { query, variables: {} }, { token });
    await under.graph.ask(
      'mutation ($input: EndSessionsOfMemberInput!) { endSessionsOfMember(input: $input) { __typename } }',
      { input: { memberId, reason: 'a phone was lost' } },
      operator,
    );
    expect((await events.rest()).at(-1)).toMatchObject({ data: { reason: 'TOKEN_ENDED' } });
  });
});
