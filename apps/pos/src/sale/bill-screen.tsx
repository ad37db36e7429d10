import { AmountText, Button, Loading, Page, QrCode } from '@7pay/ui';
import type { JSX } from 'preact';
import { t } from '../words.ts';
import type { SentPayment } from './sale.ts';
import type { SaleAtHand } from './use-sale.ts';

/** The code that the customer scans, and the wait. It goes on by itself when the bill is paid. */
export function BillScreen(props: { at: SaleAtHand; sent: SentPayment; qr: string }): JSX.Element {
  const { at, sent, qr } = props;
  return (
    <Page title={t('billTitle')} face={t('name')}>
      <AmountText yen={sent.amount} large />
      {qr === '' ? (
        <Loading />
      ) : (
        <>
          <QrCode text={qr} label={t('billQr')} />
          <p role="status">{t('billWaits')}</p>
          <details>
            <summary>{t('billText')}</summary>
            <code class="bill-text">{qr}</code>
          </details>
          <Button kind="secondary" onClick={at.withdraw}>
            {t('billWithdraw')}
          </Button>
        </>
      )}
    </Page>
  );
}
