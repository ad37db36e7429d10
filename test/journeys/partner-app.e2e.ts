import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DEMO } from '@7pay/platform';
import { eventually } from '@7pay/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aBrowser } from '../../identity/src/testing/browser.ts';
import { platformUnderTest, type PlatformUnderTest } from '../support/platform-under-test.ts';

const REGISTER = `mutation($input: RegisterClientInput!) { result: registerClient(input: $input) { ... on ClientSecretMade { secret client { id } } } }`;
let under: PlatformUnderTest;
let app: ChildProcess;
let own: string;
let said = '';
beforeAll(async () => {
  under = await platformUnderTest('partner_app');
  own = `http://localhost:${await freePort()}`;
  const { id, secret } = await registered(`${own}/callback`);
  app = spawn(process.execPath, ['examples/partner-app/main.ts'], {
    env: {
      ...process.env,
      ISSUER: under.platform.urls.identity,
      CLIENT_ID: id,
      CLIENT_SECRET: secret,
      OWN_URL: own,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [app.stdout, app.stderr]) stream?.on('data', (text) => (said += text));
  await eventually(async () => {
    if (app.exitCode !== null) throw new Error(said);
    return said.includes('listening');
  }, 20_000);
});
afterAll(async () => {
  app?.kill();
  if (app && app.exitCode === null && app.signalCode === null) await once(app, 'exit');
  await under.stop();
});

describe('the example of a partner’s app', () => {
  it('greets a member by name, under an id that only this partner sees', async () => {
    const { home } = await logIn(DEMO.members[0]);
    expect(home.url).toBe(`${own}/`);
    expect(home.text).toContain(`Hello ${DEMO.members[0].displayName}.`);
    const sub = /you are ([\w-]{43})\./.exec(home.text)?.[1];
    const members = under.platform.connection.collection<{ _id: string }>('identity_members');
    const member = await members.findOne({ mail: DEMO.members[0].mail });
    expect(sub).not.toBe(member?._id);
    expect((await logIn(DEMO.members[0])).home.text).toContain(sub);
  });

  it('refuses an answer with another state, and greets nobody', async () => {
    const { browser, back } = await toTheAnswer(DEMO.members[0]);
    const refused = await browser.go(answer(back, 'state-of-somebody-else'));
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('could not be finished');
    expect((await browser.go(own)).text).toContain('<p>Hello.</p>');
    // The same browser cannot try the right one afterwards: an answer is taken once.
    expect((await browser.go(answer(back))).status).toBe(400);
  });

  it('takes the same answer with its own state', async () => {
    const { browser, back } = await toTheAnswer(DEMO.members[0]);
    expect((await browser.go(answer(back))).text).toContain('Hello 佐藤 花子.');
  });

  it('refuses the answer of another browser', async () => {
    const { back } = await toTheAnswer(DEMO.members[0]);
    const refused = await aBrowser({ leaveAt: 'about:' }).go(back);
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('was not begun here');
  });

  it('says nothing of codes and tokens', () => {
    expect(said).toMatch(/^listening at \S+\n(ClientError\n)?/);
    expect(said).not.toMatch(/code=|eyJ|state-of-somebody-else/);
  });
});

/** Logs in and agrees; stops in front of the address to which 7iD sends the browser back. */
async function toTheAnswer({ mail }: { mail: string }) {
  const browser = aBrowser({ leaveAt: `${own}/callback?code=` });
  const login = await browser.go(`${own}/login`);
  const page = await browser.submit(login, '/login', { mail, password: DEMO.password });
  const done = page.text.includes('/consent') ? await browser.submit(page, '/consent') : page;
  return { browser, back: done.url };
}

/** The answer as a browser would open it, with this state; its parameters in another order, so that ours goes on. */
function answer(back: string, state?: string): URL {
  const { searchParams } = new URL(back);
  const changed = new URL(`${own}/callback`);
  changed.searchParams.set('state', state ?? searchParams.get('state') ?? '');
  for (const [name, value] of searchParams) {
    if (name !== 'state') changed.searchParams.set(name, value);
  }
  return changed;
}

async function logIn(person: { mail: string }) {
  const browser = aBrowser({ leaveAt: 'about:' });
  const login = await browser.go(`${own}/login`);
  const page = await browser.submit(login, '/login', { ...person, password: DEMO.password });
  return { home: await browser.submit(page, '/consent') };
}

/** Registers an app as a partner does; returns what it is started with. */
async function registered(redirectUri: string): Promise<{ id: string; secret: string }> {
  const partner = await under.mint.member('mem_partner', { acr: 'urn:7id:acr:2' });
  const input = {
    nameJa: 'レシピ手帖の見本',
    nameEn: 'Example of recipe notes',
    redirectUris: [redirectUri],
    kind: 'CODE',
  };
  const { data } = await under.graph.ask<{
    result: { client: { id: string }; secret: string };
  }>(REGISTER, { input }, partner);
  return { id: data.result.client.id, secret: data.result.secret };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
