import type { Locale } from '@7pay/refusals';
import { Problem } from '../interaction/page-shell.tsx';
import { PasskeyForm } from '../interaction/passkey-parts.tsx';
import { wordsOf } from '../interaction/words.ts';
import { AbortForm } from './login.page.tsx';

export interface StepUpPageProps {
  readonly locale: Locale;
  readonly uid: string;
  readonly formToken: string;
  readonly appName: string;
  readonly problem: string | undefined;
  /** `get`: confirm with a passkey the member has. `create`: the member has none and registers one. */
  readonly ceremony: 'get' | 'create';
  readonly options: object;
}

/** A stronger proof is asked for: the member's passkey, or a first one. */
export function StepUpPage(props: StepUpPageProps) {
  const { locale, uid, formToken, appName, problem, ceremony, options } = props;
  const words = wordsOf(locale);
  const creates = ceremony === 'create';
  return (
    <>
      <h1>{creates ? words.enrolTitle : words.stepUpTitle}</h1>
      <p>{words.asks(appName)}</p>
      <Problem text={problem} />
      <section class="card stack" aria-label={creates ? words.enrolTitle : words.stepUpTitle}>
        <p>{creates ? words.enrolLead : words.stepUpLead}</p>
        <PasskeyForm
          locale={locale}
          action={`/interaction/${uid}/${creates ? 'enrol' : 'passkey'}`}
          formToken={formToken}
          ceremony={ceremony}
          options={options}
          label={creates ? words.enrol : words.usePasskey}
        />
      </section>
      <AbortForm uid={uid} formToken={formToken} label={words.abort} />
    </>
  );
}
