import { formatYen, locale, Notice } from '@7pay/ui';
import type { JSX } from 'preact';
import type { TopUp } from '../charge-operations.ts';
import { t, type Word } from '../words.ts';

const SAYS: Readonly<Record<TopUp['state'], readonly ['success' | 'caution', Word]>> = {
  SETTLED: ['success', 'charged'],
  PENDING: ['caution', 'chargeWaits'],
  DECLINED: ['caution', 'chargeNot'],
  VOIDED: ['caution', 'chargeVoided'],
  SUSPENSE: ['caution', 'chargeHeld'],
};

/** How a top-up stands, in a sentence. */
export function TopUpEnd({ topUp }: { topUp: TopUp }): JSX.Element {
  const [kind, word] = SAYS[topUp.state];
  return <Notice kind={kind} title={t(word, { amount: formatYen(topUp.amount, locale.value) })} />;
}
