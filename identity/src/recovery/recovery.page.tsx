import type { Locale } from '@7pay/refusals';
import { Field, FormToken, Problem } from '../interaction/page-shell.tsx';
import { CodeForm } from '../one-time-code/code-form.tsx';
import { PasskeyForm } from '../interaction/passkey-parts.tsx';
import { wordsOf } from '../interaction/words.ts';
import { recoveryWordsOf } from './recovery-words.ts';

interface Shared {
  readonly locale: Locale;
  readonly uid: string;
  readonly formToken: string;
  readonly problem: string | undefined;
}

/** I3: asks for the login ID and for nothing else. */
export function ForgotPage(props: Shared & { mail: string }) {
  const { locale, uid, formToken, problem, mail } = props;
  const words = recoveryWordsOf(locale);
  return (
    <>
      <h1>{words.title}</h1>
      <p>{words.lead}</p>
      <Problem text={problem} />
      <form method="post" action={`/interaction/${uid}/forgot`} class="card stack">
        <FormToken token={formToken} />
        <Field
          name="mail"
          label={wordsOf(locale).mail}
          type="email"
          autocomplete="username"
          value={mail}
          maxLength={254}
          hint={words.loginIdHint}
        />
        <button class="button" type="submit">
          {words.ask}
        </button>
      </form>
      <a href={`/interaction/${uid}`}>{words.backToLogin}</a>
    </>
  );
}

/** The same page for every login ID: a code was sent, if there is anybody to send one to. */
export function ForgotCodePage({ locale, uid, formToken, problem }: Shared) {
  const words = recoveryWordsOf(locale);
  const at = `/interaction/${uid}/forgot`;
  return (
    <>
      <h1>{words.title}</h1>
      <p>{words.sent}</p>
      <Problem text={problem} />
      <section class="card stack" aria-label={words.title}>
        <CodeForm
          action={`${at}/code`}
          formToken={formToken}
          label={words.code}
          button={words.confirm}
          invalid={problem !== undefined}
        />
        <form method="post" action={`${at}/sms`} class="stack">
          <FormToken token={formToken} />
          <button class="button button--secondary" type="submit">
            {words.bySms}
          </button>
        </form>
      </section>
      <p class="muted">{words.noCode}</p>
      <a href={at}>{words.again}</a>
    </>
  );
}

/** What the member has besides the contact: a passkey, an app, another contact (masked). */
export function ForgotSecondPage(
  props: Shared & {
    passkeyOptions: object | null;
    app: boolean;
    contact: string | null;
    sent: boolean;
  },
) {
  const { locale, uid, formToken, problem, passkeyOptions, app, contact, sent } = props;
  const words = recoveryWordsOf(locale);
  const at = `/interaction/${uid}/forgot/second`;
  const invalid = problem !== undefined;
  return (
    <>
      <h1>{words.secondTitle}</h1>
      <p>{words.secondLead}</p>
      <Problem text={problem} />
      <section class="card stack" aria-label={words.secondTitle}>
        {passkeyOptions && (
          <PasskeyForm
            locale={locale}
            action={`${at}/passkey`}
            formToken={formToken}
            ceremony="get"
            options={passkeyOptions}
            label={words.usePasskey}
          />
        )}
        {app && (
          <CodeForm
            action={`${at}/app`}
            formToken={formToken}
            label={words.app}
            button={words.confirm}
            invalid={invalid && !sent}
          />
        )}
        {contact !== null && sent && (
          <CodeForm
            action={`${at}/code`}
            id="contact-code"
            formToken={formToken}
            label={words.codeTo(contact)}
            button={words.confirm}
            invalid={invalid}
          />
        )}
        {contact !== null && (
          <form method="post" action={`${at}/send`} class="stack">
            <FormToken token={formToken} />
            <button class="button button--secondary" type="submit">
              {words.sendTo(contact)}
            </button>
          </form>
        )}
      </section>
      <a href={`/interaction/${uid}/forgot`}>{words.again}</a>
    </>
  );
}
