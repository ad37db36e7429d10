import type { Locale } from '@7pay/refusals';
import { Field, FormToken, Problem } from '../interaction/page-shell.tsx';
import { wordsOf } from '../interaction/words.ts';
import { AbortForm } from '../login/login.page.tsx';
import { firstLoginWords } from './first-login-words.ts';

export interface FirstLoginPageProps {
  readonly locale: Locale;
  readonly uid: string;
  readonly formToken: string;
  readonly problem: string | undefined;
  readonly provider: { readonly key: string; readonly name: string };
  readonly displayName: string;
}

/** A proven external ID of nobody: log in to the 7iD one has and link it, or become a member. It never says which one is. */
export function FirstLoginPage(props: FirstLoginPageProps) {
  const { locale, uid, formToken, problem, provider, displayName } = props;
  const words = firstLoginWords(locale);
  const common = wordsOf(locale);
  const at = `/interaction/${uid}`;
  return (
    <>
      <h1>{words.title}</h1>
      <p>{words.lead(provider.name)}</p>
      <Problem text={problem} />
      <section class="card stack" aria-labelledby="have">
        <h2 id="have">{words.have}</h2>
        <p>{words.haveLead(provider.name)}</p>
        <a class="button" href="/linked">
          {words.link}
        </a>
        <a class="button button--secondary" href={at}>
          {words.another}
        </a>
      </section>
      <section class="card stack" aria-labelledby="fresh">
        <h2 id="fresh">{words.fresh}</h2>
        <p>{words.freshLead}</p>
        <form method="post" action={`${at}/external/${provider.key}/register`} class="stack">
          <FormToken token={formToken} />
          <Field
            name="displayName"
            label={common.displayName}
            type="text"
            autocomplete="nickname"
            value={displayName}
            maxLength={80}
            hint={common.displayNameHint}
            invalid={problem !== undefined}
          />
          <button class="button button--secondary" type="submit">
            {words.register}
          </button>
        </form>
      </section>
      <AbortForm uid={uid} formToken={formToken} label={common.abort} />
    </>
  );
}
