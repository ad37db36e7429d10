import type { Locale } from '@7pay/refusals';
import { Problem } from '../interaction/page-shell.tsx';
import { deviceWords } from './device-words.ts';

interface FormProps {
  readonly locale: Locale;
  readonly action: string;
  readonly xsrf: string;
}

/** Where a person types the code of a screen. */
export function UserCodePage(props: FormProps & { readonly problem: string | undefined }) {
  const { locale, action, xsrf, problem } = props;
  const words = deviceWords(locale);
  return (
    <>
      <h1>{words.title}</h1>
      <Problem text={problem} />
      <section class="card stack" aria-label={words.title}>
        <p>{words.lead}</p>
        <form method="post" action={action} class="stack">
          <input type="hidden" name="xsrf" value={xsrf} />
          <div class="field">
            <label class="field__label" for="user_code">
              {words.code}
            </label>
            <input
              id="user_code"
              name="user_code"
              type="text"
              autocomplete="off"
              autocapitalize="characters"
              spellcheck={false}
              maxlength={20}
              required
            />
          </div>
          <button class="button" type="submit">
            {words.next}
          </button>
        </form>
      </section>
    </>
  );
}

/** Which app it is, and whether the code is the one on the screen: the person's one chance to see a fraud. */
export function ConfirmDevicePage(
  props: FormProps & { readonly appName: string; readonly userCode: string },
) {
  const { locale, action, xsrf, appName, userCode } = props;
  const words = deviceWords(locale);
  return (
    <>
      <h1>{words.confirmTitle}</h1>
      <section class="card stack" aria-label={words.confirmTitle}>
        <p>{words.confirmLead(appName)}</p>
        <p>
          <code>{userCode}</code>
        </p>
        <p class="notice">{words.confirmWarning}</p>
        <form method="post" action={action} class="row">
          <input type="hidden" name="xsrf" value={xsrf} />
          <input type="hidden" name="user_code" value={userCode} />
          <input type="hidden" name="confirm" value="yes" />
          <button class="button" type="submit">
            {words.confirm}
          </button>
          <button class="button button--secondary" type="submit" name="abort" value="yes">
            {words.abort}
          </button>
        </form>
      </section>
    </>
  );
}

export function DeviceDonePage({ locale }: { locale: Locale }) {
  const words = deviceWords(locale);
  return (
    <>
      <h1>{words.doneTitle}</h1>
      <section class="card" aria-label={words.doneTitle}>
        <p role="status">{words.done}</p>
      </section>
    </>
  );
}
