import type { Log } from '@7pay/telemetry';
import { afterEach, describe, expect, it } from 'vitest';
import { APPS, runIdentity, type RunningIdentity } from '../testing/running-identity.ts';

let running: RunningIdentity;
let lines: { event: string; facts: Record<string, unknown> }[] = [];
const log: Log = {
  info: () => {},
  warn: (event, facts) => lines.push({ event, facts: { ...facts } }),
  error: () => {},
  child: () => log,
};
afterEach(() => running.stop());

/** The page for a redirect URI that `partner-recipes` has not registered, and its line in the log. */
async function refused(redirectUri: string, language: string, issuer?: string) {
  lines = [];
  running = await runIdentity({ log, ...(issuer === undefined ? {} : { issuer }) });
  const address = new URL('/auth', running.url);
  address.search = new URLSearchParams({
    client_id: 'partner-recipes',
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid',
  }).toString();
  const response = await fetch(address, {
    redirect: 'manual',
    headers: { accept: 'text/html', 'accept-language': language },
  });
  const reading = lines.find(({ event }) => event === 'identity.refused');
  return { status: response.status, text: await response.text(), facts: reading?.facts };
}
const REGISTERED = `${APPS}recipes/callback`;

describe('the page for a redirect URI that is not registered', () => {
  it('says on one’s own machine what was asked, what is registered and what differs', async () => {
    const { status, text } = await refused(`${REGISTERED}/`, 'en');
    expect(status).toBe(400);
    expect(text).toContain(`<code>${REGISTERED}/</code>`);
    expect(text).toContain('the slash at the end');
    expect(text).toContain(`<code>${REGISTERED}</code>`);
  });

  it('shows elsewhere only what was asked and the kind of difference; the rest is in the log', async () => {
    const asked = 'https://recipes.example/callback?code=secret&x=<b>';
    const { status, text, facts } = await refused(asked, 'ja', 'https://id.example');
    expect(status).toBe(400);
    expect(text).toContain(
      'スキーム（http / https）、ホスト名、ポート番号、パス、クエリー（?以降）',
    );
    expect(text).toContain('https://recipes.example/callback?code=secret&amp;x=&lt;b');
    expect(text).not.toContain(APPS);
    expect(text).toContain(String(facts?.['reference']));
    expect(facts).toMatchObject({
      clientId: 'partner-recipes',
      asked: 'https://recipes.example/callback',
      differences: 'SCHEME,HOST,PORT,PATH,QUERY',
      registered: REGISTERED,
    });
  });
});
