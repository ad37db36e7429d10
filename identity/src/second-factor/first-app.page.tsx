import type { Locale } from '@7pay/refusals';
import { QrCode } from '@7pay/ui';
import { FormToken, Problem } from '../interaction/page-shell.tsx';
import { CodeForm, SENT_MAX } from '../one-time-code/code-form.tsx';
import type { AppSecret } from './authenticator-app.ts';
import { firstAppWords } from './first-app-words.ts';

interface PageProps {
  readonly locale: Locale;
  readonly uid: string;
  readonly formToken: string;
  readonly problem: string | undefined;
}

/** Leads from the page that offers a passkey to the one of the authenticator app. */
export function FirstAppInstead({ locale, uid, formToken }: Omit<PageProps, 'problem'>) {
  return (
    <form method="post" action={`/interaction/${uid}/first-app`} class="stack">
      <FormToken token={formToken} />
      <button class="button button--secondary" type="submit">
        {firstAppWords(locale).instead}
      </button>
    </form>
  );
}

/** What to tell the app, shown once, and the form for its first code; after a wrong code the form alone. */
export function FirstAppPage(props: PageProps & { readonly begun: AppSecret | undefined }) {
  const { locale, uid, formToken, problem, begun } = props;
  const words = firstAppWords(locale);
  return (
    <>
      <h1>{words.title}</h1>
      <Problem text={problem} />
      <section class="card stack" aria-label={words.title}>
        {begun && (
          <>
            <p>{words.scan}</p>
            <QrCode text={begun.address} label={words.picture} />
            <p>
              {words.type}
              <br />
              <code>{begun.secret.match(/.{1,4}/g)?.join(' ')}</code>
            </p>
            <a class="button button--secondary" href={begun.address}>
              {words.open}
            </a>
          </>
        )}
        <CodeForm
          action={`/interaction/${uid}/first-app-code`}
          formToken={formToken}
          label={words.code}
          button={words.confirm}
          maxLength={SENT_MAX}
          invalid={problem !== undefined}
        />
      </section>
    </>
  );
}

/** The recovery codes, shown once; one of them, or the app, confirms the login and goes on. */
export function FirstAppMadePage(
  props: Omit<PageProps, 'problem'> & { readonly recoveryCodes: readonly string[] },
) {
  const { locale, uid, formToken, recoveryCodes } = props;
  const words = firstAppWords(locale);
  return (
    <>
      <h1>{words.madeTitle}</h1>
      <section class="card stack" aria-label={words.madeTitle}>
        <p>{words.madeLead}</p>
        <ul class="list">
          {recoveryCodes.map((code) => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </ul>
        <p>{words.kept}</p>
        <CodeForm
          action={`/interaction/${uid}/code`}
          formToken={formToken}
          label={words.keptCode}
          button={words.goOn}
          invalid={false}
        />
      </section>
    </>
  );
}
