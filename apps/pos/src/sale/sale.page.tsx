import { AmountText, Button, ErrorPanel, Page } from '@7pay/ui';
import type { JSX } from 'preact';
import { Stopped } from '../stopped/stopped.tsx';
import { t } from '../words.ts';
import { AmountForm } from './keypad.tsx';
import { BillScreen } from './bill-screen.tsx';
import { Approved, Cancelled } from './final.tsx';
import { Refused } from './refused.tsx';
import { ScanForm } from './scan-form.tsx';
import { UnderReview } from './under-review.tsx';
import { Unknown } from './unknown.tsx';
import { type SaleAtHand, useSale } from './use-sale.ts';

/** P3 to P7: one sale, one decision per screen. */
export function SalePage(): JSX.Element {
  const at = useSale();
  return <Screen key={at.sale.step} at={at} />;
}

function Screen({ at }: { at: SaleAtHand }): JSX.Element {
  const { sale } = at;
  switch (sale.step) {
    case 'amount':
      return (
        <Page title={t('takePayment')} face={t('name')}>
          <AmountForm label={t('amountLabel')} next={t('toScan')} onAmount={at.enterAmount} />
        </Page>
      );
    case 'scan':
    case 'sending':
      return (
        <Page title={t('scanTitle')} face={t('name')}>
          <AmountText yen={sale.step === 'scan' ? sale.amount : sale.sent.amount} large />
          {sale.step === 'scan' ? (
            <>
              <ScanForm onCode={at.sendCode} />
              <Button kind="secondary" onClick={at.showBill}>
                {t('showQr')}
              </Button>
              <Button kind="secondary" onClick={at.again}>
                {t('changeAmount')}
              </Button>
            </>
          ) : (
            <p class="result-word" role="status">
              {t('sending')}
            </p>
          )}
        </Page>
      );
    case 'bill':
      return <BillScreen at={at} sent={sale.sent} qr={sale.qr} />;
    case 'approved':
      return <Approved payment={sale.payment} onNext={at.again} />;
    case 'refused':
      if (sale.refusal.switch) {
        return (
          <Page title={t('stoppedTitle')} face={t('name')}>
            <Stopped control={sale.refusal.switch} />
            <a class="button" href="/pos/">
              {t('toIdle')}
            </a>
          </Page>
        );
      }
      return (
        <Refused
          refusal={sale.refusal}
          amount={sale.amount}
          onScanAgain={() => at.enterAmount(sale.amount)}
          onEnd={at.again}
        />
      );
    case 'not-sent':
      return (
        <Page title={t('notSentTitle')} face={t('name')}>
          <p>{t('notSentWhat')}</p>
          <ErrorPanel fault={sale.fault} />
          <Button onClick={() => at.enterAmount(sale.amount)}>{t('scanAgain')}</Button>
        </Page>
      );
    case 'review':
      return <UnderReview at={at} sent={sale.sent} cancelling={sale.cancelling} />;
    case 'unknown':
      return <Unknown at={at} sent={sale.sent} inquiry={sale.inquiry} />;
    case 'cancelled':
      return <Cancelled outcome={sale.outcome} amount={sale.amount} onNext={at.again} />;
  }
}
