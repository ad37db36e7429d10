import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aNewDevice } from '../support/app-login.ts';
import { platformUnderTest, type PlatformUnderTest } from '../support/platform-under-test.ts';

// July 2019: the app told the server the id that a member had at an external provider, and the server believed it.
// Ten digits that could be counted up were a login. Here an id is a name, and never a proof.
const EXTERNAL_ID = 'kumo-001';
let under: PlatformUnderTest;
let memberId: string;
beforeAll(async () => {
  under = await platformUnderTest('external_id_posted');
  // The victim really logs in with their external ID once, so that the id is known and bound to a member.
  const device = await aNewDevice(under);
  const page = await device.open();
  const people = await device.browser.go(`${page.url}/external/kumo`);
  const first = await device.browser.submit(people, new URL(people.url).pathname, {
    person: EXTERNAL_ID,
  });
  const back = await device.browser.submit(first, '/register', { displayName: 'そら' });
  const tokens = await device.redeem(back.url);
  memberId = tokens.claims()!.sub;
  expect(memberId).toMatch(/^mem_/);
});
afterAll(() => under.stop());

interface Said {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}
const send = async (path: string, init: RequestInit = {}): Promise<Said> => {
  const response = await fetch(`${under.platform.urls.identity}${path}`, {
    ...init,
    redirect: 'manual',
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
};
/** Nothing in an answer lets anybody in: no token, no code, no session. */
const letsNobodyIn = ({ text, headers, status }: Said, where: string) => {
  expect(status, where).toBeGreaterThanOrEqual(300);
  expect(text, where).not.toMatch(/"(access|refresh|id)_token"\s*:/);
  expect(headers.get('location') ?? '', where).not.toMatch(/[?&]code=/);
  expect(headers.getSetCookie().join(), where).not.toMatch(/_session=[^;]/);
  expect(text, where).not.toContain(memberId);
};
const ids = () => [
  { sub: EXTERNAL_ID },
  { external_id: EXTERNAL_ID, provider: 'kumo' },
  { provider: 'kumo', provider_user_id: EXTERNAL_ID, code: 'anything' },
  { member_id: memberId },
];

describe('an external ID that is posted without a proof', () => {
  it.each([
    'password',
    'external_id',
    'urn:ietf:params:oauth:grant-type:token-exchange',
    'urn:ietf:params:oauth:grant-type:jwt-bearer',
    'authorization_code',
    'refresh_token',
    'client_credentials',
    '',
  ])('gets no token by the grant %j', async (grant) => {
    for (const id of ids()) {
      const said = await send('/token', {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: grant,
          client_id: 'seven-eleven-app',
          scope: 'openid wallet',
          subject_token: EXTERNAL_ID,
          assertion: EXTERNAL_ID,
          username: EXTERNAL_ID,
          password: '',
          ...id,
        } as Record<string, string>),
      });
      letsNobodyIn(said, grant);
    }
  });

  it.each(['/', '/login', '/external/kumo', '/external/kumo/callback', '/session', '/me', '/reg'])(
    'gets nowhere at %s, as a form, as JSON or in the address',
    async (path) => {
      for (const id of ids()) {
        const form = new URLSearchParams(id as Record<string, string>);
        letsNobodyIn(await send(path, { method: 'POST', body: form }), path);
        letsNobodyIn(
          await send(path, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(id),
          }),
          path,
        );
        const asked = await send(`${path}?${form.toString()}`);
        letsNobodyIn({ ...asked, status: Math.max(asked.status, 300) }, path); // a page may be shown
      }
    },
  );

  it('gets nowhere inside a login that has begun', async () => {
    for (const step of ['/login', '/external/kumo']) {
      const device = await aNewDevice(under);
      const page = await device.open();
      const said = await fetch(`${page.url}${step}`, {
        method: 'POST',
        redirect: 'manual',
        headers: {
          origin: under.platform.urls.identity,
          cookie: device.browser
            .cookies()
            .map(({ name, value }) => `${name}=${value}`)
            .join('; '),
        },
        body: new URLSearchParams({ ...ids()[1], mail: EXTERNAL_ID, password: '' } as Record<
          string,
          string
        >),
      });
      letsNobodyIn(
        {
          status: Math.max(said.status, 300), // the page may be shown again
          text: await said.text(),
          headers: said.headers,
        },
        step,
      );
    }
  });

  it('is nothing that the graph takes: no field of any input is called like it', async () => {
    const { data } = await under.graph.ask<{
      __schema: { types: { name: string; inputFields: { name: string }[] | null }[] };
    }>('{ __schema { types { name inputFields { name } } } }');
    const inputs = data.__schema.types.flatMap(({ name, inputFields }) =>
      (inputFields ?? []).map((field) => `${name}.${field.name}`),
    );
    expect(inputs.length).toBeGreaterThan(10);
    // Operators name the wallet that they freeze and the member whose logins they end; a member names a movement, which has to be their own.
    // Which provider a member takes away is a word of ours, beside their own token.
    // Operators name the member of whom they read the record.
    const known = [
      'AuditFilterInput.memberId',
      'EndSessionsOfMemberInput.memberId',
      'ChangeDutiesInput.memberId',
      'UnlockLoginInput.memberId',
      'FreezeWalletInput.walletId',
      'ReportUnrecognisedInput.subject',
      'UnlinkExternalIdInput.provider',
    ];
    const suspicious = inputs.filter((name) => /external|memberId|walletId|subject/i.test(name));
    expect(suspicious.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('is no bearer of the graph, nor is a member’s id', async () => {
    for (const token of [EXTERNAL_ID.repeat(4), memberId]) {
      const answer = await under.graph.ask('{ wallet { balance } }', {}, token);
      expect(answer.status).toBe(401);
    }
  });
});
