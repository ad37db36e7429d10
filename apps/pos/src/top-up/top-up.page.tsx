import { AmountText, Button, formatYen, locale, Page } from '@7pay/ui';
import type { JSX } from 'preact';
import { AmountForm } from '../sale/keypad.tsx';
import { ScanForm } from '../sale/scan-form.tsx';
import { Stopped } from '../stopped/stopped.tsx';
import { t } from '../words.ts';
import { topUpStepYen } from './top-up.ts';
import { TopUpEnd } from './top-up-end.tsx';
import { Unsure } from './unsure.tsx';
import { type TopUpAtHand, useTopUp } from './use-top-up.ts';

/** P11: cash into a wallet. The cash is counted twice before anything is sent. */
export function TopUpPage(): JSX.Element {
  const at = useTopUp();
  return <Screen key={at.state.step} at={at} />;
}

function Screen({ at }: { at: TopUpAtHand }): JSX.Element {
  const { state, go } = at;
  const restart = () => go({ step: 'amount' });
  switch (state.step) {
    case 'amount':
      return (
        <Page title={t('takeTopUp')} face={t('name')}>
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
        <Page title={t('countTitle')} face={t('name')}>
          <AmountText yen={state.amount} large />
          <p>{t('countWhat', { amount: formatYen(state.amount, locale.value) })}</p>
          <div class="row">
            <Button onClick={() => go({ step: 'scan', amount: state.amount })}>
              {t('counted')}
            </Button>
            <Button kind="secondary" onClick={restart}>
              {t('changeAmount')}
            </Button>
          </div>
        </Page>
      );
    case 'scan':
    case 'sending':
      return (
        <Page title={t('scanTitle')} face={t('name')}>
          <AmountText yen={state.step === 'scan' ? state.amount : state.sent.amount} large />
          {state.step === 'sending' ? (
            <p class="result-word" role="status">
              {t('sending')}
            </p>
          ) : (
            <>
              <ScanForm onCode={(code) => at.sendFirst(state.amount, code)} />
              <Button kind="secondary" onClick={restart}>
                {t('changeAmount')}
              </Button>
            </>
          )}
        </Page>
      );
    case 'unsure':
      return <Unsure state={state} onSendAgain={at.sendAgain} />;
    case 'refused':
      if (!state.refusal.switch) return <TopUpEnd state={state} onNext={restart} />;
      return (
        <Page title={t('stoppedTitle')} face={t('name')}>
          <Stopped control={state.refusal.switch} />
          <a class="button" href="/pos/">
            {t('toIdle')}
          </a>
        </Page>
      );
    default:
      return <TopUpEnd state={state} onNext={restart} />;
  }
}
