import { alarmIn } from './alarms.ts';

/** Why nobody waits for an answer any more: its time is over, or the client has gone. */
export type Ending = 'late' | 'gone';

/** How long a request may still take; shared by all its subgraph calls. */
export interface Deadline {
  /** Milliseconds that are left, never negative. */
  left(): number;
  /** Set as soon as nobody waits any more. */
  readonly ending: Ending | undefined;
  /** Calls back when that happens, at once if it has. Returns how to take it back. */
  onEnding(tell: (ending: Ending) => void): () => void;
}

/** The deadline as its owner holds it. */
export interface OwnedDeadline extends Deadline {
  /** The client has gone. */
  clientGone(): void;
  /** The answer is made: nothing will be told any more. */
  close(): void;
}

/** A deadline on the monotonic clock, with one alarm for the whole request. */
export function deadlineIn(milliseconds: number): OwnedDeadline {
  const end = performance.now() + milliseconds;
  const listeners = new Set<(ending: Ending) => void>();
  let ending: Ending | undefined;
  let turnOff: (() => void) | undefined;
  let isLate = false;
  // Once the alarm has rung, there is no time left.
  const left = () => (isLate ? 0 : Math.max(0, end - performance.now()));
  const finish = (why: Ending) => {
    ending ??= why;
    isLate ||= why === 'late';
    for (const tell of listeners) tell(why);
  };
  const state = () => (ending ??= left() === 0 ? 'late' : undefined);
  return {
    left,
    get ending() {
      return state();
    },
    onEnding: (tell) => {
      const already = state();
      if (already) tell(already);
      // One that has lost its client can still become late, which is what work for nobody waits for.
      turnOff ??= alarmIn(left(), () => finish('late'));
      listeners.add(tell);
      return () => void listeners.delete(tell);
    },
    clientGone: () => finish('gone'),
    close: () => {
      turnOff?.();
      listeners.clear();
    },
  };
}

/** The same time for work that goes on without its client: a mutation that was begun is finished. */
export const withoutClient = (deadline: Deadline): Deadline => ({
  left: () => deadline.left(),
  get ending() {
    return deadline.left() === 0 ? 'late' : undefined;
  },
  onEnding: (tell) =>
    deadline.onEnding((why) => {
      if (why === 'late') tell(why);
    }),
});
