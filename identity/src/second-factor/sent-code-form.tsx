import { FormToken } from '../interaction/page-shell.tsx';
import { CodeForm, SENT_MAX } from '../one-time-code/code-form.tsx';

/** The forms by which a member has a code sent, and types it. */
export function SentCodeForm(props: {
  /** Where the forms go: under this name to have it sent, and with `-code` behind it to show it. */
  name: 'sms' | 'mail';
  at: string;
  formToken: string;
  isSent: boolean;
  invalid: boolean;
  words: { send: string; again: string; code: string; confirm: string };
}) {
  const { name, at, formToken, isSent, invalid, words } = props;
  return (
    <>
      {isSent && (
        <CodeForm
          action={`${at}/${name}-code`}
          id={`${name}-code`}
          formToken={formToken}
          label={words.code}
          button={words.confirm}
          maxLength={SENT_MAX}
          invalid={invalid}
        />
      )}
      <form method="post" action={`${at}/${name}`} class="stack">
        <FormToken token={formToken} />
        <button class="button button--secondary" type="submit">
          {isSent ? words.again : words.send}
        </button>
      </form>
    </>
  );
}
