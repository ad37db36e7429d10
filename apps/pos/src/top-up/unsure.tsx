import { AmountText, Button, ErrorPanel, Icon, Page, RefusalPanel } from '@7pay/ui';
import type { JSX } from 'preact';
import type { SentTopUp } from '../sale/open-work.store.ts';
import { ScanForm } from '../sale/scan-form.tsx';
import { t } from '../words.ts';
import type { CashTopUp } from './top-up.ts';

/** The result is not known, or not yet: the same number is sent again, which cannot charge twice. */
export function Unsure(props: {
  state: Extract<CashTopUp, { step: 'unsure' }>;
  onSendAgain: (sent: SentTopUp, code: string) => void;
}): JSX.Element {
  const { state, onSendAgain } = props;
  const { sent, code, pending } = state;
  return (
    <Page title={t('topUpUnsure')} face={t('name')} quietTitle>
      <div class="result result--caution" role="alert">
        <Icon name="care" size="96px" />
        <p class="result-word">{pending ? t('topUpPending') : t('topUpUnsure')}</p>
        <AmountText yen={sent.amount} large />
        <p>{code === null ? t('topUpScanAgain') : t('topUpAskAgain')}</p>
      </div>
      {state.fault && <ErrorPanel fault={state.fault} />}
      {state.refusal && <RefusalPanel refusal={state.refusal} />}
      {code === null ? (
        <ScanForm onCode={(scanned) => onSendAgain(sent, scanned)} />
      ) : (
        <Button onClick={() => onSendAgain(sent, code)}>{t('topUpConfirm')}</Button>
      )}
      <p>
        {t('registerNumber')} <code>{sent.topUpId}</code>
      </p>
    </Page>
  );
}
