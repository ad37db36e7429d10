import type { MerchantApplication } from '../operations.ts';

/** What an operator can do with an application. */
export type Decision = 'recommend' | 'approve' | 'reject';

/**
 * What to offer to this operator. Nobody both proposes and approves: not the applicant, and not who
 * recommended. The platform refuses it anyway; a button that can only be refused is not shown.
 */
export function decisionsFor(
  application: Pick<MerchantApplication, 'state' | 'appliedBy' | 'recommendedBy'>,
  operatorId: string,
): readonly Decision[] {
  const { state, appliedBy, recommendedBy } = application;
  if (state !== 'APPLIED' && state !== 'RECOMMENDED') return [];
  if (appliedBy?.id === operatorId) return [];
  if (state === 'APPLIED') return ['recommend', 'reject'];
  return recommendedBy?.id === operatorId ? ['reject'] : ['approve', 'reject'];
}
