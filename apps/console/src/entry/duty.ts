import type { Word } from '../words.ts';

/** What somebody works here for, as `me.roles` names it; the graph decides who has what (docs/access.md). */
export const DUTIES = ['support', 'security', 'finance', 'onboarding', 'auditor'] as const;
export type Duty = (typeof DUTIES)[number];

export const dutyWords: Readonly<Record<Duty, Word>> = {
  support: 'dutySupport',
  security: 'dutySecurity',
  finance: 'dutyFinance',
  onboarding: 'dutyOnboarding',
  auditor: 'dutyAuditor',
};

/** The duties among the roles of a member. */
export const dutiesIn = (roles: readonly string[]): Duty[] =>
  DUTIES.filter((duty) => roles.includes(duty));
