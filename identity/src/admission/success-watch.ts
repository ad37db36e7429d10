/** How logging in goes over all members. A list of stolen passwords shows as a fall of the share of right ones. */
export interface SuccessWatch {
  /** Notes the outcome of a try; true when it is the one that raised the alarm. */
  note(right: boolean, atMs: number): boolean;
  /** Whether so many tries are wrong that most of them must be guesses. */
  alarmed(atMs: number): boolean;
}

interface Slice {
  readonly from: number;
  tries: number;
  right: number;
}

const SLICE_MS = 5_000;

/**
 * Watches the last minute: an alarm when at least `triesMin` were made and less than `rightShare` of them were right.
 * It ends when a minute has gone by in which that is not so.
 */
export function successWatch({
  triesMin = 200,
  rightShare = 0.2,
  overMs = 60_000,
}: { triesMin?: number; rightShare?: number; overMs?: number } = {}): SuccessWatch {
  let slices: Slice[] = [];
  let alarmUntil = 0;
  return {
    note: (right, atMs) => {
      slices = slices.filter(({ from }) => from > atMs - overMs);
      let slice = slices.at(-1);
      if (!slice || slice.from + SLICE_MS <= atMs) {
        slice = { from: atMs, tries: 0, right: 0 };
        slices.push(slice);
      }
      slice.tries += 1;
      if (right) slice.right += 1;
      const tries = slices.reduce((sum, each) => sum + each.tries, 0);
      const rightOnes = slices.reduce((sum, each) => sum + each.right, 0);
      if (tries < triesMin || rightOnes >= rightShare * tries) return false;
      const raised = alarmUntil <= atMs;
      alarmUntil = atMs + overMs;
      return raised;
    },
    alarmed: (atMs) => alarmUntil > atMs,
  };
}
