import { type Controls, judgeKeys, type SwitchLook } from './controls.ts';
import { aCutOff, type CutOff } from './cut-off.ts';
import { judge } from './judge.ts';

/** Controls that a test moves by hand. */
export interface FixedControls extends Controls {
  close(key: string): void;
  open(key: string): void;
  /** Puts a cut-off in force; what is not told is everything, END_LOGINS, now. */
  cut(told: Partial<CutOff>): CutOff;
  lift(id: string): void;
}

/** Controls that stand still, for tests of use cases. `close` and `open`, `cut` and `lift` move them. */
export function fixedControls(
  start: { closed?: readonly string[]; generation?: number; stale?: boolean } = {},
): FixedControls {
  const closed = new Map<string, SwitchLook>();
  const moved = new Map<string, number>();
  const cutOffs = new Map<string, CutOff>();
  let generation = start.generation ?? 1;
  const lookClosed = (key: string): SwitchLook => ({
    key,
    state: 'CLOSED',
    since: new Date('2019-07-03T07:00:00Z'),
    reason: { ja: '調査のため', en: 'Under investigation' },
    generation,
  });
  const lookAt = (key: string): SwitchLook =>
    closed.get(key) ?? {
      key,
      state: 'OPEN',
      since: new Date(0),
      reason: null,
      generation: moved.get(key) ?? 0,
    };
  for (const key of start.closed ?? []) closed.set(key, lookClosed(key));
  return {
    guard: (...keys) => judgeKeys({ generation, closed }, start.stale !== true, keys),
    look: lookAt,
    judge: (facts) =>
      judge(facts, { look: lookAt, cutOffs: [...cutOffs.values()], now: new Date() }),
    get cutOffs() {
      return [...cutOffs.values()];
    },
    movedIn: (key) => moved.get(key) ?? 0,
    get generation() {
      return generation;
    },
    refresh: async () => {},
    close: (key) => {
      generation += 1;
      moved.set(key, generation);
      closed.set(key, lookClosed(key));
    },
    open: (key) => {
      generation += 1;
      moved.set(key, generation);
      closed.delete(key);
    },
    cut: (told) => {
      generation += 1;
      const made = aCutOff({ cutAt: new Date(), generation, ...told });
      cutOffs.set(made.id, made);
      return made;
    },
    lift: (id) => {
      generation += 1;
      cutOffs.delete(id);
    },
  };
}
