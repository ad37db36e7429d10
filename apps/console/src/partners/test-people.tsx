import type { JSX } from 'preact';
import { t, type Word } from '../words.ts';
import { useWorld } from '../world.ts';

/** The people of the seed and of the sandbox, by what they are good for. */
const PEOPLE: readonly { readonly who: string; readonly what: Word }[] = [
  { who: 'sato@example.com', what: 'testAsYouLeftIt' },
  { who: 'test-plain@example.com', what: 'testPasswordOnly' },
  { who: 'test-frozen@example.com', what: 'testFrozen' },
  { who: 'Kumo ID: 森 静香', what: 'testExternalOnly' },
  { who: 'Kumo ID: 李 明', what: 'testExternalOnly' },
];

/** Who may log in to an app that is being tested: told on one's own machine alone, where these people are. */
export function TestPeople(): JSX.Element | null {
  const { issuer } = useWorld();
  if (new URL(issuer).hostname !== 'localhost') return null;
  return (
    <section class="card stack">
      <h2>{t('testPeople')}</h2>
      <p>{t('testPeopleWhat')}</p>
      <ul>
        {PEOPLE.map(({ who, what }) => (
          <li key={who}>
            <code>{who}</code>: {t(what)}
          </li>
        ))}
      </ul>
    </section>
  );
}
