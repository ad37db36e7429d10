import type { Locale } from '@7pay/refusals';
import type { VNode } from 'preact';
import { wordsOf } from './words.ts';

export interface ErrorPageProps {
  readonly locale: Locale;
  readonly code: string;
  /** What the person can do. */
  readonly sentence: string;
  /** JST, to the minute. */
  readonly time: string;
  readonly reference: string;
  readonly again: string | null;
  /** More for those who build the app. */
  readonly detail?: VNode | undefined;
}

/** I7: what to do, and a code, a time and a reference to read out to support. */
export function ErrorPage({
  locale,
  code,
  sentence,
  time,
  reference,
  again,
  detail,
}: ErrorPageProps) {
  const words = wordsOf(locale);
  return (
    <>
      <h1>{words.errorTitle}</h1>
      <section class="card stack" aria-label={words.errorTitle}>
        <p class="notice notice--danger" role="alert">
          {sentence}
        </p>
        <dl>
          <dt>{words.code}</dt>
          <dd>
            <code>{code}</code>
          </dd>
          <dt>{words.time}</dt>
          <dd>{time}</dd>
          <dt>ID</dt>
          <dd>
            <code>{reference}</code>
          </dd>
        </dl>
        {detail}
        {again !== null && (
          <a class="button" href={again}>
            {words.again}
          </a>
        )}
      </section>
    </>
  );
}
