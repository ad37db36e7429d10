import type { Locale } from '@7pay/refusals';
import { Field, FormToken, Problem } from '../interaction/page-shell.tsx';
import { PasskeyForm } from '../interaction/passkey-parts.tsx';
import { wordsOf } from '../interaction/words.ts';
import { carryOverWords } from './carry-over-words.ts';

export interface SetOwnWayPageProps {
  readonly locale: Locale;
  readonly formToken: string;
  readonly problem: string | undefined;
  readonly displayName: string;
  readonly passkeyOptions: object;
  /** What the login ID would be: an address that was verified, or one that a code is on its way to. */
  readonly mail: { readonly verified: string | null; readonly waiting: string | null };
}

/** Whose 7iD it is, a passkey first, then a password. */
export function SetOwnWayPage(props: SetOwnWayPageProps) {
  const { locale, formToken, problem, displayName, passkeyOptions } = props;
  const words = carryOverWords(locale);
  const common = wordsOf(locale);
  return (
    <>
      <h1>{words.title}</h1>
      <p>{words.lead}</p>
      <p>
        <strong>{words.account(displayName)}</strong>
      </p>
      <Problem text={problem} />
      <section class="card stack" aria-label={words.set}>
        <PasskeyForm
          locale={locale}
          action="/carry-over/passkey"
          formToken={formToken}
          ceremony="create"
          options={passkeyOptions}
          label={words.passkey}
        />
        <p class="muted">{common.or}</p>
        <ByPassword {...props} />
      </section>
    </>
  );
}

// A password needs a login ID: an address that is the member's own.
function ByPassword({ locale, formToken, problem, mail }: SetOwnWayPageProps) {
  const words = carryOverWords(locale);
  const invalid = problem !== undefined;
  if (mail.verified !== null) {
    return (
      <form method="post" action="/carry-over/password" class="stack">
        <FormToken token={formToken} />
        <p>{words.loginId(mail.verified)}</p>
        <Field
          name="password"
          label={words.password}
          type="password"
          autocomplete="new-password"
          maxLength={256}
          hint={wordsOf(locale).passwordHint}
          invalid={invalid}
        />
        <button class="button button--secondary" type="submit">
          {words.setPassword}
        </button>
      </form>
    );
  }
  return (
    <>
      <p>{words.noMail}</p>
      {mail.waiting !== null && (
        <form method="post" action="/carry-over/mail-code" class="stack">
          <FormToken token={formToken} />
          <p role="status">{words.mailSent(mail.waiting)}</p>
          <Field
            name="code"
            label={words.code}
            type="text"
            autocomplete="one-time-code"
            maxLength={20}
            invalid={invalid}
          />
          <button class="button button--secondary" type="submit">
            {words.confirm}
          </button>
        </form>
      )}
      <form method="post" action="/carry-over/mail" class="stack">
        <FormToken token={formToken} />
        <Field
          name="mail"
          label={words.claimAddress}
          type="email"
          autocomplete="email"
          maxLength={254}
          invalid={invalid && mail.waiting === null}
        />
        <button class="button button--secondary" type="submit">
          {words.send}
        </button>
      </form>
    </>
  );
}

/** Why no way in can be set here, with the way on. */
export function NotHerePage(props: {
  locale: Locale;
  problem: string;
  /** Where a second factor is shown; null where that is not what is missing. */
  stepUp: string | null;
}) {
  const words = carryOverWords(props.locale);
  return (
    <>
      <h1>{words.title}</h1>
      <Problem text={props.problem} />
      {props.stepUp === null ? (
        <a class="button" href="/linked">
          {words.linked}
        </a>
      ) : (
        <a class="button" href={props.stepUp}>
          {words.stepUp}
        </a>
      )}
    </>
  );
}

/** It is set. */
export function DonePage({ locale }: { locale: Locale }) {
  const words = carryOverWords(locale);
  return (
    <>
      <h1>{words.doneTitle}</h1>
      <p class="notice" role="status">
        {words.done}
      </p>
      <a class="button" href="/linked">
        {words.logIn}
      </a>
    </>
  );
}
