import type { Locale } from '@7pay/refusals';
import { CodeForm } from '../one-time-code/code-form.tsx';
import { wordsOf } from '../interaction/words.ts';
import { SentCodeForm } from './sent-code-form.tsx';

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
      {sms !== null && (
        <SentCodeForm
          name="sms"
          at={at}
          formToken={formToken}
          isSent={smsSent}
          invalid={invalid}
          words={{
            send: words.stepUpSms(sms),
            again: words.stepUpSmsAgain,
            code: words.stepUpSmsCode,
            confirm: words.stepUpConfirm,
          }}
        />
      )}
    </>
  );
}
