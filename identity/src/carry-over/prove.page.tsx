import type { Locale } from '@7pay/refusals';
import { Field, FormToken, Problem } from '../interaction/page-shell.tsx';
import { CodeForm, SENT_MAX } from '../one-time-code/code-form.tsx';
import { carryOverWords } from './carry-over-words.ts';

export interface ProvePageProps {
  readonly locale: Locale;
  readonly formToken: string;
  readonly problem: string | undefined;
  /** Where an external ID that works confirms it; null when none does. */
  readonly logIn: string | null;
  readonly stopped: readonly { readonly key: string; readonly name: string }[];
  readonly isSent: boolean;
}

/** Who is it: by the external ID while it works, else by a contact. */
export function ProvePage(props: ProvePageProps) {
  const { locale, problem, logIn, stopped, isSent } = props;
  const words = carryOverWords(locale);
  return (
    <>
      <h1>{words.title}</h1>
      <p>{words.lead}</p>
      <Problem text={problem} />
      {logIn !== null && (
        <section class="card stack" aria-label={words.logInWith}>
          <p>{words.openLead}</p>
          <a class="button" href={logIn}>
            {words.logInWith}
          </a>
        </section>
      )}
      {isSent && <Code {...props} />}
      {stopped.length > 0 && <ByContact {...props} />}
      <Claim {...props} />
    </>
  );
}

function ByContact({ locale, formToken, problem, stopped, isSent }: ProvePageProps) {
  const words = carryOverWords(locale);
  return (
    <section class="card stack" aria-labelledby="stopped">
      <h2 id="stopped">{words.stoppedTitle}</h2>
      <p>{words.stoppedLead(stopped.map(({ name }) => name).join(', '))}</p>
      <form method="post" action="/carry-over/code" class="stack">
        <FormToken token={formToken} />
        <div class="field">
          <label class="field__label" for="provider">
            {words.provider}
          </label>
          <select id="provider" name="provider">
            {stopped.map(({ key, name }) => (
              <option key={key} value={key}>
                {name}
              </option>
            ))}
          </select>
        </div>
        <Field
          name="address"
          label={words.address}
          type="text"
          autocomplete="email"
          maxLength={254}
          invalid={problem !== undefined && !isSent}
        />
        <button class={isSent ? 'button button--secondary' : 'button'} type="submit">
          {words.send}
        </button>
      </form>
    </section>
  );
}

function Code({ locale, formToken, problem }: ProvePageProps) {
  const words = carryOverWords(locale);
  return (
    <section class="card stack" aria-label={words.code}>
      <p class="notice" role="status">
        {words.sent}
      </p>
      <CodeForm
        action="/carry-over/proof"
        formToken={formToken}
        label={words.code}
        button={words.confirm}
        maxLength={SENT_MAX}
        invalid={problem !== undefined}
      />
    </section>
  );
}

function Claim({ locale, formToken }: ProvePageProps) {
  const words = carryOverWords(locale);
  return (
    <section class="card stack" aria-labelledby="claim">
      <h2 id="claim">{words.claimTitle}</h2>
      <p>{words.claimLead}</p>
      <form method="post" action="/carry-over/claim" class="stack">
        <FormToken token={formToken} />
        <Field
          id="claim-address"
          name="address"
          label={words.claimAddress}
          type="email"
          autocomplete="email"
          maxLength={254}
        />
        <button class="button button--secondary" type="submit">
          {words.send}
        </button>
      </form>
    </section>
  );
}
