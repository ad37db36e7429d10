import type { Locale } from '@7pay/refusals';
import { FormToken } from '../interaction/page-shell.tsx';
import { japanTime, wordsOf } from '../interaction/words.ts';
import type { NotMe } from './not-me.ts';
import { notMeWordsOf } from './not-me-words.ts';

/** A10: one event, one button. */
export function NotMePage(props: {
  locale: Locale;
  notMe: NotMe;
  action: string;
  formToken: string;
}) {
  const { locale, notMe, action, formToken } = props;
  const words = notMeWordsOf(locale);
  return (
    <>
      <h1>{words.title}</h1>
      <p>
        <strong>{words.event[notMe.kind]}</strong>
        <br />
        {wordsOf(locale).time}: {japanTime(notMe.since, locale)}
      </p>
      <p>{words.lead}</p>
      <form method="post" action={action} class="card stack">
        <FormToken token={formToken} />
        <button class="button button--danger" type="submit">
          {words.button}
        </button>
      </form>
      <p class="muted">{words.mine}</p>
    </>
  );
}

/** What was done, and the next three steps. */
export function StoppedPage(props: { locale: Locale; reference: string; at: Date }) {
  const { locale, reference, at } = props;
  const words = notMeWordsOf(locale);
  return (
    <>
      <h1>{words.doneTitle}</h1>
      <p>{words.doneLead}</p>
      <ul>
        {words.done.map((each) => (
          <li>{each}</li>
        ))}
      </ul>
      <h2>{words.next}</h2>
      <ol>
        {words.steps.map((step) => (
          <li>{step}</li>
        ))}
      </ol>
      <p class="muted">
        {words.reference}: {reference}
        <br />
        {wordsOf(locale).time}: {japanTime(at, locale)}
      </p>
    </>
  );
}

/** The same for a link that was used, is over, or never was one. */
export function GonePage({ locale }: { locale: Locale }) {
  const words = notMeWordsOf(locale);
  return (
    <>
      <h1>{words.goneTitle}</h1>
      <p>{words.goneLead}</p>
    </>
  );
}
