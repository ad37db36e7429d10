import { AmountText, Button, ErrorPanel, formatYen, Icon, locale, Page, RefusalPanel } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { topUpAtRegister } from '../operations.ts';
import { AmountForm } from '../sale/keypad.tsx';
import type { SentTopUp } from '../sale/open-work.store.ts';
import { ScanForm } from '../sale/scan-form.tsx';
import { Stopped } from '../stopped/stopped.tsx';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import { afterTopUp, type CashTopUp, openTopUp, topUpStepYen } from './top-up.ts';
import { TopUpEnd } from './top-up-end.tsx';

/** P11: cash into a wallet. The cash is counted twice before anything is sent. */
export function TopUpPage(): JSX.Element {
  const { graph, openWork, newId, clock } = useWorld();
  const [state, setState] = useState<CashTopUp>(() => {
    const sent = openWork.topUp();
    return sent
      ? { step: 'unsure', sent, code: null, fault: null, refusal: null, pending: false }
      : { step: 'amount' };
  });
  const go = (next: CashTopUp) => {
    openWork.keepTopUp(openTopUp(next));
    setState(next);
  };
  const send = async (sent: SentTopUp, code: string, again: 'first' | 'again') => {
    go({ step: 'sending', sent, code });
    const { topUpId, amount } = sent;
    const answer = await graph(topUpAtRegister, { input: { topUpId, amount, code } });
    if ('fault' in answer) return go(afterTopUp(sent, code, answer, again));
    const result = answer.data.topUpAtRegister;
    const read = 'topUp' in result ? { topUp: result.topUp } : { refusal: result };
    go(afterTopUp(sent, code, read, again));
  };
  const sendFirst = (amount: number, code: string) =>
    void send({ topUpId: newId(), amount, sentAt: clock.now().toISOString() }, code, 'first');

  switch (state.step) {
    case 'amount':
      return (
        <Page key="amount" title={t('takeTopUp')} face={t('name')}>
          <AmountForm
            label={t('topUpAmount')}
            next={t('toCount')}
            check={(amount) => (amount % topUpStepYen === 0 ? null : t('topUpStep'))}
            onAmount={(amount) => go({ step: 'count', amount })}
          />
        </Page>
      );
    case 'count':
      return (
        <Page key="count" title={t('countTitle')} face={t('name')}>
          <AmountText yen={state.amount} large />
          <p>{t('countWhat', { amount: formatYen(state.amount, locale.value) })}</p>
          <div class="row">
            <Button onClick={() => go({ step: 'scan', amount: state.amount })}>
              {t('counted')}
            </Button>
            <Button kind="secondary" onClick={() => go({ step: 'amount' })}>
              {t('changeAmount')}
            </Button>
          </div>
        </Page>
      );
    case 'scan':
      return (
        <Page key="scan" title={t('scanTitle')} face={t('name')}>
          <AmountText yen={state.amount} large />
          <ScanForm onCode={(code) => sendFirst(state.amount, code)} />
          <Button kind="secondary" onClick={() => go({ step: 'amount' })}>
            {t('changeAmount')}
          </Button>
        </Page>
      );
    case 'sending':
      return (
        <Page key="sending" title={t('scanTitle')} face={t('name')}>
          <AmountText yen={state.sent.amount} large />
          <p class="result-word" role="status">
            {t('sending')}
          </p>
        </Page>
      );
    case 'unsure':
      return (
        <Page key="unsure" title={t('topUpUnsure')} face={t('name')} quietTitle>
          <div class="result result--caution" role="alert">
            <Icon name="care" size="96px" />
            <p class="result-word">{state.pending ? t('topUpPending') : t('topUpUnsure')}</p>
            <AmountText yen={state.sent.amount} large />
            <p>{state.code === null ? t('topUpScanAgain') : t('topUpAskAgain')}</p>
          </div>
          {state.fault && <ErrorPanel fault={state.fault} />}
          {state.refusal && <RefusalPanel refusal={state.refusal} />}
          {state.code === null ? (
            <ScanForm onCode={(code) => void send(state.sent, code, 'again')} />
          ) : (
            <Button onClick={() => void send(state.sent, state.code ?? '', 'again')}>
              {t('topUpConfirm')}
            </Button>
          )}
          <p>
            {t('registerNumber')} <code>{state.sent.topUpId}</code>
          </p>
        </Page>
      );
    case 'refused':
      if (state.refusal.switch) {
        return (
          <Page key="stopped" title={t('stoppedTitle')} face={t('name')}>
            <Stopped control={state.refusal.switch} />
            <a class="button" href="/pos/">
              {t('toIdle')}
            </a>
          </Page>
        );
      }
      return <TopUpEnd key="refused" state={state} onNext={() => go({ step: 'amount' })} />;
    default:
      return <TopUpEnd key={state.step} state={state} onNext={() => go({ step: 'amount' })} />;
  }
}
