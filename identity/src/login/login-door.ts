import { isRefused, type Refused } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import type { Context } from 'koa';
import { canonicalMail } from '../account/member.ts';
import type { PasswordHashes } from '../account/password-hashes.ts';
import type { Admission } from '../admission/admission.ts';
import type { KnownBrowsers } from '../admission/known-browser.ts';
import type { AwayCause, AwayFrom, TurnedAway } from '../audit/turned-away.ts';
import { readForm } from '../interaction/form.ts';
import { localeOf } from '../interaction/locale.ts';
import type { Place } from '../password/fair-queue.ts';
import { LAST_WITH_OWN_THREAD } from '../password/rank.ts';
import type { IdentitySettings } from '../settings.ts';
import { busyPages } from './busy.page.tsx';

/** A try to log in by password that may be looked at. */
export interface Entered {
  /** Whom it counts for: a class of networks, or a browser that the member logged in by before. */
  readonly source: string | null;
  readonly form: URLSearchParams | Refused<'FORM_NOT_ACCEPTED'>;
  /** To be called when the try has been answered. */
  leave(): void;
}

/** What stands before a password is looked at, and before anything is read for it. */
export interface LoginDoor {
  /** Lets a try in, or answers it. Knows what this process has seen, and a cookie; it reads nothing else. */
  enter(ctx: Context, uid: string): Promise<Entered | 'TURNED_AWAY'>;
  /** Answers a try that was not looked at, and counts it. */
  turnAway(ctx: Context, cause: AwayCause): void;
  /** A member with this login ID has just logged in by this browser. */
  remember(ctx: Context, canonicalMail: string): void;
}

export function loginDoor(deps: {
  admission: Admission;
  browsers: KnownBrowsers;
  hashes: Pick<PasswordHashes, 'hasRoom' | 'roomMax'>;
  turnedAway: TurnedAway;
  whereFrom: (ctx: Context) => AwayFrom;
  settings: IdentitySettings;
  clock: Clock;
}): LoginDoor {
  const { admission, browsers, hashes, turnedAway, whereFrom, settings, clock } = deps;
  const { issuer: origin, cookieKeys: keys, pageLinks } = settings;
  const pages = busyPages(pageLinks.help);
  // A try that was let in reads the database before it waits for its hash. What is in between has to be counted as well: else a
  // flood that begins comes in as a whole, as long as nobody waits yet.
  const inside: number[] = [];
  const isCrowded = (rank: number) =>
    rank > LAST_WITH_OWN_THREAD &&
    inside.reduce((sum, tries, each) => (each > rank ? sum : sum + tries), 0) >= hashes.roomMax;

  const isRoom = (place: Place) => !isCrowded(place.rank) && hashes.hasRoom(place);

  const readPosted = (ctx: Context, uid: string) => readForm(ctx.req, { origin, keys, uid });

  // The cookie alone costs no reading; whose password it is says only the form.
  const knownBrowser = async (ctx: Context, uid: string) => {
    if (!browsers.knowsAnybody(ctx)) return { posted: undefined, browser: null };
    const posted = await readPosted(ctx, uid);
    const mail = isRefused(posted) ? posted : canonicalMail(posted.get('mail') ?? '');
    return { posted, browser: isRefused(mail) ? null : browsers.sourceOf(ctx, mail) };
  };

  const step = ({ rank }: Place) => {
    const count = (by: number) => (inside[rank] = (inside[rank] ?? 0) + by);
    count(1);
    return { leave: () => void count(-1) };
  };

  const turnAway = (ctx: Context, cause: AwayCause): void => {
    turnedAway.note(whereFrom(ctx), cause);
    ctx.status = 503;
    ctx.type = 'html';
    ctx.set('Cache-Control', 'no-store');
    ctx.body = pages[localeOf(ctx)];
  };

  return {
    enter: async (ctx, uid) => {
      const at = clock.now();
      const { posted, browser } = await knownBrowser(ctx, uid);
      // A browser that is spent itself is as good as any other of its network.
      const isBrowser = browser !== null && admission.admits(browser, at);
      const source = isBrowser ? browser : whereFrom(ctx).network;
      if (!admission.admits(source, at)) {
        turnAway(ctx, 'NETWORK_SPENT');
        return 'TURNED_AWAY';
      }
      const place = admission.placeOf(source, at);
      if (isRoom(place)) {
        // Read before it takes a place: whoever sends a form byte by byte keeps nobody out.
        const form = posted ?? (await readPosted(ctx, uid));
        if (isRoom(place)) return { source, form, ...step(place) };
      }
      admission.noteUnread(source, at);
      turnAway(ctx, 'NO_ROOM');
      return 'TURNED_AWAY';
    },
    turnAway,
    remember: browsers.remember,
  };
}
