import { Button, ErrorPanel, Field, Notice, RefusalPanel, useMutation } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { type Card, chargeCard, type TopUp, type TopUpLimits } from '../charge-operations.ts';
import type { OpenRequestAtHand } from '../open-request/use-open-request.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import { cardName } from './card-list.tsx';

/** What a card is charged with. */
export interface CardCharge {
  readonly cardId: string;
  readonly amount: number;
}

/** Which card, and how much; both stay as they were sent until the answer is clear. Where the issuer asks, the person goes to its page and comes back. */
export function CardForm(props: {
  cards: readonly Card[];
  limits: readonly TopUpLimits[];
  request: OpenRequestAtHand<CardCharge>;
  onDone: (topUp: TopUp) => void;
}): JSX.Element {
  const { graph } = useWorld();
  const { open, send: sendOnce } = props.request;
  const [cardId, setCardId] = useState(open?.what.cardId ?? props.cards[0]?.id ?? '');
  const [amount, setAmount] = useState(String(open?.what.amount ?? 3_000));
  const [act, send] = useMutation(graph, chargeCard, {
    root: 'topUpByCard',
    success: ['TopUpAccepted', 'ChallengeRequired'],
  });
  const card = props.cards.find(({ id }) => id === cardId) ?? props.cards[0];
  const limits = props.limits.find(({ source }) => source === card?.funding);
  const charge = async (event: Event) => {
    event.preventDefault();
    if (!card) return;
    const outcome = await sendOnce(
      { cardId: card.id, amount: Number(amount) },
      ({ id: topUpId, what }) => send({ input: { topUpId, ...what } }),
      ({ __typename }) => __typename === 'ChallengeRequired',
    );
    if (!outcome || !('done' in outcome)) return;
    if (outcome.done.__typename === 'ChallengeRequired') return location.assign(outcome.done.url);
    props.onDone(outcome.done.topUp);
  };
  return (
    <form class="stack" onSubmit={(event) => void charge(event)}>
      <Field label={t('cardField')}>
        <select
          value={card?.id}
          disabled={open !== null}
          onChange={(event) => setCardId(event.currentTarget.value)}
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
          disabled={open !== null}
          onInput={(event) => setAmount(event.currentTarget.value)}
        />
      </Field>
      {act.fault && <ErrorPanel fault={act.fault} />}
      {open && !act.busy && (
        <Notice kind="caution" title={t('chargeOpen')}>
          <p>{t('chargeAgainSafe')}</p>
        </Notice>
      )}
      {act.refusal && <RefusalPanel refusal={act.refusal} />}
      <Button type="submit" wide busy={act.busy}>
        {t('charge')}
      </Button>
    </form>
  );
}
