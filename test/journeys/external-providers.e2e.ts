import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerIfNew } from '../../identity/src/testing/external-logins.ts';
import { aNewDevice } from '../support/app-login.ts';
import { platformUnderTest, type PlatformUnderTest } from '../support/platform-under-test.ts';

let under: PlatformUnderTest;
beforeAll(async () => {
  under = await platformUnderTest('external_providers');
});
afterAll(() => under.stop());

/** Logs in at a provider of the sandbox, as a person without script does. */
async function logInBy(key: string, person: string) {
  const device = await aNewDevice(under);
  const start = await device.open();
  const people = await device.browser.go(`${start.url}/external/${key}`);
  const chosen = await device.browser.submit(people, new URL(people.url).pathname, { person });
  const isForm = chosen.text.includes('name="state"');
  const answer = isForm ? await device.browser.submit(chosen, '/callback') : chosen;
  const back = await registerIfNew(device.browser, answer);
  return { isForm, claims: decodeJwt((await device.redeem(back.url)).access_token) };
}

describe('the well-known providers of the sandbox', () => {
  it.each(['line', 'yahoo', 'google', 'apple'])(
    'log their people in, the same member each time: %s',
    async (key) => {
      const first = await logInBy(key, `${key}-001`);
      const again = await logInBy(key, `${key}-001`);
      const other = await logInBy(key, `${key}-002`);
      expect(first.claims).toMatchObject({ acr: 'urn:7id:acr:1', amr: [`fed:${key}`] });
      expect(first.isForm).toBe(key === 'apple');
      expect([again.claims.sub, other.claims.sub === first.claims.sub]).toEqual([
        first.claims.sub,
        false,
      ]);
    },
  );
});
