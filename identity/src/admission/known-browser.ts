import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Context } from 'koa';
import { DEVICE_SECONDS } from '../new-device/known-device.ts';

const COOKIE = '7id_known';
const MEMBERS_MAX = 5;
const PREFIX = 'browser:';
const VALUE = /^[\w-]{22}(?:\.[\w-]{22}){1,5}$/;

/**
 * Browsers by which members logged in before, told by a signed cookie alone: no read, and nothing in it names anybody. It opens
 * nothing. It makes the browser a source of its own for its members, so that what others do in the same network keeps nobody out.
 */
export interface KnownBrowsers {
  /** Whether anybody logged in by this browser before, on the word of its cookie. */
  knowsAnybody(ctx: Context): boolean;
  /** The source of a try for this login ID; null when its member did not log in by this browser. */
  sourceOf(ctx: Context, canonicalMail: string): string | null;
  /** The member with this login ID has just logged in by it. */
  remember(ctx: Context, canonicalMail: string): void;
}

/** Whether a source is a browser that knows the member, and no class of networks. */
export const isKnownBrowser = (source: string): boolean => source.startsWith(PREFIX);

/** The first key makes tags, all of them are known. At most five members a browser; of more, the last ones. */
export function knownBrowsers(keys: readonly string[]): KnownBrowsers {
  // Each browser has a number, so that no two have the same tag for a member.
  const tagOf = (key: string, number: string, canonicalMail: string) =>
    createHmac('sha256', key)
      .update(JSON.stringify(['known-browser', number, canonicalMail]))
      .digest('base64url')
      .slice(0, 22);
  const read = (ctx: Context) => {
    const value = ctx.cookies.get(COOKIE, { signed: true }) ?? '';
    if (!VALUE.test(value)) return undefined;
    const [number = '', ...tags] = value.split('.');
    return { number, tags };
  };
  return {
    knowsAnybody: (ctx) => read(ctx) !== undefined,
    sourceOf: (ctx, canonicalMail) => {
      const known = read(ctx);
      if (!known) return null;
      const { number, tags } = known;
      const own = keys.map((key) => tagOf(key, number, canonicalMail));
      const isOwn = (tag: string) =>
        own.some((each) => timingSafeEqual(Buffer.from(each), Buffer.from(tag)));
      return tags.some(isOwn) ? `${PREFIX}${own[0]}` : null;
    },
    remember: (ctx, canonicalMail) => {
      const known = read(ctx);
      const number = known?.number ?? randomBytes(16).toString('base64url');
      const tag = tagOf(keys[0] ?? '', number, canonicalMail);
      const others = (known?.tags ?? []).filter((each) => each !== tag);
      const tags = [tag, ...others].slice(0, MEMBERS_MAX);
      ctx.cookies.set(COOKIE, [number, ...tags].join('.'), {
        signed: true,
        httpOnly: true,
        sameSite: 'lax',
        overwrite: true,
        maxAge: DEVICE_SECONDS * 1_000,
        secure: ctx.secure,
        path: '/interaction',
      });
    },
  };
}
