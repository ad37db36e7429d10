import type { Locale } from '@7pay/refusals';
import { Field, FormToken, Problem } from '../interaction/page-shell.tsx';
import { registrationWords } from './registration-words.ts';

/** The same page for every address: a mail was sent, with a code for who can register by it. */
export function RegistrationCodePage(props: {
  readonly locale: Locale;
  readonly uid: string;
  readonly formToken: string;
  readonly problem: string | undefined;
  /** What was typed here. */
  readonly mail: string;
}) {
  const { locale, uid, formToken, problem, mail } = props;
  const words = registrationWords(locale);
  const at = `/interaction/${uid}/register`;
  return (
    <>
      <h1>{words.title}</h1>
      <p>{words.sent(mail)}</p>
      <Problem text={problem} />
      <section class="card stack" aria-label={words.title}>
        <form method="post" action={`${at}/code`} class="stack">
          <FormToken token={formToken} />
          <Field
            name="code"
            label={words.code}
            type="text"
            autocomplete="one-time-code"
            maxLength={20}
            invalid={problem !== undefined}
          />
          <button class="button" type="submit">
            {words.confirm}
          </button>
        </form>
        <form method="post" action={`${at}/send`} class="stack">
          <FormToken token={formToken} />
          <button class="button button--secondary" type="submit">
            {words.again}
          </button>
        </form>
      </section>
      <p class="muted">{words.noCode}</p>
      <a href={at}>{words.back}</a>
    </>
  );
}
