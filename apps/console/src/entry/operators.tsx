import { Button, ErrorPanel, Loading, Notice, Page } from '@7pay/ui';
import { type ComponentChildren, createContext, type JSX } from 'preact';
import { useContext } from 'preact/hooks';
import { type Place, placesFor } from '../places.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import { type Duty, dutyWords } from './duty.ts';
import { useWho } from './who.tsx';

const ActsContext = createContext<readonly Duty[]>([]);

/** The id of the operator at the screen: who proposed something cannot be its second person. */
export function useOperatorId(): string {
  return useWho().me?.id ?? '';
}

/** What can be done on this part of a page, for those of its duty; the others read the rest. */
export function Acts({ children }: { children: ComponentChildren }): JSX.Element | null {
  const acts = useContext(ActsContext);
  const { me } = useWho();
  return acts.some((duty) => me?.duties.includes(duty)) ? <>{children}</> : null;
}

/** A part of a page where others act than on the rest. */
export const ActsOf = ActsContext.Provider;

/** Lets those through who read the page. The graph decides; this only says it in words before any screen asks. */
export function Operators({
  place,
  children,
}: {
  place: Place;
  children: ComponentChildren;
}): JSX.Element {
  const { me, isKnown, fault, again } = useWho();
  const duties = me?.duties ?? [];
  if (place.reads.some((duty) => duties.includes(duty))) {
    return <ActsOf value={place.acts}>{children}</ActsOf>;
  }
  if (duties.length > 0) return <OfOthers place={place} duties={duties} />;
  return (
    <Page title={t('entryTitle')} face={t('name')}>
      {isKnown ? (
        <NoOperator />
      ) : fault ? (
        <ErrorPanel fault={fault} onRetry={again} />
      ) : (
        <Loading />
      )}
    </Page>
  );
}

function NoOperator(): JSX.Element {
  const { session } = useWorld();
  return (
    <Notice kind="danger" title={t('notOperator')}>
      <p>{t('notOperatorWhat')}</p>
      <div class="row">
        <Button kind="secondary" onClick={() => void session.signOut()}>
          {t('logOut')}
        </Button>
      </div>
    </Notice>
  );
}

/** A page of others: whose it is, and the ways on that are there. */
function OfOthers({ place, duties }: { place: Place; duties: readonly Duty[] }): JSX.Element {
  const words = (all: readonly Duty[]) =>
    all.map((duty) => t(dutyWords[duty])).join(t('listJoint'));
  return (
    <Page title={t(place.word)} face={t('name')}>
      <Notice kind="caution" title={t('otherDuty')}>
        <p>{t('otherDutyWhat', { theirs: words(place.reads), own: words(duties) })}</p>
      </Notice>
      <h2>{t('ownPlaces')}</h2>
      <ul>
        {placesFor(duties).map(({ path, word }) => (
          <li key={path}>
            <a href={path}>{t(word)}</a>
          </li>
        ))}
      </ul>
    </Page>
  );
}
