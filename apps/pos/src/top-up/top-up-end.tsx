import { AmountText, Button, ErrorPanel, Icon, Page } from '@7pay/ui';
import type { JSX } from 'preact';
import { t } from '../words.ts';
import type { CashTopUp } from './top-up.ts';

type Ended = Extract<CashTopUp, { step: 'done' | 'arrived-before' | 'refused' | 'not-sent' }>;

/** The end of a top-up, in one word, and what to do with the cash. */
export function TopUpEnd(props: { state: Ended; onNext: () => void }): JSX.Element {
  const { state, onNext } = props;
  return (
    <Page title={titleOf(state)} face={t('name')} quietTitle>
      <Result state={state} />
      {state.step === 'not-sent' && <ErrorPanel fault={state.fault} />}
      <div class="row">
        <Button onClick={onNext}>{t('nextCustomer')}</Button>
        <a class="button button--secondary" href="/pos/">
          {t('toIdle')}
        </a>
      </div>
    </Page>
  );
}

function titleOf(state: Ended): string {
  if (state.step === 'done') {
    return state.topUp.state === 'SETTLED' ? t('topUpDone') : t('topUpHeld');
  }
  return state.step === 'arrived-before' ? t('topUpArrived') : t('topUpRefused');
}

function Result({ state }: { state: Ended }): JSX.Element {
  if (state.step === 'done' && state.topUp.state === 'SETTLED') {
    return (
      <div class="result result--success" role="status">
        <Icon name="done" size="96px" />
        <p class="result-word">{t('topUpDone')}</p>
        <AmountText yen={state.topUp.amount} large />
        <p>
          {t('topUpNumber')} <code>{state.topUp.id}</code>
        </p>
      </div>
    );
  }
  if (state.step === 'done' || state.step === 'arrived-before') {
    const declined = state.step === 'done' && state.topUp.state === 'DECLINED';
    return (
      <div class="result result--caution" role="alert">
        <Icon name="care" size="96px" />
        <p class="result-word">{declined ? t('topUpRefused') : titleOf(state)}</p>
        <AmountText yen={state.step === 'done' ? state.topUp.amount : state.sent.amount} large />
        <p>
          {declined ? t('giveCashBack') : state.step === 'done' ? t('heldWhat') : t('arrivedWhat')}
        </p>
      </div>
    );
  }
  return (
    <div class="result result--danger" role="alert">
      <Icon name="stop" size="96px" />
      <p class="result-word">{t('topUpRefused')}</p>
      {state.step === 'refused' && (
        <>
          <p>{state.refusal.message}</p>
          <p>
            <code>{state.refusal.code}</code>
          </p>
        </>
      )}
      <p>{t('giveCashBack')}</p>
    </div>
  );
}
