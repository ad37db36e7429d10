import { Button, formatDate, formatTime, locale } from '@7pay/ui';
import type { JSX } from 'preact';
import type { OwnClient } from '../partner-operations.ts';
import { t } from '../words.ts';

const used = (on: string | null): string =>
  on === null ? t('secretUnused') : t('secretUsedOn', { on: formatDate(on, locale.value) });

/** The secrets of an app: when each was used last, and what can be done. While two work, it says until when. */
export function SecretPart(props: {
  readonly app: OwnClient;
  readonly busy: boolean;
  readonly onRenew: () => void;
  readonly onEndOld: () => void;
}): JSX.Element | null {
  const { app, busy, onRenew, onEndOld } = props;
  const { hasSecret, oldSecret, secretUsedOn } = app;
  if (!hasSecret) return null;
  return (
    <div class="stack">
      <p class="small">
        {t(oldSecret ? 'secretNew' : 'secretOne')} {used(secretUsedOn)}
      </p>
      {oldSecret && (
        <>
          <p class="small">
            {t('secretOld', { until: formatTime(oldSecret.until, locale.value) })}{' '}
            {used(oldSecret.usedOn)}
          </p>
          <Button kind="danger" busy={busy} onClick={onEndOld}>
            {t('secretEndOld')}
          </Button>
        </>
      )}
      <Button kind="secondary" busy={busy} onClick={onRenew}>
        {t('secretRenew')}
      </Button>
      <p class="small muted">{t(oldSecret ? 'secretRenewAgainWhat' : 'secretRenewWhat')}</p>
    </div>
  );
}
