import { Button, ErrorPanel, RefusalPanel, useMutation } from '@7pay/ui';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { type Card, registerCard, removeCard } from '../charge-operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';

/** A card as people tell theirs apart. */
export const cardName = ({ brand, funding, lastFour, expires }: Card): string =>
  t(funding === 'CREDIT' ? 'cardCredit' : 'cardDebit', { brand, lastFour, expires });

/** The member's cards. Adding one goes on at the acquirer's page, where its number is typed. */
export function CardList(props: { cards: readonly Card[]; onChanged: () => void }): JSX.Element {
  const { graph, newId } = useWorld();
  const registrationId = useRef(newId());
  const [adding, begin] = useMutation(graph, registerCard, {
    root: 'registerCard',
    success: ['CardEntryStarted'],
  });
  const [removing, remove] = useMutation(graph, removeCard, {
    root: 'removeCard',
    success: ['CardRemoved'],
  });
  const add = async () => {
    const outcome = await begin({ input: { registrationId: registrationId.current } });
    if ('done' in outcome) location.assign(outcome.done.url);
  };
  const drop = async (cardId: string) => {
    const outcome = await remove({ input: { cardId } });
    if ('done' in outcome) props.onChanged();
  };
  return (
    <section class="stack stack--tight" aria-labelledby="cards">
      <h2 id="cards">{t('cardsTitle')}</h2>
      {props.cards.length === 0 ? (
        <p class="muted">{t('cardsEmpty')}</p>
      ) : (
        <ul class="list">
          {props.cards.map((card) => (
            <li key={card.id} class="row row--apart">
              <span>{cardName(card)}</span>
              <Button kind="plain" busy={removing.busy} onClick={() => void drop(card.id)}>
                {t('cardRemove')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {[adding, removing].map(({ refusal, fault }) => (
        <>
          {refusal && <RefusalPanel refusal={refusal} />}
          {fault && <ErrorPanel fault={fault} />}
        </>
      ))}
      <Button kind="secondary" wide busy={adding.busy} onClick={() => void add()}>
        {t('cardAdd')}
      </Button>
      <p class="muted small">{t('cardAddHint')}</p>
    </section>
  );
}
