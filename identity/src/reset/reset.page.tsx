import type { Locale } from '@7pay/refusals';
import { Field, FormToken, Problem } from '../interaction/page-shell.tsx';
import { CodeForm, SENT_MAX } from '../one-time-code/code-form.tsx';
import { PasskeyForm } from '../interaction/passkey-parts.tsx';
import { AbortForm } from '../login/login.page.tsx';
import { resetWordsOf } from './reset-words.ts';

export interface ResetPageProps {
  readonly locale: Locale;
  readonly uid: string;
  readonly formToken: string;
  readonly problem: string | undefined;
  /** The account that it is about, masked, so that nobody sets the password of another one of theirs. */
  readonly account: string;
  readonly displayName: string;
  /** Why a new password is set. */
  readonly lead: string;
  /** PROVE: show that it is you. CODE: a code was sent. PASSWORD: set the new one. */
  readonly step: 'PROVE' | 'CODE' | 'PASSWORD';
  /** Options of the passkey ceremony; null for a member without a passkey. */
  readonly passkeyOptions: object | null;
  readonly canMail: boolean;
}

/** I6: why, which account, three steps; the balance stays as it is. */
export function ResetPage(props: ResetPageProps) {
  const { locale, uid, formToken, problem, step, passkeyOptions } = props;
  const words = resetWordsOf(locale);
  const at = `/interaction/${uid}/reset`;
  return (
    <>
      <h1>{words.title}</h1>
      <p>{props.lead}</p>
      <p>
        <strong>{words.account(props.displayName, props.account)}</strong> {words.balance}
      </p>
      <Problem text={problem} />
      {step === 'PASSWORD' ? (
        <form method="post" action={`${at}/password`} class="card stack">
          <FormToken token={formToken} />
          <Field
            name="password"
            label={words.newPassword}
            type="password"
            autocomplete="new-password"
            maxLength={256}
            hint={words.hint}
            invalid={problem !== undefined}
          />
          <button class="button" type="submit">
            {words.set}
          </button>
        </form>
      ) : (
        <section class="card stack" aria-label={words.prove}>
          {passkeyOptions && (
            <PasskeyForm
              locale={locale}
              action={`${at}/passkey`}
              formToken={formToken}
              ceremony="get"
              options={passkeyOptions}
              label={words.passkey}
            />
          )}
          {step === 'CODE' && (
            <CodeForm
              action={`${at}/proof`}
              formToken={formToken}
              label={words.code}
              button={words.confirm}
              maxLength={SENT_MAX}
              invalid={problem !== undefined}
            />
          )}
          {props.canMail && (
            <form method="post" action={`${at}/code`} class="stack">
              <FormToken token={formToken} />
              <button class="button button--secondary" type="submit">
                {step === 'CODE' ? words.again : words.send(props.account)}
              </button>
            </form>
          )}
          {!passkeyOptions && !props.canMail && <p>{words.noWay}</p>}
        </section>
      )}
      <AbortForm uid={uid} formToken={formToken} label={words.abort} />
    </>
  );
}
