/** How long a request may still take; shared by all its subgraph calls. */
export interface Deadline {
  /** Milliseconds that are left, never negative. */
  left(): number;
}

/** A deadline on the monotonic clock. */
export function deadlineIn(milliseconds: number): Deadline {
  const end = performance.now() + milliseconds;
  return { left: () => Math.max(0, end - performance.now()) };
}
