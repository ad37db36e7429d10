import type { JSX } from 'preact';
import { formatDigits } from '../format.ts';
import { locale } from '../locale.ts';

/** Yen in tabular figures; `large` for the one figure of a screen (40 to 56 px). */
export function AmountText({ yen, large }: { yen: number; large?: boolean }): JSX.Element {
  const size = large ? 'amount--large' : 'amount--small';
  const unit = locale.value === 'ja' ? '円' : '¥';
  return (
    <span class={`amount ${size}`}>
      {locale.value === 'en' && unit}
      {formatDigits(yen)}
      {locale.value === 'ja' && <span class="amount__unit">{unit}</span>}
    </span>
  );
}
