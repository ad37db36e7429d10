import {
  AmountText,
  ErrorPanel,
  formatTime,
  Loading,
  locale,
  Notice,
  Page,
  useAnswer,
} from '@7pay/ui';
import type { JSX } from 'preact';
import { type BalanceRefundClaim, refundQuery, type RefundProgramme } from '../operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import { ClaimForm } from './claim-form.tsx';

/** A12 in its first form: the programme, and the claim on one's own balance. */
export function RefundPage(): JSX.Element {
  const { graph } = useWorld();
  const asked = useAnswer((signal) => graph(refundQuery, {}, { signal }));
  if (!asked.data) {
    return (
      <Page title={t('refundTitle')} face={t('face')}>
        {asked.fault ? <ErrorPanel fault={asked.fault} onRetry={asked.again} /> : <Loading />}
      </Page>
    );
  }
  const { wallet, refundProgramme: programme } = asked.data;
  const claim = wallet?.balanceRefundClaim;
  // After a claim too: what shops give back since is claimed like the rest.
  const claimable = wallet?.claimable ?? null;
  return (
    <Page title={t('refundTitle')} face={t('face')}>
      {claim && <Claimed claim={claim} />}
      {programme ? <Programme programme={programme} /> : <p>{t('noProgramme')}</p>}
      {claimable !== null && programme?.state === 'OPEN' && (claimable > 0 || !claim) && (
        <ClaimForm amount={claimable} onClaimed={asked.again} />
      )}
      <a href="/wallet/">{t('toHome')}</a>
    </Page>
  );
}

function Claimed({ claim }: { claim: BalanceRefundClaim }): JSX.Element {
  const paid = claim.state === 'PAID';
  return (
    <Notice kind="success" title={paid ? t('claimPaid') : t('claimReceived')}>
      <p>
        <AmountText yen={claim.amount} /> ·{' '}
        {claim.payoutMethod === 'BANK_TRANSFER' ? t('byBank') : t('byPost')}
      </p>
      <p class="small">
        {t('claimedAt', { at: formatTime(claim.claimedAt, locale.value) })} <code>{claim.id}</code>
      </p>
    </Notice>
  );
}

function Programme({ programme }: { programme: RefundProgramme }): JSX.Element {
  const times = {
    from: formatTime(programme.claimsFrom, locale.value),
    until: formatTime(programme.claimsUntil, locale.value),
  };
  return (
    <section class="card stack" aria-labelledby="programme">
      <h2 id="programme">{programme.title}</h2>
      {programme.state === 'ANNOUNCED' && <p>{t('announced')}</p>}
      <dl class="facts">
        <dt>{t('window')}</dt>
        <dd>{t('programmeTimes', times)}</dd>
        <dt>{t('issuer')}</dt>
        <dd>{programme.issuer}</dd>
        <dt>{t('howToClaim')}</dt>
        <dd>{programme.howToClaim}</dd>
        <dt>{t('howPaid')}</dt>
        <dd>{programme.howPaid}</dd>
        <dt>{t('contact')}</dt>
        <dd>{programme.contact}</dd>
      </dl>
      <p class="small">{programme.exclusionNotice}</p>
    </section>
  );
}
