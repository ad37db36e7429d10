import { createHash } from 'node:crypto';
import { randomIds } from '@7pay/ids';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platformUnderTest, type PlatformUnderTest } from '../support/platform-under-test.ts';
import { axeFaults, ON_A_PHONE } from './axe-faults.ts';
import { aPerson, chromiumPath, launch } from './chromium.ts';
import { scrollsSideways } from './scrolls-sideways.ts';

const LOCALES = [
  { locale: 'ja-JP', scheme: 'light', person: 0 },
  { locale: 'en-GB', scheme: 'dark', person: 1 },
] as const;

describe.skipIf(chromiumPath === undefined)('the pages of external IDs', () => {
  let under: PlatformUnderTest;
  let browser: Browser;
  beforeAll(async () => {
    [under, browser] = await Promise.all([platformUnderTest('external_ids'), launch()]);
  });
  afterAll(async () => {
    await browser.close();
    await under.stop();
  });
  const at = (path: string) => `${under.platform.urls.identity}${path}`;

  const violations = (page: Page) => axeFaults(page, ON_A_PHONE);

  function loginAddress(): string {
    const redirectUri = `${under.platform.urls.gateway}/wallet/callback`;
    const parameters = new URLSearchParams({
      client_id: 'seven-eleven-app',
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'openid profile points',
      code_challenge: createHash('sha256').update('v'.repeat(50)).digest('base64url'),
      code_challenge_method: 'S256',
      state: 'state-of-the-test',
    });
    return at(`/auth?${parameters}`);
  }

  /** A phone of 375 px, and what is looked at on each page: what axe finds, the language, and that nothing sticks out. */
  async function aPhone({ locale, scheme }: (typeof LOCALES)[number]) {
    const { page, context, complaints } = await aPerson(browser, { locale, width: 375 });
    await page.emulateMedia({ colorScheme: scheme });
    const faults: Record<string, string[]> = {};
    const look = async (name: string) => {
      await page.getByRole('heading', { level: 1 }).waitFor();
      faults[name] = await violations(page);
      expect(await page.locator('html').getAttribute('lang'), name).toBe(locale.slice(0, 2));
      const wide = await scrollsSideways(page);
      expect(wide, `${name} scrolls sideways`).toBe(false);
    };
    const end = async () => {
      await context.close();
      expect(faults).toEqual(Object.fromEntries(Object.keys(faults).map((name) => [name, []])));
      expect(complaints.filter((text) => !/40[04]/.test(text))).toEqual([]);
    };
    return { page, look, end };
  }

  it.each(LOCALES)(
    'lead from a first login to a passkey and out of the provider: $locale',
    async (whose) => {
      const { page, look, end } = await aPhone(whose);
      const toProvider = async () => {
        await page.waitForURL((url) => url.origin === under.platform.urls.sandbox);
        await page.locator('button[name="person"]').nth(whose.person).click();
      };
      await page.goto(at('/carry-over'));
      await look('who is it');
      await page.goto(loginAddress());
      await page.locator('a[href$="/external/kumo"]').click();
      await toProvider();
      await page.waitForURL(/\/external\/kumo\/first$/);
      await look('first login');
      await page.locator('form[action$="/register"] button').click();
      await page.waitForURL(/\/wallet\//);
      await page.goto(at('/linked'));
      await look('linked, and nothing else');
      await page.locator('a[href="/carry-over"]').click();
      await page.waitForURL(/\/carry-over/);
      await look('set a way in');
      await page.locator('form[action="/carry-over/passkey"] button').click();
      await page.waitForURL(/\/carry-over\/passkey$/);
      await look('done');
      await page.goto(at('/linked'));
      await page.locator('form[action="/linked/kumo/unlink"] button').click();
      // A login by the external ID alone unlinks nothing: the passkey is shown first.
      await page.locator('form[data-passkey="get"] button').click();
      await page.waitForURL(/\/linked$/);
      await look('linked, with a passkey');
      await page.locator('form[action="/linked/kumo/unlink"] button').click();
      await page.waitForURL(/\/linked\/kumo\/unlink$/);
      await look('unlinked');
      await end();
    },
  );

  it('say that a provider is stopped, without a dead button and with a way out', async () => {
    const operator = await under.mint.operator(randomIds.next('mem'));
    await under.graph.ask(
      'mutation { closeSwitch(input: { key: "login.external.kumo", reasonJa: "不正利用の調査のため", reasonEn: "We look into misuse" }) { __typename } }',
      {},
      operator,
    );
    for (const whose of LOCALES) {
      const { page, look, end } = await aPhone(whose);
      await expect
        .poll(
          async () => {
            await page.goto(loginAddress());
            return page.locator('a[href$="/external/kumo"]').count();
          },
          { timeout: 20_000 },
        )
        .toBe(0);
      await look('log in, stopped');
      await page.locator('a[href="/carry-over"]').click();
      await look('who is it, stopped');
      await page
        .locator('form[action="/carry-over/code"] input[name="address"]')
        .fill('nobody@example.com');
      await page.locator('form[action="/carry-over/code"] button').click();
      await page.locator('input[name="code"]').fill('000000');
      await look('a code is on its way');
      await page.locator('form[action="/carry-over/proof"] button').click();
      await page.getByRole('alert').waitFor();
      await look('a wrong code');
      await end();
    }
  });
});
