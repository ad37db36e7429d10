import { isRefused } from '@7pay/refusals';
import type { Middleware } from 'koa';
import type { VNode } from 'preact';
import { formToken, readForm } from '../interaction/form.ts';
import { localeOf } from '../interaction/locale.ts';
import { renderPage } from '../interaction/page-shell.tsx';
import { setSecurityHeaders } from '../interaction/security-headers.ts';
import type { IdentitySettings } from '../settings.ts';
import type { Clock } from '@7pay/time';
import { notMeKey } from './not-me.ts';
import { GonePage, NotMePage, StoppedPage } from './not-me.page.tsx';
import type { NotMeStore } from './not-me.store.ts';
import { notMeWordsOf } from './not-me-words.ts';
import type { ReportNotMe } from './report-not-me.ts';

const PATH = /^\/not-me\/([A-Za-z0-9_-]{43})$/;

/**
 * `/not-me/<token>`: the page behind the link of a notice. Looking at it changes nothing, so that whatever follows links in mails
 * does no harm; its one button stops everything, without a login.
 */
export function notMeRoutes(deps: {
  settings: IdentitySettings;
  tokens: Pick<NotMeStore, 'find'>;
  report: ReportNotMe;
  clock: Clock;
}): Middleware {
  const { settings, tokens, report, clock } = deps;
  const { issuer: origin, cookieKeys: keys, pageLinks } = settings;
  return async (ctx, next) => {
    const token = PATH.exec(ctx.path)?.[1];
    if (token === undefined || !['GET', 'POST'].includes(ctx.method)) return next();
    setSecurityHeaders(ctx);
    ctx.set('Cache-Control', 'no-store');
    const locale = localeOf(ctx);
    const words = notMeWordsOf(locale);
    const uid = `not-me.${notMeKey(token)}`;
    const show = (title: string, page: VNode) => {
      const other = ctx.method === 'GET' ? `?lang=${locale === 'ja' ? 'en' : 'ja'}` : null;
      const frame = { locale, title, otherLanguage: other, help: pageLinks.help };
      ctx.type = 'html';
      ctx.body = renderPage(frame, page);
    };
    const gone = () => {
      ctx.status = 410;
      show(words.goneTitle, <GonePage locale={locale} />);
    };
    if (ctx.method === 'GET') {
      const notMe = await tokens.find(token, clock.now());
      if (!notMe) return gone();
      const form = { action: ctx.path, formToken: formToken(keys, uid) };
      return show(words.title, <NotMePage locale={locale} notMe={notMe} {...form} />);
    }
    const form = await readForm(ctx.req, { origin, keys, uid });
    const done = isRefused(form) ? null : await report(token);
    if (!done) return gone();
    return show(words.doneTitle, <StoppedPage locale={locale} {...done} />);
  };
}
