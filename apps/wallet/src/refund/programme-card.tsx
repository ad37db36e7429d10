import { formatTime, locale } from '@7pay/ui';
import type { JSX } from 'preact';
import type { RefundProgramme } from '../operations.ts';
import { t } from '../words.ts';

/** Tells of a refund programme (払戻し) on the first screen. */
export function ProgrammeCard({ programme }: { programme: RefundProgramme }): JSX.Element {
  const times = {
    from: formatTime(programme.claimsFrom, locale.value),
    until: formatTime(programme.claimsUntil, locale.value),
  };
  return (
    <section class="card stack stack--tight" aria-labelledby="programme">
      <h2 id="programme">{programme.title}</h2>
      <p>{t('programmeTimes', times)}</p>
      <a class="button button--secondary" href="/wallet/refund">
        {programme.state === 'OPEN' ? t('toClaim') : t('toProgramme')}
      </a>
    </section>
  );
}
