import type { Locale } from '@7pay/refusals';
import { Field, FormToken, Problem } from '../interaction/page-shell.tsx';
import { PasskeyForm } from '../interaction/passkey-parts.tsx';
import { wordsOf } from '../interaction/words.ts';

/** A way in that operators have stopped, in words for the member. */
export interface Stopped {
  readonly since: string;
  readonly reason: string;
}

export interface LoginPageProps {
  readonly locale: Locale;
  readonly uid: string;
  readonly formToken: string;
  readonly appName: string;
  readonly mail: string;
  readonly problem: string | undefined;
  readonly passkeyOptions: object;
  readonly passwordStopped: Stopped | undefined;
  readonly providers: readonly { key: string; name: string; stopped: Stopped | undefined }[];
}

/** I1: passkey first, then the password, then external IDs with their live state; which app asks. */
export function LoginPage(props: LoginPageProps) {
  const { locale, uid, formToken, appName, mail, problem, passkeyOptions } = props;
  const words = wordsOf(locale);
  const at = `/interaction/${uid}`;
  return (
    <>
      <h1>{words.logInTitle}</h1>
      <p>{words.asks(appName)}</p>
      <Problem text={problem} />
      <section class="card stack" aria-label={words.logInLead}>
        <PasskeyForm
          locale={locale}
          action={`${at}/passkey`}
          formToken={formToken}
          ceremony="get"
          options={passkeyOptions}
          label={words.passkeyLogIn}
        />
        <p class="muted">{words.or}</p>
        {props.passwordStopped ? (
          <StoppedNotice locale={locale} name={words.password} stopped={props.passwordStopped} />
        ) : (
          <form method="post" action={`${at}/login`} class="stack">
            <FormToken token={formToken} />
            <Field
              name="mail"
              label={words.mail}
              type="email"
              autocomplete="username"
              value={mail}
              maxLength={254}
              invalid={problem !== undefined}
            />
            <Field
              name="password"
              label={words.password}
              type="password"
              autocomplete="current-password"
              maxLength={256}
              invalid={problem !== undefined}
            />
            <button class="button" type="submit">
              {words.logIn}
            </button>
            <a href={`${at}/forgot`} rel="nofollow">
              {words.forgot}
            </a>
          </form>
        )}
      </section>
      {props.providers.length > 0 && (
        <section class="card stack" aria-labelledby="external">
          <h2 id="external">{words.externalLead}</h2>
          {props.providers.map(({ key, name, stopped }) =>
            stopped ? (
              <StoppedNotice
                locale={locale}
                name={name}
                stopped={stopped}
                wayOut={{ href: '/carry-over', label: words.externalWayOut(name) }}
              />
            ) : (
              <a class="button button--secondary" href={`${at}/external/${key}`} rel="nofollow">
                {words.externalWith(name)}
              </a>
            ),
          )}
        </section>
      )}
      <section class="card stack" aria-labelledby="new">
        <h2 id="new">{words.registerLead}</h2>
        <a class="button button--secondary" href={`${at}/register`}>
          {words.register}
        </a>
      </section>
      <AbortForm uid={uid} formToken={formToken} label={words.abort} />
    </>
  );
}

/** A way in that is stopped: which, since when, why, and that there are others; no button that leads nowhere. */
export function StoppedNotice(props: {
  locale: Locale;
  name: string;
  stopped: Stopped;
  /** Where who has no other way goes. */
  wayOut?: { readonly href: string; readonly label: string };
}) {
  const words = wordsOf(props.locale);
  const { wayOut } = props;
  const { since, reason } = props.stopped;
  return (
    <div class="notice" role="note">
      <p>
        <strong>
          <span aria-hidden="true">{'\u23F8\uFE0E '}</span>
          {props.name}: {words.closed}
        </strong>
      </p>
      <p>
        {words.stopped} {words.since(since)} {reason}
      </p>
      {wayOut && (
        <p>
          <a href={wayOut.href}>{wayOut.label}</a>
        </p>
      )}
    </div>
  );
}

/** Back to the app without logging in. */
export const AbortForm = (props: { uid: string; formToken: string; label: string }) => (
  <form method="post" action={`/interaction/${props.uid}/abort`}>
    <FormToken token={props.formToken} />
    <button class="button button--plain" type="submit">
      {props.label}
    </button>
  </form>
);
