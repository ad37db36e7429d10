const PROPOSAL_MS = 30 * 60_000;

/** Whether a proposal has waited too long for its second person, as the platform counts it. */
export const isOld = (at: string, now: Date): boolean =>
  now.getTime() - new Date(at).getTime() > PROPOSAL_MS;
