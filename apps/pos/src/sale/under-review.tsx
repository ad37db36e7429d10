import { AmountText, Button, Icon, Page } from '@7pay/ui';
import type { JSX } from 'preact';
import { t } from '../words.ts';
import type { SentPayment } from './sale.ts';
import type { SaleAtHand } from './use-sale.ts';

/** The customer is asked in their app. The register goes on by itself; the clerk may give it up, which is final. */
export function UnderReview(props: {
  at: SaleAtHand;
  sent: SentPayment;
  cancelling: boolean;
}): JSX.Element {
  const { at, sent, cancelling } = props;
  return (
    <Page title={t('reviewTitle')} face={t('name')} quietTitle>
      <div class="result result--caution" role="status">
        <Icon name="wait" size="96px" />
        <p class="result-word">{t('reviewTitle')}</p>
        <AmountText yen={sent.amount} large />
        <p>{t('reviewWhat')}</p>
      </div>
      <p class="say">
        <strong>{t('tellCustomer')}</strong>
        <br />
        {t('sayReview')}
      </p>
      <Button kind="danger" armed busy={cancelling} onClick={at.cancel}>
        {t('cancelThis')}
      </Button>
    </Page>
  );
}
