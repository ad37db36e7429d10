import { AmountText, Button, ErrorPanel, formatTime, Icon, locale, Page } from '@7pay/ui';
import type { JSX } from 'preact';
import { t } from '../words.ts';
import { inquiryDelayMs, type Inquiry, mayCancel, type SentPayment } from './sale.ts';
import type { SaleAtHand } from './use-sale.ts';

/**
 * P7: the outcome is not known. The register asks by itself after 1, 3 and 10 seconds; then the clerk may
 * ask again, or cancel, which gives a final answer whatever has happened.
 */
export function Unknown(props: {
  at: SaleAtHand;
  sent: SentPayment;
  inquiry: Inquiry;
}): JSX.Element {
  const { at, sent, inquiry } = props;
  const asksByItself = inquiryDelayMs(inquiry) !== null;
  return (
    <Page title={t('unknownTitle')} face={t('name')} quietTitle>
      <div class="result result--caution" role="alert">
        <Icon name="care" size="96px" />
        <p class="result-word">{t('doNotChargeAgain')}</p>
        <AmountText yen={sent.amount} large />
        <p>{t('unknownWhat')}</p>
      </div>
      <p role="status">
        {inquiry.doing === 'cancelling'
          ? t('cancelling')
          : inquiry.doing === 'asking'
            ? t('asking', { turn: inquiry.asked + 1 })
            : asksByItself
              ? t('asksSoon')
              : t('askedEnough')}
      </p>
      {inquiry.fault && !asksByItself && <ErrorPanel fault={inquiry.fault} />}
      {!asksByItself && (
        <div class="row">
          <Button busy={inquiry.doing === 'asking'} onClick={at.inquire}>
            {t('askAgain')}
          </Button>
          <Button
            kind="danger"
            armed
            disabled={!mayCancel(inquiry)}
            busy={inquiry.doing === 'cancelling'}
            onClick={at.cancel}
          >
            {t('cancelThis')}
          </Button>
        </div>
      )}
      <dl class="facts">
        <dt>{t('registerNumber')}</dt>
        <dd>
          <code>{sent.merchantPaymentId}</code>
        </dd>
        <dt>{t('time')}</dt>
        <dd>{formatTime(sent.sentAt, locale.value)}</dd>
      </dl>
      <p class="say">
        <strong>{t('tellCustomer')}</strong>
        <br />
        {t('sayWait')}
      </p>
    </Page>
  );
}
