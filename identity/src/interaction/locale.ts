import type { Locale } from '@7pay/refusals';
import type { Context } from 'koa';

const COOKIE = '7id_lang';

const asLocale = (text: string | undefined): Locale | undefined =>
  text === 'ja' || text === 'en' ? text : undefined;

/** The first language of a list in order of preference (`ui_locales`, `Accept-Language`) that we speak. */
export function preferredLocale(list: string): Locale | undefined {
  const weighed = list
    .split(/[,\s]+/)
    .slice(0, 20)
    .map((entry) => {
      const [tag = '', quality = 'q=1'] = entry.split(';');
      return {
        tag: tag.toLowerCase().split('-')[0],
        weight: Number(quality.replace('q=', '')) || 0,
      };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  for (const { tag } of weighed) {
    const locale = asLocale(tag);
    if (locale) return locale;
  }
  return undefined;
}

/**
 * The language of a page: what the person chose (`?lang=`, kept in a cookie), else what the app asked for
 * (`ui_locales`), else what the browser prefers, else Japanese.
 */
export function localeOf(ctx: Context, uiLocales?: unknown): Locale {
  const { lang } = ctx.query;
  const chosen = asLocale(typeof lang === 'string' ? lang : undefined);
  if (chosen) ctx.cookies.set(COOKIE, chosen, { sameSite: 'lax', signed: false, overwrite: true });
  return (
    chosen ??
    asLocale(ctx.cookies.get(COOKIE)) ??
    preferredLocale(typeof uiLocales === 'string' ? uiLocales : '') ??
    preferredLocale(ctx.get('accept-language')) ??
    'ja'
  );
}
