import type { Locale } from '@7pay/refusals';
import { FormToken, Problem } from '../interaction/page-shell.tsx';
import { CodeForm, SENT_MAX } from '../one-time-code/code-form.tsx';
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
        <CodeForm
          action={`${at}/code`}
          formToken={formToken}
          label={words.code}
          button={words.confirm}
          maxLength={SENT_MAX}
          invalid={problem !== undefined}
        />
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
