import { credit, debit, type Leg } from '../entry/journal-entry.ts';

/** The accounts that say how many points each member owes. */
export const POINTS_OWED_ACCOUNTS = 'points-owed:';

/**
 * How many points a member owes: they were earned by a payment that was given back after they had been used. It stands
 * against {@link POINTS_UNRECOVERED} and moves no points by itself (docs/adr/0046-points-owed.md).
 */
export const pointsOwed = (pointsAccountId: string): string =>
  `${POINTS_OWED_ACCOUNTS}${pointsAccountId}`;

/** The other side of what all members owe together. */
export const POINTS_UNRECOVERED = 'points-unrecovered';

/** The legs by which a member owes points. */
export const oweLegs = (pointsAccountId: string, points: number): Leg[] => [
  debit(POINTS_UNRECOVERED, points, 'NPT'),
  credit(pointsOwed(pointsAccountId), points, { currency: 'NPT' }),
];

/** The legs by which a member owes them no more. */
export const settleLegs = (pointsAccountId: string, points: number): Leg[] => [
  debit(pointsOwed(pointsAccountId), points, 'NPT'),
  credit(POINTS_UNRECOVERED, points, { currency: 'NPT' }),
];

/** What of the points is the member's to use, and what the member owes beyond them: one of the two is always 0. */
export const standingOf = (
  points: number,
  owed: number,
): { readonly usable: number; readonly owed: number } => ({
  usable: Math.max(0, points - owed),
  owed: Math.max(0, owed - points),
});
