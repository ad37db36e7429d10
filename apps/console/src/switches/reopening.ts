import type { Person, Switch } from '../operations.ts';
import { isOld } from '../proposal-life.ts';

/** Who proposed to reopen a function, and when; `null` when nobody did, or the proposal has lapsed. */
export function standingReopening(
  control: Pick<Switch, 'reopeningProposedBy' | 'reopeningProposedAt'>,
  now: Date,
): { readonly by: Person; readonly at: string } | null {
  const { reopeningProposedBy: by, reopeningProposedAt: at } = control;
  return by && at && !isOld(at, now) ? { by, at } : null;
}
