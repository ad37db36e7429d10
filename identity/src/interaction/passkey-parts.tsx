import type { Locale } from '@7pay/refusals';
import type { ComponentChildren } from 'preact';
import { FormToken } from './page-shell.tsx';
import { wordsOf } from './words.ts';

/**
 * A form that only the script can finish: it asks the authenticator with the options at hand, puts the answer
 * into the hidden field and sends the form. Without script its button stays hidden and a sentence says why.
 */
export function PasskeyForm(props: {
  locale: Locale;
  action: string;
  formToken: string;
  ceremony: 'create' | 'get';
  options: object;
  label: string;
  children?: ComponentChildren;
}) {
  const { locale, action, formToken, ceremony, options, label, children } = props;
  const words = wordsOf(locale);
  return (
    <form
      method="post"
      action={action}
      class="stack"
      data-passkey={ceremony}
      data-options={JSON.stringify(options)}
      data-failed={words.passkeyFailed}
      data-unsupported={words.passkeyUnsupported}
    >
      <FormToken token={formToken} />
      <input type="hidden" name="credential" value="" />
      {children}
      <button class="button" type="submit" hidden>
        {label}
      </button>
      <p class="notice notice--danger" role="alert" data-passkey-problem hidden />
      <noscript>
        <p class="muted">{words.passkeyNeedsScript}</p>
      </noscript>
    </form>
  );
}
