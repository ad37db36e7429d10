/** When a charge is challenged by 3-D Secure 2, in force from a business date. Entering a card always is. */
export interface ChallengeRule {
  readonly from: string;
  /** Above so many yen. */
  readonly above: number;
  /** When no challenge was passed with the card for so many hours, or the device is younger than that. */
  readonly hours: number;
  readonly owner: string;
  readonly source: string;
}

export const CHALLENGE_RULES: readonly ChallengeRule[] = [
  {
    from: '2019-07-01',
    above: 10_000,
    hours: 24,
    owner: 'risk',
    source: 'docs/adr/0026-top-ups.md: EMV 3-D Secure by risk',
  },
];

/** What the rule looks at. */
export interface ChargeFacts {
  readonly amount: number;
  /** Whether this card has filled a wallet before. */
  readonly isFirst: boolean;
  readonly passedAt: Date;
  /** Since when the member uses this device; null when it is not known. */
  readonly deviceSince: Date | null;
}

/**
 * Whether the issuer asks the cardholder. Without a rule in force it always does. Where the device is not known, a
 * challenge that was passed lately stands in for it.
 */
export function asksChallenge(
  { amount, isFirst, passedAt, deviceSince }: ChargeFacts,
  { at, businessDate }: { at: Date; businessDate: string },
  rules: readonly ChallengeRule[] = CHALLENGE_RULES,
): boolean {
  const rule = rules.filter(({ from }) => from <= businessDate).at(-1);
  if (!rule) return true;
  const longAgo = new Date(at.getTime() - rule.hours * 3_600_000);
  const isUnsure = deviceSince === null ? passedAt < longAgo : deviceSince > longAgo;
  return isFirst || amount > rule.above || isUnsure;
}
