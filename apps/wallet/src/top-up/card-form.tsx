import { Button, ErrorPanel, Field, RefusalPanel, useMutation } from '@7pay/ui';
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { type Card, chargeCard, type TopUp, type TopUpLimits } from '../charge-operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import { cardName } from './card-list.tsx';

/** Which card, and how much. Where the issuer asks, the person goes to its page and comes back. */
export function CardForm(props: {
  cards: readonly Card[];
  limits: readonly TopUpLimits[];
  onDone: (topUp: TopUp) => void;
}): JSX.Element {
  const { graph, newId } = useWorld();
  const [cardId, setCardId] = useState(props.cards[0]?.id ?? '');
  const [amount, setAmount] = useState('3000');
  const topUpId = useRef(newId()); // the same number until it is done: pressed twice, it charges once
  const [act, send] = useMutation(graph, chargeCard, {
    root: 'topUpByCard',
    success: ['TopUpAccepted', 'ChallengeRequired'],
  });
  const card = props.cards.find(({ id }) => id === cardId) ?? props.cards[0];
  const limits = props.limits.find(({ source }) => source === card?.funding);
  const charge = async (event: Event) => {
    event.preventDefault();
    if (!card) return;
    const input = { topUpId: topUpId.current, cardId: card.id, amount: Number(amount) };
    const outcome = await send({ input });
    if ('refusal' in outcome) topUpId.current = newId();
    if (!('done' in outcome)) return;
    if (outcome.done.__typename === 'ChallengeRequired') return location.assign(outcome.done.url);
    topUpId.current = newId();
    props.onDone(outcome.done.topUp);
  };
  return (
    <form class="stack" onSubmit={(event) => void charge(event)}>
      <Field label={t('cardField')}>
        <select
          value={card?.id}
          onChange={(event) => {
            setCardId(event.currentTarget.value);
            topUpId.current = newId();
          }}
        >
          {props.cards.map((each) => (
            <option key={each.id} value={each.id}>
              {cardName(each)}
            </option>
          ))}
        </select>
      </Field>
      <Field label={t('amountField')}>
        <input
          type="number"
          inputMode="numeric"
          required
          min={limits?.step ?? 1_000}
          max={limits?.largest ?? 30_000}
          step={limits?.step ?? 1_000}
          value={amount}
          onInput={(event) => {
            setAmount(event.currentTarget.value);
            topUpId.current = newId();
          }}
        />
      </Field>
      {act.fault && <ErrorPanel fault={act.fault} />}
      {act.fault?.kind === 'UNKNOWN_OUTCOME' && <p>{t('chargeAgainSafe')}</p>}
      {act.refusal && <RefusalPanel refusal={act.refusal} />}
      <Button type="submit" wide busy={act.busy}>
        {t('charge')}
      </Button>
    </form>
  );
}
