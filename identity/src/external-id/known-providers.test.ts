import type { ExternalIdFault } from '@7pay/sandbox';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aBrowser } from '../testing/browser.ts';
import { KNOWN, keyOf, runWithKnownProviders } from '../testing/known-providers.ts';

type Known = Awaited<ReturnType<typeof runWithKnownProviders>>;
let known: Known;
beforeAll(async () => {
  known = await runWithKnownProviders();
});
afterAll(() => known.stop());
beforeEach(() => known.setFault(null));

const FAULTS: readonly ExternalIdFault[] = [
  'wrong-issuer',
  'other-spelling',
  'wrong-audience',
  'more-audiences',
  'other-party',
  'no-subject',
  'wrong-nonce',
  'no-nonce',
  'expired',
  'from-the-future',
  'old',
  'unsigned',
  'public-key-as-secret',
  'wrong-key',
  'unknown-key',
  'key-in-header',
  'wrong-access-token-hash',
  'answers-as-another',
];

describe.each(KNOWN)('a provider that speaks like %s', (kind) => {
  it('logs its people in, as one factor, whatever the settings promise', async () => {
    const first = decodeJwt((await (await known.logInAs(kind)).redeem()).access_token);
    const again = decodeJwt((await (await known.logInAs(kind)).redeem()).access_token);
    expect(first).toMatchObject({ acr: 'urn:7id:acr:1', amr: [`fed:${keyOf(kind)}`] });
    expect(again.sub).toBe(first.sub);
  });

  it.each(FAULTS)('logs nobody in when its answer is %s', async (fault) => {
    known.setFault(fault);
    const { back, browser } = await known.logInAs(kind);
    expect(back.status).toBe(400);
    expect(back.text).toContain('EXTERNAL_ID_REJECTED');
    expect(known.refusals).toHaveLength(1);
    expect((await browser.go((await known.app.request({ prompt: 'none' })).url)).url).toContain(
      'login_required',
    );
  });

  it('takes an answer once', async () => {
    const callback = `${known.running.issuer}/external/`;
    const browser = aBrowser({ leaveAt: callback });
    const { people } = await known.toProvider(kind, browser);
    const left = await browser.submit(people, new URL(people.url).pathname, { person: 'p-1' });
    const form = [...left.text.matchAll(/name="(\w+)" value="([^"]*)"/g)];
    const body = new URLSearchParams(form.map(([, name = '', value = '']) => [name, value]));
    const cookie = browser
      .cookies()
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
    const send = async () => {
      const headers = { cookie, accept: 'text/html' };
      const come = kind === 'apple' ? { method: 'POST', body } : {};
      const url = kind === 'apple' ? `${callback}apple/callback` : left.url;
      const on = await fetch(url, { ...come, headers, redirect: 'manual' });
      const to = new URL(on.headers.get('location') ?? '', url);
      return fetch(to, { headers, redirect: 'manual' });
    };
    expect((await send()).status).toBe(303);
    const again = await send();
    expect(again.status).toBe(400);
    expect(await again.text()).toContain('EXTERNAL_ID_REJECTED');
    expect(known.refusals).toEqual([]); // the provider was not even asked
  });
});

describe('what a profile says and another does not', () => {
  it('is that a secret signs: nobody but LINE may', async () => {
    known.setFault('secret-as-key');
    const codes: Record<string, number> = {};
    for (const kind of KNOWN) codes[kind] = (await known.logInAs(kind, 'p-2')).back.status;
    expect(codes).toEqual({ plain: 400, line: 0, 'yahoo-japan': 400, google: 400, apple: 400 });
  });

  it('is that at_hash is there: Yahoo! JAPAN always gives it', async () => {
    known.setFault('no-access-token-hash');
    const codes: Record<string, number> = {};
    for (const kind of KNOWN) codes[kind] = (await known.logInAs(kind, 'p-2')).back.status;
    expect(codes).toEqual({ plain: 0, line: 0, 'yahoo-japan': 400, google: 0, apple: 0 });
  });

  it('is how it answers: Apple by a form and nothing else, the others by a link', async () => {
    for (const kind of KNOWN) {
      const url = `${known.running.issuer}/external/${keyOf(kind)}/callback`;
      const answer = new URLSearchParams({ code: 'c', state: `${'u'.repeat(20)}.s` });
      const get = await fetch(`${url}?${answer}`, { redirect: 'manual' });
      const post = await fetch(url, { method: 'POST', body: answer, redirect: 'manual' });
      expect([get.status, post.status], kind).toEqual(kind === 'apple' ? [404, 303] : [303, 404]);
    }
  });

  it('hands on no more of a form than code, state, issuer and error, and each once', async () => {
    const url = `${known.running.issuer}/external/apple/callback`;
    const form = new URLSearchParams({ code: 'c', state: `${'u'.repeat(20)}.s`, user: '{"x":1}' });
    form.append('code', 'another');
    const { headers } = await fetch(url, { method: 'POST', body: form, redirect: 'manual' });
    const query = new URL(headers.get('location') ?? '', url).searchParams;
    expect([...query.keys()]).toEqual(['state']);
  });
});
