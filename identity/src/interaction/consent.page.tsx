import type { Locale } from '@7pay/refusals';
import type { PaymentInitiation } from '@7pay/graphql';
import { FormToken } from './page-shell.tsx';
import { wordsOf } from './words.ts';

export interface ConsentPageProps {
  readonly locale: Locale;
  readonly uid: string;
  readonly formToken: string;
  readonly appName: string;
  /** What is asked for and was not granted yet. */
  readonly scopes: readonly string[];
  /** The payments that the app asks the member to agree to. */
  readonly payments?: readonly PaymentInitiation[];
  /** What the app says of its handling of data, and its terms, on its own site. */
  readonly policyUri?: string | undefined;
  readonly termsUri?: string | undefined;
}

/** I4: what a partner asks for, each in a sentence, and until when. */
export function ConsentPage(props: ConsentPageProps) {
  const { locale, uid, formToken, appName, scopes, payments = [], policyUri, termsUri } = props;
  const words = wordsOf(locale);
  const links = [
    { uri: policyUri, text: words.consentPolicy(appName) },
    { uri: termsUri, text: words.consentTerms(appName) },
  ];
  return (
    <>
      <h1>{words.consentTitle}</h1>
      <section class="card stack" aria-label={words.consentTitle}>
        <p>{words.consentLead(appName)}</p>
        <ul>
          {scopes.map((scope) => (
            <li key={scope}>{words.scopes[scope] ?? scope}</li>
          ))}
        </ul>
        {payments.map(({ amount, payee, paymentId }) => (
          <p key={paymentId}>
            <strong>{words.consentPayment(payee.name, amount.value)}</strong>
          </p>
        ))}
        <p class="muted">
          {scopes.includes('offline_access') ? words.consentOffline : words.consentUntil}
        </p>
        {links.map(({ uri, text }) =>
          uri === undefined ? null : (
            <p key={uri}>
              <a href={uri} target="_blank" rel="noopener noreferrer">
                {text}
              </a>
            </p>
          ),
        )}
        <form method="post" action={`/interaction/${uid}/consent`} class="row">
          <FormToken token={formToken} />
          <button class="button" type="submit">
            {words.allow}
          </button>
          <button
            class="button button--secondary"
            type="submit"
            formaction={`/interaction/${uid}/abort`}
          >
            {words.deny}
          </button>
        </form>
      </section>
    </>
  );
}
