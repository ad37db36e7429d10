import type { EntryPlan, FirstPlan, Leg, PlainPlan } from './journal-entry.ts';

type Told = Pick<EntryPlan, 'id' | 'wallet' | 'at' | 'generation' | 'ref'>;

/** Reserves the legs until an instant; moves nothing. */
export const holdPlan = (told: Told, legs: readonly Leg[], holdsUntil: Date): FirstPlan => ({
  ...told,
  kind: 'PAYMENT_HOLD',
  legs,
  holdsUntil,
});

/** Captures what is held, in part or whole; the rest is let go. */
export const capturePlan = (told: Told, hold: string, legs: readonly Leg[]): EntryPlan => ({
  ...told,
  kind: 'PAYMENT_CAPTURE',
  legs,
  resolves: hold,
});

/** Lets go of what is held, because it was called off or its time is over. */
export const releasePlan = (told: Told, hold: string): EntryPlan => ({
  ...told,
  kind: 'HOLD_RELEASED',
  legs: [],
  resolves: hold,
});

/** Changes what an account may do: freezes, thaws or closes it, or sets its cap. */
export const accountSetPlan = (told: Told, sets: NonNullable<EntryPlan['sets']>): PlainPlan => ({
  ...told,
  kind: 'ACCOUNT_SET',
  legs: [],
  sets,
});

/**
 * Takes the id of an entry for ever, so that the entry can never be written: a cancel that came before its payment.
 * Whichever of the two is committed first wins, by one index.
 */
export const tombstonePlan = (told: Told): PlainPlan => ({ ...told, kind: 'VOIDED', legs: [] });
