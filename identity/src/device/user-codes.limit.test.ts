import { fixedClock } from '@7pay/time';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { messageCountModel } from '../one-time-code/window-count.store.ts';
import { aBrowser, type Browser } from '../testing/browser.ts';
import { PASSWORD, runIdentity, type RunningIdentity } from '../testing/running-identity.ts';
import { USER_CODE_LIMITS } from './user-code-budget.ts';

// Behind an edge that says where people are.
const ISSUER = 'https://id.example.jp';
const clock = fixedClock(new Date());
const WRONG = 'BBBB-BBBB';
const BUSY = 'しばらく受け付けていません';
let running: RunningIdentity;
let twin: Awaited<ReturnType<RunningIdentity['twin']>>;

beforeAll(async () => {
  running = await runIdentity({
    clock,
    issuer: ISSUER,
    clients: [
      {
        kind: 'device-app',
        clientId: 'shop-screen',
        name: { ja: '店頭の画面', en: 'Shop screen' },
        graphScopes: ['points'],
      },
    ],
  });
  twin = await running.twin();
});
afterAll(async () => {
  await twin.stop();
  await running.stop();
});
beforeEach(() => void clock.advance(60 * 60_000));
afterEach(() => vi.restoreAllMocks());

/** Somebody at an address; each of their requests goes to the next process. */
function somebodyAt(address: string): Browser {
  let requests = 0;
  return aBrowser({
    fetch: (asked, init) => {
      const { pathname, search } = new URL(String(asked));
      const origin = (requests += 1) % 2 === 0 ? running.url : twin.url;
      const headers = { ...(init?.headers as Record<string, string>), 'x-forwarded-for': address };
      return fetch(`${origin}${pathname}${search}`, { ...init, headers });
    },
  });
}
const typeCode = async (browser: Browser, code: string, more: Record<string, string> = {}) =>
  browser.submit(await browser.go(`${ISSUER}/device`), '/device', { user_code: code, ...more });
async function aScreen(): Promise<string> {
  const body = new URLSearchParams({ client_id: 'shop-screen', scope: 'openid points' });
  const answer = await fetch(`${running.url}/device/auth`, { method: 'POST', body });
  return ((await answer.json()) as { user_code: string }).user_code;
}
async function wrongly(browser: Browser, times: number) {
  let page = await browser.go(`${ISSUER}/device`);
  for (let n = 0; n < times; n += 1) {
    page = await browser.submit(page, '/device', { user_code: WRONG });
    expect([page.status, page.text.includes(BUSY)]).toEqual([200, false]);
  }
}
async function memberAt(address: string, mail: string): Promise<Browser> {
  const browser = somebodyAt(address);
  const login = await browser.go(`${ISSUER}/approve`);
  await browser.submit(login, '/login', { mail, password: PASSWORD });
  return browser;
}

describe('codes that are guessed', () => {
  it('are not looked at after so many from a network, right ones neither, over all processes', async () => {
    const code = await aScreen();
    await wrongly(somebodyAt('198.51.100.7'), USER_CODE_LIMITS.perNetworkHour);
    const neighbour = somebodyAt('198.51.100.8');
    const right = await typeCode(neighbour, code);
    const wrong = await typeCode(neighbour, WRONG);
    for (const page of [right, wrong]) {
      expect(page.status).toBe(429);
      expect(page.text).toContain(BUSY);
      expect(page.text).not.toContain('店頭の画面');
    }
    expect((await typeCode(neighbour, code, { confirm: 'yes' })).status).toBe(429);
    expect((await typeCode(somebodyAt('203.0.113.9'), code)).text).toContain('店頭の画面');
    clock.advance(60 * 60_000);
    expect((await typeCode(neighbour, code)).text).toContain('店頭の画面');
  }, 60_000);

  it('are not looked at after so many of a member, wherever they type', async () => {
    const mail = 'hana@example.jp';
    await running.identity.registerMember({ mail, displayName: 'はな', password: PASSWORD });
    await wrongly(await memberAt('192.0.2.7', mail), USER_CODE_LIMITS.perMemberHour);
    const code = await aScreen();
    const elsewhere = await memberAt('203.0.113.77', mail);
    expect((await typeCode(elsewhere, code)).text).toContain(BUSY);
    expect((await typeCode(somebodyAt('203.0.113.77'), code)).text).toContain('店頭の画面');
  });

  it('cost only who was wrong: a code that is right, stopped or confirmed takes nothing off', async () => {
    const shop = somebodyAt('192.0.2.99');
    await wrongly(shop, USER_CODE_LIMITS.perNetworkHour - 1);
    for (let n = 0; n < 5; n += 1) {
      const code = await aScreen();
      expect((await typeCode(shop, code)).text).toContain('店頭の画面');
      const stopped = await typeCode(shop, code, { abort: 'yes' });
      expect(stopped.text).toContain('ログインを中止しました');
    }
    await wrongly(shop, 1);
    expect((await typeCode(shop, WRONG)).text).toContain(BUSY);
  }, 60_000);

  it('are all at once no more than one after another', async () => {
    const browsers = Array.from({ length: 8 }, () => somebodyAt('198.51.100.200'));
    const each = USER_CODE_LIMITS.perNetworkHour / 4; // twice as many as may be
    const pages = await Promise.all(
      browsers.map(async (browser) => {
        const statuses: number[] = [];
        let page = await browser.go(`${ISSUER}/device`);
        for (let n = 0; n < each; n += 1) {
          page = await browser.submit(page, '/device', { user_code: WRONG });
          statuses.push(page.status);
        }
        return statuses;
      }),
    );
    const looked = pages.flat().filter((status) => status === 200);
    expect(looked).toHaveLength(USER_CODE_LIMITS.perNetworkHour);
  }, 60_000);

  it('are answered alike: never given out, used, stopped', async () => {
    const [used, stopped] = [await aScreen(), await aScreen()];
    const person = somebodyAt('203.0.113.50');
    await typeCode(person, used, { confirm: 'yes' });
    await typeCode(person, stopped, { abort: 'yes' });
    const pages = [];
    for (const code of [WRONG, used, stopped]) {
      const { status, text } = await typeCode(person, code);
      pages.push({ status, text: text.replace(/value="[0-9a-f]{48}"/, '') });
    }
    expect(pages[0]?.text).toContain('コードが正しくない');
    expect(pages).toEqual([pages[0], pages[0], pages[0]]);
  });

  it('are not looked at while nobody can count', async () => {
    const code = await aScreen();
    const counts = messageCountModel(running.connection);
    vi.spyOn(counts, 'updateOne').mockImplementation(() => {
      throw new Error('down');
    });
    const page = await typeCode(somebodyAt('203.0.113.60'), code);
    expect(page.status).toBe(500);
    expect(page.text).not.toContain('店頭の画面');
    expect(page.text).toContain('ログインできませんでした');
  });
});
