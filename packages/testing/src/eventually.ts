/**
 * Waits until the look gives a value, for what happens by itself: events, workers, a switch on its way.
 * @throws Error after ten seconds, with the last reason
 */
export async function eventually<Value>(
  look: () => Promise<Value | undefined | null | false>,
  withinMs = 10_000,
): Promise<Value> {
  const start = performance.now();
  let reason: unknown = 'it never came true';
  while (performance.now() - start < withinMs) {
    try {
      const value = await look();
      if (value !== undefined && value !== null && value !== false) return value;
    } catch (error) {
      reason = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`not within ${withinMs} ms`, { cause: reason });
}
