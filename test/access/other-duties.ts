import { DUTIES, type Duty, type Grant, type Rule } from '@7pay/graphql';
import { type Cell, faultsOf, nameOf, type Step } from './expectation.ts';
import type { Graph } from './ways.ts';

/** Fields of what a duty is never given, and the duty: nobody would notice whether their own rule has it. */
export const NEVER_HELD: readonly string[] = [
  'wallet:PaymentReview.decidedBy finance',
  'wallet:PaymentReview.decidedBy onboarding',
  'wallet:PaymentReview.note finance',
  'wallet:PaymentReview.note onboarding',
  'wallet:WalletFreeze.actor onboarding',
  'wallet:WalletCase.wallet onboarding',
  'wallet:WalletCase.closedBy onboarding',
  'wallet:WalletCase.takenBy onboarding',
  'wallet:WalletCase.closingNote onboarding',
  'merchant:MerchantApplication.recommendedBy support',
  'merchant:MerchantApplication.recommendedBy security',
  'merchant:MerchantApplication.recommendedBy finance',
  'merchant:MerchantApplication.decidedBy support',
  'merchant:MerchantApplication.decidedBy security',
  'merchant:MerchantApplication.decidedBy finance',
];

/** Which duty could be taken from the rule of which field, or added to it, without anybody noticing. */
export function unnoticedDuties(
  graph: Graph,
  cellsThrough: (step: Step) => readonly Cell[],
): readonly string[] {
  return graph.fields.flatMap((changed) => {
    const duties = changed.rule?.grants.find((grant) => grant.who === 'operator')?.duties;
    if (!duties) return [];
    const through = cellsThrough(changed);
    const isUnnoticed = (duty: Duty): boolean => {
      const others = duties.includes(duty)
        ? duties.filter((each) => each !== duty)
        : [...duties, duty];
      const otherwise = (grant: Grant): Grant =>
        grant.who === 'operator' ? { ...grant, duties: others as [Duty, ...Duty[]] } : grant;
      const ruleOf = (step: Step): Rule | null =>
        step.rule && nameOf(step) === nameOf(changed)
          ? { ...step.rule, grants: step.rule.grants.map(otherwise) }
          : step.rule;
      // Nobody else is judged otherwise; of the rest it matters what is there at all.
      const concerned = through.filter(
        ({ caller, isShared, outcome }) =>
          caller.duties.join() === duty || (isShared && outcome.given),
      );
      return faultsOf(concerned, ruleOf).length === 0;
    };
    return DUTIES.filter(isUnnoticed).map((duty) => `${nameOf(changed)} ${duty}`);
  });
}
