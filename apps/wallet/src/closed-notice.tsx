import { formatTime, locale, Notice } from '@7pay/ui';
import type { JSX } from 'preact';
import type { FunctionSwitch } from './operations.ts';
import { t, type Word } from './words.ts';

/** Says that a function is stopped, since when and why. Nothing while it is open. */
export function ClosedNotice(props: {
  word: Word;
  control: FunctionSwitch | null;
}): JSX.Element | null {
  const { word, control } = props;
  if (control?.state !== 'CLOSED') return null;
  const reason = locale.value === 'ja' ? control.reasonJa : control.reasonEn;
  return (
    <Notice kind="caution" title={t(word)}>
      {reason && <p>{reason}</p>}
      {control.since && (
        <p class="small">{t('closedSince', { since: formatTime(control.since, locale.value) })}</p>
      )}
      <p class="small">{t('closedBalance')}</p>
    </Notice>
  );
}
