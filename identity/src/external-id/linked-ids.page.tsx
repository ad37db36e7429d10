import type { Locale } from '@7pay/refusals';
import { FormToken, Problem } from '../interaction/page-shell.tsx';
import { japanTime } from '../interaction/words.ts';
import { linkedIdsWords } from './linked-ids-words.ts';

/** One provider as the page shows it. */
export interface ShownProvider {
  readonly key: string;
  readonly name: string;
  readonly isOpen: boolean;
  /** Null where nothing is linked. */
  readonly link: {
    readonly since: Date;
    readonly lastUsedAt: Date | null;
    /** Whether nothing else would let the member in. */
    readonly isLastWay: boolean;
  } | null;
}

export interface LinkedIdsPageProps {
  readonly locale: Locale;
  readonly formToken: string;
  readonly notice: string | undefined;
  readonly problem: string | undefined;
  readonly providers: readonly ShownProvider[];
}

/** I5: provider, since when, last use, unlink; what can be linked; no button that leads nowhere. */
export function LinkedIdsPage(props: LinkedIdsPageProps) {
  const { locale, notice, problem, providers } = props;
  const words = linkedIdsWords(locale);
  const linked = providers.filter(({ link }) => link !== null);
  const others = providers.filter(({ link }) => link === null);
  return (
    <>
      <h1>{words.title}</h1>
      <p>{words.lead}</p>
      <Problem text={problem} />
      {notice !== undefined && (
        <p class="notice" role="status">
          {notice}
        </p>
      )}
      <section class="card stack" aria-labelledby="linked">
        <h2 id="linked">{words.linked}</h2>
        {linked.length === 0 && <p>{words.none}</p>}
        {linked.map((provider) => (
          <Linked key={provider.key} {...props} provider={provider} />
        ))}
      </section>
      {others.length > 0 && (
        <section class="card stack" aria-labelledby="others">
          <h2 id="others">{words.others}</h2>
          {others.map((provider) => (
            <Other key={provider.key} {...props} provider={provider} />
          ))}
        </section>
      )}
    </>
  );
}

type PartProps = Pick<LinkedIdsPageProps, 'locale' | 'formToken'> & { provider: ShownProvider };

function Linked({ locale, formToken, provider: { key, name, isOpen, link } }: PartProps) {
  const words = linkedIdsWords(locale);
  if (!link) return null;
  const { since, lastUsedAt, isLastWay } = link;
  return (
    <div class="stack">
      <h3>{name}</h3>
      <p class="muted">
        {words.since(japanTime(since, locale))}
        <br />
        {lastUsedAt ? words.lastUsed(japanTime(lastUsedAt, locale)) : words.neverUsed}
      </p>
      {!isOpen && (
        <p class="notice" role="note">
          {words.stopped(name)}
        </p>
      )}
      {isLastWay ? (
        <>
          <p>{words.last}</p>
          <a class="button" href="/carry-over">
            {words.carryOver}
          </a>
        </>
      ) : (
        <form method="post" action={`/linked/${key}/unlink`} class="stack">
          <FormToken token={formToken} />
          <p class="muted">{words.unlinkHint}</p>
          <button class="button button--secondary" type="submit">
            {words.unlink(name)}
          </button>
        </form>
      )}
    </div>
  );
}

// A link and no form: a browser holds the redirects after a form to our own addresses.
function Other({ locale, formToken, provider: { key, name, isOpen } }: PartProps) {
  const words = linkedIdsWords(locale);
  return isOpen ? (
    <a
      class="button button--secondary"
      href={`/linked/${key}/link?form=${formToken}`}
      rel="nofollow"
    >
      {words.link(name)}
    </a>
  ) : (
    <p class="notice" role="note">
      {words.stopped(name)}
    </p>
  );
}

/** What is left to see after unlinking: nobody is logged in any more. */
export function UnlinkedPage({ locale, name }: { locale: Locale; name: string }) {
  const words = linkedIdsWords(locale);
  return (
    <>
      <h1>{words.unlinkedTitle}</h1>
      <p class="notice" role="status">
        {words.unlinked(name)}
      </p>
      <a class="button" href="/linked">
        {words.again}
      </a>
    </>
  );
}
