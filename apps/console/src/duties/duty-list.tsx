import type { JSX } from 'preact';
import type { DutyName } from '../duty-operations.ts';
import { type Duty, dutyWords } from '../entry/duty.ts';
import { t } from '../words.ts';

/** Duties, one beside another; each stays in one piece. */
export function DutyList({ duties }: { duties: readonly DutyName[] }): JSX.Element {
  if (duties.length === 0) return <span class="muted">{t('dutyNone')}</span>;
  return (
    <>
      {duties.map((duty, index) => (
        <span key={duty} class="phrase">
          {t(dutyWords[duty.toLowerCase() as Duty])}
          {index < duties.length - 1 && t('listJoint')}
        </span>
      ))}
    </>
  );
}
