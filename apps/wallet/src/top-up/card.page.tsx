import { ErrorPanel, Loading, Page, RefusalPanel, useAnswer, useMutation } from '@7pay/ui';
import type { JSX } from 'preact';
import { useLocation } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import { chargeQuery, completeCard, completeTopUp, type TopUp } from '../charge-operations.ts';
import { useOpenRequest } from '../open-request/use-open-request.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import { type CardCharge, CardForm } from './card-form.tsx';
import { CardList } from './card-list.tsx';
import { TopUpEnd } from './top-up-end.tsx';
import { LimitLine } from './ways.page.tsx';

/**
 * Charging a card. The pages of the acquirer lead back here, with the number of the card entry or of the top-up; that
 * number is all that is taken from the address, and the graph says what became of it.
 */
export function CardPage(): JSX.Element {
  const { graph } = useWorld();
  const { query, route } = useLocation();
  const asked = useAnswer((signal) => graph(chargeQuery, {}, { signal }));
  const [topUp, setTopUp] = useState<TopUp | null>(null);
  const request = useOpenRequest<CardCharge>('card');
  const [entry, completeEntry] = useMutation(graph, completeCard, {
    root: 'completeCardRegistration',
    success: ['CardRegistered'],
  });
  const [charge, completeCharge] = useMutation(graph, completeTopUp, {
    root: 'completeTopUp',
    success: ['TopUpAccepted'],
  });
  const { registration: registrationId, topUp: topUpId } = query;
  const goOn = async () => {
    if (registrationId) {
      const outcome = await completeEntry({ input: { registrationId } });
      if (!('fault' in outcome)) route('/wallet/charge/card', true);
    }
    if (topUpId) {
      const outcome = await completeCharge({ input: { topUpId } });
      request.hear(topUpId, outcome);
      if ('done' in outcome) setTopUp(outcome.done.topUp);
      if (!('fault' in outcome)) route('/wallet/charge/card', true);
    }
    if (registrationId || topUpId) asked.again();
  };
  useEffect(() => void goOn(), [registrationId, topUpId]);

  const wallet = asked.data?.wallet;
  const limits = wallet?.topUpLimits.filter(
    ({ source }) => source === 'CREDIT' || source === 'DEBIT',
  );
  return (
    <Page title={t('cardTitle')} face={t('face')}>
      {asked.fault && <ErrorPanel fault={asked.fault} onRetry={asked.again} />}
      <div aria-live="assertive">
        {topUp && <TopUpEnd topUp={topUp} />}
        {[entry, charge].map(({ refusal, fault }) => (
          <>
            {refusal && <RefusalPanel refusal={refusal} />}
            {fault && <ErrorPanel fault={fault} onRetry={() => void goOn()} />}
          </>
        ))}
      </div>
      {!wallet && !asked.fault && <Loading />}
      {/* While the end of a charge is asked for, no other one is begun. */}
      {wallet && wallet.cards.length > 0 && !topUpId && (
        <CardForm
          cards={wallet.cards}
          limits={limits ?? []}
          request={request}
          onDone={(done) => {
            setTopUp(done);
            asked.again();
          }}
        />
      )}
      {wallet && <CardList cards={wallet.cards} onChanged={asked.again} />}
      {limits?.map((each) => (
        <LimitLine key={each.source} limits={each} named />
      ))}
      <a href="/wallet/charge/ways">{t('toWays')}</a>
    </Page>
  );
}
