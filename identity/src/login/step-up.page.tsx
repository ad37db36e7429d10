import type { Locale } from '@7pay/refusals';
import { Problem } from '../interaction/page-shell.tsx';
import { PasskeyForm } from '../interaction/passkey-parts.tsx';
import { wordsOf } from '../interaction/words.ts';
import { AskAnotherDevice } from '../device-approval/device-approval-parts.tsx';
import { CodeForms } from '../second-factor/code-forms.tsx';
import { FirstAppInstead } from '../second-factor/first-app.page.tsx';
import { SentCodeForm } from '../second-factor/sent-code-form.tsx';
import { AbortForm } from './login.page.tsx';

export interface StepUpPageProps {
  readonly locale: Locale;
  readonly uid: string;
  readonly formToken: string;
  readonly appName: string;
  readonly problem: string | undefined;
  /** `get`: confirm with a passkey the member has. `create`: the member has none and registers one. */
  readonly ceremony?: { readonly kind: 'get' | 'create'; readonly options: object } | undefined;
  /** Confirm with a code instead, where that is enough. */
  readonly codes?: { app: boolean; sms: string | null; smsSent: boolean } | undefined;
  /** Before the first passkey of a member who has nothing else: a code to this contact. */
  readonly contact?: { readonly address: string; readonly isSent: boolean } | undefined;
  /** An authenticator app may be the first factor instead of a passkey. */
  readonly mayUseApp?: boolean;
  /** Have another device approve instead; its number is there while it waits. */
  readonly device?: { readonly number: string | null } | undefined;
}

/** A stronger proof is asked for: the member's passkey or a code, or a first passkey. */
export function StepUpPage(props: StepUpPageProps) {
  const { locale, uid, formToken, appName, problem, ceremony, codes, contact, mayUseApp, device } =
    props;
  const words = wordsOf(locale);
  const creates = ceremony?.kind === 'create' || contact !== undefined;
  const title = creates ? words.enrolTitle : words.stepUpTitle;
  const lead = codes
    ? words.stepUpCodeLead
    : contact
      ? words.enrolCodeLead(contact.address)
      : creates
        ? words.enrolLead
        : words.stepUpLead;
  return (
    <>
      <h1>{title}</h1>
      <p>{words.asks(appName)}</p>
      <Problem text={problem} />
      <section class="card stack" aria-label={title}>
        <p>{lead}</p>
        {ceremony && (
          <PasskeyForm
            locale={locale}
            action={`/interaction/${uid}/${creates ? 'enrol' : 'passkey'}`}
            formToken={formToken}
            ceremony={ceremony.kind}
            options={ceremony.options}
            label={creates ? words.enrol : words.usePasskey}
          />
        )}
        {contact && (
          <SentCodeForm
            name="mail"
            at={`/interaction/${uid}`}
            formToken={formToken}
            isSent={contact.isSent}
            invalid={problem !== undefined}
            words={{
              send: words.enrolSend(contact.address),
              again: words.enrolSendAgain,
              code: words.enrolCode,
              confirm: words.stepUpConfirm,
            }}
          />
        )}
        {mayUseApp === true && (
          <>
            <p class="muted">{words.or}</p>
            <FirstAppInstead {...{ locale, uid, formToken }} />
          </>
        )}
        {ceremony && codes && <p class="muted">{words.or}</p>}
        {codes && (
          <CodeForms
            locale={locale}
            at={`/interaction/${uid}`}
            formToken={formToken}
            invalid={problem !== undefined}
            {...codes}
          />
        )}
        {(ceremony || codes) && device && <p class="muted">{words.or}</p>}
        {device && (
          <AskAnotherDevice
            locale={locale}
            at={`/interaction/${uid}`}
            formToken={formToken}
            number={device.number}
          />
        )}
      </section>
      <AbortForm uid={uid} formToken={formToken} label={words.abort} />
    </>
  );
}
