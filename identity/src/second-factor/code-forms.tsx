import type { Locale } from '@7pay/refusals';
import { Field, FormToken } from '../interaction/page-shell.tsx';
import { wordsOf } from '../interaction/words.ts';

/** The forms by which a member shows a code of the app, a recovery code, or one that came by SMS. */
export function CodeForms(props: {
  locale: Locale;
  /** Where the forms go: `code`, `sms` and `sms-code` under it. */
  at: string;
  formToken: string;
  app: boolean;
  sms: string | null;
  smsSent: boolean;
  invalid: boolean;
}) {
  const { locale, at, formToken, app, sms, smsSent, invalid } = props;
  const words = wordsOf(locale);
  return (
    <>
      {app && (
        <form method="post" action={`${at}/code`} class="stack">
          <FormToken token={formToken} />
          <Field
            name="code"
            label={words.stepUpCode}
            type="text"
            autocomplete="one-time-code"
            maxLength={40}
            invalid={invalid && !smsSent}
          />
          <button class="button" type="submit">
            {words.stepUpConfirm}
          </button>
        </form>
      )}
      {sms !== null && smsSent && (
        <form method="post" action={`${at}/sms-code`} class="stack">
          <FormToken token={formToken} />
          <Field
            name="code"
            id="sms-code"
            label={words.stepUpSmsCode}
            type="text"
            autocomplete="one-time-code"
            maxLength={20}
            invalid={invalid}
          />
          <button class="button" type="submit">
            {words.stepUpConfirm}
          </button>
        </form>
      )}
      {sms !== null && (
        <form method="post" action={`${at}/sms`} class="stack">
          <FormToken token={formToken} />
          <button class="button button--secondary" type="submit">
            {smsSent ? words.stepUpSmsAgain : words.stepUpSms(sms)}
          </button>
        </form>
      )}
    </>
  );
}
