import type { Context } from 'koa';
import { localeOf } from './locale.ts';

const CONTINUE = {
  ja: { lead: '続けるにはボタンを押してください。', button: '続ける' },
  en: { lead: 'Please press the button to go on.', button: 'Continue' },
};

/**
 * The library sends some people on by a form that a script submits (logging out somebody else first). Its
 * page is for scripts; this makes it one that a person without script can read, in their language.
 */
export function translateFormPost(ctx: Context): void {
  const { body } = ctx;
  if (typeof body !== 'string' || !body.includes('<title>Submitting Callback</title>')) return;
  const locale = localeOf(ctx);
  const { lead, button } = CONTINUE[locale];
  ctx.body = body
    .replace('<html>', `<html lang="${locale}">`)
    .replace(
      '<title>Submitting Callback</title>',
      '<title>7iD</title><link rel="stylesheet" href="/look.css">',
    )
    .replace('<body>', '<body><main class="page stack"><h1>7iD</h1>')
    .replace('</body>', '</main></body>')
    .replace(
      /<noscript>[\s\S]*?<\/noscript>/,
      `<noscript><p>${lead}</p><button class="button" type="submit">${button}</button></noscript>`,
    );
}
