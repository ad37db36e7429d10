import { AmountText, Button, Icon, Page } from '@7pay/ui';
import type { JSX } from 'preact';
import type { Refusal } from '../operations.ts';
import { t, type Word } from '../words.ts';

/** What to say to the customer, by code; nothing of their account is told at the register. */
const sayings: Readonly<Record<string, Word>> = {
  CODE_UNKNOWN: 'sayShowAgain',
  CODE_EXPIRED: 'sayShowAgain',
  CODE_USED: 'sayShowAgain',
  CODE_NEEDS_ONLINE: 'sayGoOnline',
  PAYMENT_CANCELLED_EARLIER: 'sayShowAgain',
  TERMINAL_LOCKED: 'sayMoment',
  INSUFFICIENT_BALANCE: 'sayTopUp',
};
const scanAgainHelps = new Set([
  'CODE_UNKNOWN',
  'CODE_EXPIRED',
  'CODE_USED',
  'CODE_NEEDS_ONLINE',
  'PAYMENT_CANCELLED_EARLIER',
  'TERMINAL_LOCKED',
]);

/** P6: not approved. The reason for the clerk, a sentence for the customer, and what to do next. */
export function Refused(props: {
  refusal: Refusal;
  amount: number;
  onScanAgain: () => void;
  onEnd: () => void;
}): JSX.Element {
  const { refusal, amount, onScanAgain, onEnd } = props;
  const retry = scanAgainHelps.has(refusal.code);
  return (
    <Page title={t('refused')} face={t('name')} quietTitle>
      <div class="result result--danger" role="alert">
        <Icon name="stop" size="96px" />
        <p class="result-word">{t('refused')}</p>
        <AmountText yen={amount} large />
        <p>{refusal.message}</p>
        <p>
          <code>{refusal.code}</code>
        </p>
      </div>
      <p class="say">
        <strong>{t('tellCustomer')}</strong>
        <br />
        {t(sayings[refusal.code] ?? 'sayOtherWay')}
      </p>
      <div class="row">
        {retry && <Button onClick={onScanAgain}>{t('scanAgain')}</Button>}
        <Button kind={retry ? 'secondary' : 'main'} onClick={onEnd}>
          {t('endSale')}
        </Button>
      </div>
    </Page>
  );
}
