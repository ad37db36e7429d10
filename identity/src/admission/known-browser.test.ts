import type { Context } from 'koa';
import { expect, it } from 'vitest';
import { isKnownBrowser, knownBrowsers } from './known-browser.ts';

/** A browser with one jar, whose cookies the framework has signed and checked. */
function aBrowserHere() {
  let value: string | undefined;
  const cookies = {
    get: () => value,
    set: (_name: string, text: string, options: { signed: boolean; httpOnly: boolean }) => {
      expect(options).toMatchObject({ signed: true, httpOnly: true });
      value = text;
    },
  };
  // Nothing else of a context is looked at.
  const ctx = { cookies, secure: true } as unknown as Context;
  return { ctx, value: () => value, plant: (text: string) => void (value = text) };
}
const [HANA, TARO] = ['hana@example.jp', 'taro@example.jp'];
const browsers = knownBrowsers(['key one']);

it('a browser is a source of its own for who logged in by it, and for nobody else', () => {
  const [home, other] = [aBrowserHere(), aBrowserHere()];
  expect(browsers.knowsAnybody(home.ctx)).toBe(false);
  browsers.remember(home.ctx, HANA);
  browsers.remember(other.ctx, HANA);
  expect(browsers.knowsAnybody(home.ctx)).toBe(true);
  const source = browsers.sourceOf(home.ctx, HANA);
  expect(isKnownBrowser(source ?? '')).toBe(true);
  expect(browsers.sourceOf(home.ctx, TARO)).toBeNull();
  expect(browsers.sourceOf(other.ctx, HANA)).not.toBe(source);
  expect(isKnownBrowser('net:0123')).toBe(false);
});

it('it names nobody, and knows five members, the last ones', () => {
  const home = aBrowserHere();
  for (let n = 0; n < 6; n += 1) browsers.remember(home.ctx, `member${n}@example.jp`);
  const known = [0, 1, 2, 3, 4, 5].map((n) => browsers.sourceOf(home.ctx, `member${n}@example.jp`));
  expect(known.map((source) => source !== null)).toEqual([false, true, true, true, true, true]);
  expect(home.value()).not.toContain('member');
  browsers.remember(home.ctx, 'member3@example.jp');
  expect(browsers.sourceOf(home.ctx, 'member3@example.jp')).toBe(known[3]);
});

it('it is still known when the keys were changed, and what is no such cookie is not', () => {
  const home = aBrowserHere();
  browsers.remember(home.ctx, HANA);
  expect(knownBrowsers(['key two', 'key one']).sourceOf(home.ctx, HANA)).not.toBeNull();
  expect(knownBrowsers(['key two']).sourceOf(home.ctx, HANA)).toBeNull();
  for (const text of ['', 'x', 'x.y', `${home.value()}.more`, 'a'.repeat(10_000)]) {
    home.plant(text);
    expect(browsers.knowsAnybody(home.ctx), text).toBe(false);
  }
});
