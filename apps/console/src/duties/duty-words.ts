import type { DutyName } from '../duty-operations.ts';
import { type Duty, dutyWords } from '../entry/duty.ts';
import { t } from '../words.ts';

/** Duties in words, in their order. */
export const dutiesInWords = (duties: readonly DutyName[]): string =>
  duties.length === 0
    ? t('dutyNone')
    : duties.map((duty) => t(dutyWords[duty.toLowerCase() as Duty])).join(t('listJoint'));
