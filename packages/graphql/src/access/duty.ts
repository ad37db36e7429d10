/**
 * What somebody who works here is for. A field or a mutation names the duties that have it; one person may hold several.
 * Which duty has what is in docs/access.md, and why in docs/adr/0041-duties-of-operators.md.
 */
export const DUTIES = ['support', 'security', 'finance', 'onboarding', 'auditor'] as const;
export type Duty = (typeof DUTIES)[number];

/** The role of whoever holds a duty: they may enter the console. Alone it opens nothing. */
export const OPERATOR = 'operator';

/** The duty that reads all that operators read, and changes nothing. */
export const READS_ALL: Duty = 'auditor';

/** The duties among the roles of somebody; a role that nobody knows is none. */
export const dutiesIn = (roles: readonly string[]): Duty[] =>
  DUTIES.filter((duty) => roles.includes(duty));

/** The roles of somebody with these duties, as 7iD keeps them and its tokens tell; none for nobody’s duty. */
export const rolesOf = (duties: readonly Duty[]): (Duty | typeof OPERATOR)[] =>
  duties.length === 0 ? [] : [OPERATOR, ...dutiesIn(duties)];
