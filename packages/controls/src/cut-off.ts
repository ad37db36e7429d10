import { declareRefusals } from '@7pay/refusals';
import { type Cohort, CONSOLE_CLIENT, EVERYTHING, meansEverybody } from './cohort.ts';

/**
 * What a cut-off does to the logins that it means. END_LOGINS: those made up to the cut have ended, for good.
 * BLOCK_NEW: none is made from the cut on. RESET_PASSWORD: a password set before the cut opens nothing but its replacement.
 */
export const CUT_OFF_EFFECTS = ['END_LOGINS', 'BLOCK_NEW', 'RESET_PASSWORD'] as const;
export type CutOffEffect = (typeof CUT_OFF_EFFECTS)[number];

/** CANCEL: as if it had never been. EXPIRE: what it blocks and resets is over now; what it ended stays so. */
export type TakingBack = 'CANCEL' | 'EXPIRE';

/** A cut through the logins of everybody: which, what happens to them, from when, and why. */
export interface CutOff {
  readonly id: string;
  readonly state: 'PROPOSED' | 'ACTIVE' | 'CANCELLED';
  readonly cohort: Cohort;
  readonly effects: readonly CutOffEffect[];
  /** Only these scopes of the graph are taken from the logins, which go on without; none: the logins themselves. */
  readonly scopes: readonly string[];
  readonly reason: { readonly ja: string; readonly en: string };
  /** When it came into force, and in which generation; those of the proposal until then. */
  readonly cutAt: Date;
  readonly generation: number;
  /** BLOCK_NEW and RESET_PASSWORD are over from here on. Logins that were ended stay so. */
  readonly expiresAt: Date | null;
  readonly proposedBy: string;
  readonly proposedAt: Date;
  readonly approvedBy: string | null;
  /** A first person's wish to take it back; a second person does. */
  readonly takingBack: { readonly by: string; readonly at: Date; readonly how: TakingBack } | null;
}

declareRefusals('controls/cut-off', {
  LOGIN_STOPPED: {
    ja: 'ただいまこの方法ではログインできません。{reasonJa}',
    en: 'Logging in this way is stopped at the moment. {reasonEn}',
  },
});

/** No more cut-offs than this stand at once: each is looked at for every request. */
export const CUT_OFFS_MAX = 200;

/** A proposal that nobody approved lapses. The same time as for the reopening of a switch. */
export const PROPOSAL_MINUTES = 30;

// Longer than any session or refresh token lives (identity/src/lifetimes.ts): nothing that it ended is left.
const ENDED_DAYS = 46;

/**
 * How many people it takes: a mass reset, a cut through everybody, also one that only does not say so, and one through the console's own
 * logins are for two, all else is closed by one.
 */
export function peopleFor(
  { effects, cohort }: Pick<CutOff, 'effects' | 'cohort'>,
  at: Date,
): 1 | 2 {
  const ofNew = effects.includes('BLOCK_NEW');
  const takesTwo =
    effects.includes('RESET_PASSWORD') ||
    cohort.clients.includes(CONSOLE_CLIENT) ||
    meansEverybody(cohort, { at, longestDays: ENDED_DAYS, ofNew });
  return takesTwo ? 2 : 1;
}

/** Whether an effect is in force. That logins have ended does not expire. */
export function isInForce(cutOff: CutOff, effect: CutOffEffect, now: Date): boolean {
  if (cutOff.state !== 'ACTIVE' || !cutOff.effects.includes(effect)) return false;
  return effect === 'END_LOGINS' || !cutOff.expiresAt || now < cutOff.expiresAt;
}

/** Whether a proposal has waited too long for its second person. */
export const hasLapsed = ({ state, proposedAt }: CutOff, now: Date): boolean =>
  state === 'PROPOSED' && now.getTime() - proposedAt.getTime() > PROPOSAL_MINUTES * 60_000;

/** Whether nothing would change if it were forgotten: it makes room for others; the audit record keeps it. */
export function isSpent(cutOff: CutOff, now: Date): boolean {
  if (cutOff.state === 'CANCELLED') return true;
  if (cutOff.state === 'PROPOSED') return hasLapsed(cutOff, now);
  const endedLongAgo = now.getTime() - cutOff.cutAt.getTime() > ENDED_DAYS * 86_400_000;
  return cutOff.effects.every((effect) =>
    effect === 'END_LOGINS' ? endedLongAgo : !isInForce(cutOff, effect, now),
  );
}

/** A cut-off in force; what is not told is: everything, END_LOGINS. */
export const aCutOff = (told: Partial<CutOff> & Pick<CutOff, 'cutAt' | 'generation'>): CutOff => ({
  id: `cut_${told.generation}`,
  state: 'ACTIVE',
  cohort: EVERYTHING,
  effects: ['END_LOGINS'],
  scopes: [],
  reason: { ja: '調査のため', en: 'Under investigation' },
  expiresAt: null,
  proposedBy: 'mem_first',
  proposedAt: told.cutAt,
  approvedBy: null,
  takingBack: null,
  ...told,
});
