import { Button, ErrorPanel, Page, RefusalPanel, strongAcr, useMutation } from '@7pay/ui';
import type { JSX } from 'preact';
import { useLocation } from 'preact-iso';
import { useEffect } from 'preact/hooks';
import { openWallet } from '../operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import { termsVersion } from './terms.ts';

const agreedNote = '7pay.wallet.agreed';

/**
 * The second tap: a summary of the terms and one button. Where a stronger proof is asked for, the person
 * goes to 7iD and the wallet opens on the way back, without a third tap: the consent was given here.
 */
export function OpenWalletPage(): JSX.Element {
  const { session, notes, graph } = useWorld();
  const { route } = useLocation();
  const [act, send] = useMutation(graph, openWallet, {
    root: 'openWallet',
    success: ['WalletOpened'],
  });

  const stepUp = () => {
    // The note stays in this tab: a link from elsewhere can never stand for the person's consent.
    notes.setItem(agreedNote, termsVersion);
    void session.signIn({ returnTo: '/wallet/open', acr: strongAcr });
  };
  const open = async () => {
    const outcome = await send({ input: { termsVersion } });
    if ('done' in outcome) route('/wallet/', true);
    return outcome;
  };
  const tapped = async () => {
    const outcome = await open();
    if ('refusal' in outcome && outcome.refusal.__typename === 'StepUpRequired') stepUp();
  };
  useEffect(() => {
    const agreed = notes.getItem(agreedNote) === termsVersion;
    notes.removeItem(agreedNote);
    // Not `tapped`: a proof that is still too weak is shown, not asked for in a circle.
    if (agreed) void open();
  }, []);

  const proofAsked = act.refusal?.__typename === 'StepUpRequired';
  return (
    <Page title={t('openTitle')} face={t('face')}>
      <p class="lead">{t('openLead')}</p>
      <section class="card stack stack--tight" aria-labelledby="terms">
        <h2 id="terms">{t('termsTitle')}</h2>
        <ul class="terms">
          <li>{t('terms1')}</li>
          <li>{t('terms2')}</li>
          <li>{t('terms3')}</li>
          <li>{t('terms4')}</li>
        </ul>
      </section>
      {act.fault && <ErrorPanel fault={act.fault} />}
      {act.refusal && <RefusalPanel refusal={act.refusal} />}
      {proofAsked ? (
        <Button size="pay" wide onClick={stepUp}>
          {t('proveAndOpen')}
        </Button>
      ) : (
        <Button size="pay" wide busy={act.busy} onClick={() => void tapped()}>
          {t('openButton')}
        </Button>
      )}
      <p class="muted small">{t('openHint')}</p>
    </Page>
  );
}
