/** Milliseconds by which an alarm may ring late. */
export const ALARM_GRAIN_MS = 10;

/** The alarms that ring together, by the number of their grain of time. */
const slots = new Map<number, Set<() => void>>();
let timer: NodeJS.Timeout | undefined;
let next = 0;

/**
 * Rings once, so many milliseconds from now or up to {@link ALARM_GRAIN_MS} later. Returns how to turn it off. All alarms share
 * one timer: most are turned off long before they ring, and a timer of each request’s own costs more than the rest of
 * its deadline.
 */
export function alarmIn(milliseconds: number, ring: () => void): () => void {
  const now = performance.now();
  if (!timer) {
    next = slotOf(now);
    timer = setTimeout(tick, ALARM_GRAIN_MS);
  }
  const number = Math.max(next, slotOf(now + milliseconds) + 1);
  const slot = slots.get(number) ?? new Set();
  slots.set(number, slot.add(ring));
  return () => {
    if (slot.delete(ring) && slot.size === 0) slots.delete(number);
  };
}

const slotOf = (time: number): number => Math.floor(time / ALARM_GRAIN_MS);

function tick(): void {
  const last = slotOf(performance.now());
  for (; next <= last; next += 1) {
    const slot = slots.get(next);
    if (!slot) continue;
    slots.delete(next);
    for (const ring of slot) ring();
  }
  timer = slots.size > 0 ? setTimeout(tick, ALARM_GRAIN_MS) : undefined;
}
