import {
  Barcode,
  Button,
  ErrorPanel,
  groupDigits,
  Loading,
  QrCode,
  RefusalPanel,
  strongAcr,
} from '@7pay/ui';
import type { JSX } from 'preact';
import { useLocation } from 'preact-iso';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import type { LiveCode } from './use-live-code.ts';

/** The code to show at the register: bars, digits in groups of four, QR, and the seconds that are left. */
export function CodeCard({ live }: { live: LiveCode }): JSX.Element {
  const { session } = useWorld();
  const { url } = useLocation();
  if (live.refusal) {
    return (
      <RefusalPanel refusal={live.refusal}>
        <div class="row">
          {live.refusal.__typename === 'StepUpRequired' ? (
            <Button onClick={() => void session.signIn({ returnTo: url, acr: strongAcr })}>
              {t('prove')}
            </Button>
          ) : live.refusal.__typename === 'WalletNotOpen' ? (
            <a class="button" href="/wallet/open">
              {t('openTitle')}
            </a>
          ) : (
            <Button kind="secondary" onClick={live.renew}>
              {t('tryCodeAgain')}
            </Button>
          )}
        </div>
      </RefusalPanel>
    );
  }
  return (
    <div class="stack">
      {live.fault && (
        // The next try comes by itself; the old code stays on screen until its end.
        <ErrorPanel fault={{ ...live.fault, kind: 'UNREACHABLE' }} onRetry={live.renew} />
      )}
      {live.code ? (
        <>
          <Shown code={live.code} seconds={live.secondsLeft} />
          <Button kind="plain" onClick={live.renew}>
            {t('anotherCode')}
          </Button>
        </>
      ) : (
        !live.fault && <Loading />
      )}
      <p class="visually-hidden" aria-live="polite">
        {live.code && (live.turn === 1 ? t('codeShown') : t('codeRenewed', { turn: live.turn }))}
      </p>
    </div>
  );
}

function Shown({ code, seconds }: { code: string; seconds: number }): JSX.Element {
  return (
    <div class="code">
      <Barcode digits={code} label={t('barcodeLabel')} />
      <p class="code__digits figures">
        <span class="visually-hidden">{t('codeDigits')} </span>
        {groupDigits(code)}
      </p>
      <QrCode text={code} label={t('qrLabel')} />
      <p class="code__time figures" role="timer">
        {t('codeSeconds', { seconds })}
      </p>
    </div>
  );
}
