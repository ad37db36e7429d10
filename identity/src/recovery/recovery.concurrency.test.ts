import { isRefused } from '@7pay/refusals';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { aBrowser, type Browser, type Page } from '../testing/browser.ts';
import { anApp, type App, logIn, PASSWORD, runIdentity } from '../testing/running-identity.ts';
import type { RunningIdentity } from '../testing/running-identity.ts';

let running: RunningIdentity;
let app: App;
let count = 0;

beforeAll(async () => {
  running = await runIdentity();
  app = await anApp(running.issuer, 'seven-eleven-app');
});
afterAll(() => running.stop());

async function aMember() {
  const mail = `race-${(count += 1)}@example.jp`;
  const made = await running.identity.registerMember({
    mail,
    displayName: 'りく',
    password: PASSWORD,
  });
  if (isRefused(made)) throw new Error(made.refused);
  return { mail, memberId: made.memberId };
}
const codeTo = async (mail: string): Promise<string> => {
  const code = await vi.waitFor(
    () => {
      const found = /\d{6}/.exec(running.carrier.inbox(mail).at(-1)?.text ?? '')?.[0];
      if (!found) throw new Error('no code yet');
      return found;
    },
    { timeout: 20_000 },
  );
  return code;
};
async function asked(mail: string) {
  const browser = aBrowser();
  const request = await app.request();
  const login = await browser.go(request.url);
  const form = await browser.go(`${login.url}/forgot`);
  const page = await browser.submit(form, '/forgot', { mail });
  return { browser, request, page, code: await codeTo(mail) };
}
/** Posts a form of a page to whichever process listens there, as a proxy in front of both would. */
async function postTo(
  origin: string,
  { browser, page }: { browser: Browser; page: Page },
  [actionEnds, fields]: readonly [string, Record<string, string>],
): Promise<{ status: number; location: string | null; text: string }> {
  const action = new RegExp(`action="([^"]*${actionEnds})"`).exec(page.text)?.[1] ?? '';
  const form = /name="form" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
  const answer = await fetch(new URL(action, origin), {
    method: 'POST',
    redirect: 'manual',
    headers: {
      origin: running.issuer,
      accept: 'text/html',
      'accept-language': 'ja',
      cookie: browser
        .cookies()
        .map(({ name, value }) => `${name}=${value}`)
        .join('; '),
    },
    body: new URLSearchParams({ form, ...fields }),
  });
  const { status, headers } = answer;
  return { status, location: headers.get('location'), text: await answer.text() };
}

describe('a forgotten password in two processes', () => {
  it('is set once by 32 that finish at once, and its code proves once by 32', async () => {
    const person = await aMember();
    const twin = await running.twin();
    const { browser, page, code } = await asked(person.mail);
    const both = [running.url, twin.url];
    const proofs = await Promise.all(
      Array.from({ length: 32 }, (_, n) =>
        postTo(both[n % 2] ?? '', { browser, page }, ['/forgot/code', { code }]),
      ),
    );
    const proven = proofs.filter(({ text }) => text.includes('/reset/password'));
    expect(proven).toHaveLength(1);
    const next = { ...page, text: proven[0]?.text ?? '' };
    const passwords = Array.from({ length: 32 }, (_, n) => `another harbour in autumn ${n}`);
    const finished = await Promise.all(
      passwords.map((password, n) =>
        postTo(both[n % 2] ?? '', { browser, page: next }, ['/reset/password', { password }]),
      ),
    );
    const winners = finished.flatMap(({ status }, n) => (status === 303 ? [passwords[n]] : []));
    expect(winners).toHaveLength(1);
    expect(finished.filter(({ status }) => status >= 500 && status !== 503)).toEqual([]);
    const outbox = running.connection.collection('events_outbox');
    const told = { name: 'identity.password.recovered.v1', 'body.memberId': person.memberId };
    expect(await outbox.countDocuments(told)).toBe(1);
    const login = await logIn(app, { ...person, password: winners[0] ?? '' });
    expect(login.back.url).toContain('code=');
    await twin.stop();
  }, 90_000);

  it('goes on in the one process when the other, to which the code came, is gone', async () => {
    const person = await aMember();
    const twin = await running.twin();
    const { browser, page, code } = await asked(person.mail);
    const proven = await postTo(twin.url, { browser, page }, ['/forgot/code', { code }]);
    await twin.stop();
    const next = { ...page, text: proven.text };
    const back = await browser.submit(next, '/reset/password', {
      password: 'another harbour in autumn',
    });
    expect(back.url).toContain('code=');
  });
});
