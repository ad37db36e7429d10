import { type Locale, refusalSentence } from '@7pay/refusals';
import { renderPage } from '../interaction/page-shell.tsx';
import { wordsOf } from '../interaction/words.ts';

function BusyPage({ locale }: { locale: Locale }) {
  const words = wordsOf(locale);
  return (
    <>
      <h1>{words.errorTitle}</h1>
      <section class="card stack" aria-label={words.errorTitle}>
        <p class="notice notice--danger" role="alert">
          {refusalSentence('LOGIN_BUSY', {}, locale)}
        </p>
        <dl>
          <dt>{words.code}</dt>
          <dd>
            <code>LOGIN_BUSY</code>
          </dd>
        </dl>
        <a class="button" href="login">
          {words.again}
        </a>
      </section>
    </>
  );
}

/**
 * What a password is answered that is not looked at, made once: the same bytes for everybody. It has no time and no reference, as
 * nothing is known under one; the way back is beside the address that was posted to.
 */
export function busyPages(help: string | undefined): Readonly<Record<Locale, Buffer>> {
  const made = (locale: Locale) => {
    const title = wordsOf(locale).errorTitle;
    const frame = { locale, title, otherLanguage: null, help };
    return Buffer.from(renderPage(frame, <BusyPage locale={locale} />));
  };
  return { ja: made('ja'), en: made('en') };
}
