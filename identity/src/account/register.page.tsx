import type { Locale } from '@7pay/refusals';
import { Field, FormToken, Problem } from '../interaction/page-shell.tsx';
import { wordsOf } from '../interaction/words.ts';
import { type Stopped, StoppedNotice } from '../login/login.page.tsx';

export interface RegisterPageProps {
  readonly locale: Locale;
  readonly uid: string;
  readonly formToken: string;
  readonly appName: string;
  readonly mail: string;
  readonly displayName: string;
  readonly problem: string | undefined;
  /** The input that the problem is about. */
  readonly faulty: 'mail' | 'displayName' | 'password' | undefined;
  readonly passkeyOptions: object;
  readonly stopped: Stopped | undefined;
}

/** A1: mail address and name, then one press and the device's own confirmation; or a password. */
export function RegisterPage(props: RegisterPageProps) {
  const { locale, uid, formToken, appName, problem, faulty, passkeyOptions, stopped } = props;
  const words = wordsOf(locale);
  const at = `/interaction/${uid}`;
  const who = (
    <>
      <Field
        name="mail"
        label={words.mail}
        type="email"
        autocomplete="username"
        value={props.mail}
        maxLength={254}
        invalid={faulty === 'mail'}
      />
      <Field
        name="displayName"
        label={words.displayName}
        type="text"
        autocomplete="nickname"
        value={props.displayName}
        hint={words.displayNameHint}
        invalid={faulty === 'displayName'}
        maxLength={80}
      />
    </>
  );
  return (
    <>
      <h1>{words.registerTitle}</h1>
      <p>{words.asks(appName)}</p>
      <Problem text={problem} />
      {faulty === 'mail' && (
        <p>
          <a href="/carry-over">{words.registerTaken}</a>
        </p>
      )}
      {stopped ? (
        <StoppedNotice locale={locale} name={words.register} stopped={stopped} />
      ) : (
        // One form, so that address and name are typed once; the script sends it to the passkey's address.
        <form
          method="post"
          action={`${at}/register`}
          class="card stack"
          data-passkey="create"
          data-passkey-action={`${at}/register/passkey`}
          data-passkey-name="mail"
          data-options={JSON.stringify(passkeyOptions)}
          data-failed={words.passkeyFailed}
          data-unsupported={words.passkeyUnsupported}
        >
          <FormToken token={formToken} />
          <input type="hidden" name="credential" value="" />
          {who}
          <p class="field__hint" id="passkey-hint" data-passkey-only hidden>
            {words.registerPasskeyHint}
          </p>
          <button
            class="button"
            type="button"
            data-passkey-start
            aria-describedby="passkey-hint"
            hidden
          >
            {words.registerPasskey}
          </button>
          <p class="notice notice--danger" role="alert" data-passkey-problem hidden />
          <noscript>
            <p class="muted">{words.passkeyNeedsScript}</p>
          </noscript>
          <p class="muted" data-passkey-only hidden>
            {words.or}
          </p>
          <Field
            name="password"
            label={words.password}
            type="password"
            autocomplete="new-password"
            hint={words.passwordHint}
            invalid={faulty === 'password'}
            maxLength={256}
          />
          <button class="button button--secondary" type="submit">
            {words.registerPassword}
          </button>
        </form>
      )}
      <p>
        <a href={at}>{words.logIn}</a>
      </p>
    </>
  );
}
