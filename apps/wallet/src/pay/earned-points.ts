import { formatPoints, type Locale } from '@7pay/ui';
import type { PaymentWithPoints } from '../operations.ts';
import { t } from '../words.ts';

/** What is said of the points of a payment. `null`: nothing, since only a payment that was accepted and stands earns any. */
export function earnedPoints(
  {
    state,
    pointsEarned,
    pointsState,
  }: Pick<PaymentWithPoints, 'state' | 'pointsEarned' | 'pointsState'>,
  locale: Locale,
): string | null {
  if (state !== 'ACCEPTED') return null;
  if (pointsState === 'PENDING') return t('pointsPending');
  return pointsEarned === null ? t('pointsUnavailable') : formatPoints(pointsEarned, locale);
}
