import type { Locale } from '@7pay/refusals';
import { FormToken } from '../interaction/page-shell.tsx';
import { CodeForm, SENT_MAX } from '../one-time-code/code-form.tsx';
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
        <CodeForm
          action={`${at}/code`}
          formToken={formToken}
          label={words.stepUpCode}
          button={words.stepUpConfirm}
          invalid={invalid && !smsSent}
        />
      )}
      {sms !== null && smsSent && (
        <CodeForm
          action={`${at}/sms-code`}
          id="sms-code"
          formToken={formToken}
          label={words.stepUpSmsCode}
          button={words.stepUpConfirm}
          maxLength={SENT_MAX}
          invalid={invalid}
        />
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
