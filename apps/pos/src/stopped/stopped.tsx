import { formatTime, locale, Notice, useAnswer } from '@7pay/ui';
import type { JSX } from 'preact';
import { type FunctionSwitch, stateQuery } from '../operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';

/** Says what is stopped, since when and why. Nothing while it is open. */
export function StoppedNotice({ control }: { control: FunctionSwitch }): JSX.Element | null {
  if (control.state !== 'CLOSED') return null;
  const inJapanese = locale.value === 'ja';
  const reason = inJapanese ? control.reasonJa : control.reasonEn;
  const name = inJapanese ? control.nameJa : control.nameEn;
  return (
    <Notice kind="caution" title={t('stopped', { name })}>
      {reason && <p>{reason}</p>}
      {control.since && (
        <p>{t('stoppedSince', { since: formatTime(control.since, locale.value) })}</p>
      )}
    </Notice>
  );
}

/**
 * P12: a function that was asked for is stopped. Says what is stopped and what still works, what to tell the
 * customer, and by itself when it works again.
 */
export function Stopped({ control }: { control: FunctionSwitch }): JSX.Element {
  const { graph } = useWorld();
  const asked = useAnswer((signal) => graph(stateQuery, {}, { signal }), { everyMs: 3_000 });
  const now = [asked.data?.payment, asked.data?.topUp].find((found) => found?.key === control.key);
  const back = now?.state === 'OPEN';
  const paysStill = asked.data?.payment?.state === 'OPEN';
  const chargesStill = asked.data?.topUp?.state === 'OPEN';
  return (
    <div class="stack">
      {back ? (
        <Notice kind="success" title={t('backOpen')}>
          <p>{t('backOpenWhat')}</p>
        </Notice>
      ) : (
        <StoppedNotice control={{ ...control, state: 'CLOSED' }} />
      )}
      {!back && (
        <>
          <p class="say">
            <strong>{t('tellCustomer')}</strong>
            <br />
            {t('sayStopped')}
          </p>
          <ul>
            {paysStill && <li>{t('paysStill')}</li>}
            {chargesStill && <li>{t('chargesStill')}</li>}
            <li>{t('cancelStill')}</li>
          </ul>
        </>
      )}
    </div>
  );
}
