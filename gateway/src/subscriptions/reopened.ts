import type { SubscriptionItem } from '@7pay/graphql';
import { sleep } from '@7pay/time';
import { SubgraphUnavailable } from '../reach/reach.ts';

const PAUSES_MS = [100, 250, 500, 1_000, 2_000];
/** A source that was never reached is given up sooner: nobody has missed anything yet. */
const FIRST_MS = 3_000;

/**
 * A source that is opened again when its line breaks, behind the last that it told: whoever listens notices nothing of it.
 * @throws SubgraphUnavailable when it stays away
 */
export async function* reopened(
  open: (after: string | undefined) => AsyncIterable<SubscriptionItem>,
  options: {
    readonly after: string | undefined;
    readonly signal: AbortSignal;
    readonly awayMs: number;
    readonly elapsedMs: () => number;
    readonly onBroken: (cause: unknown) => void;
  },
): AsyncGenerator<SubscriptionItem, void> {
  const { signal, awayMs, elapsedMs } = options;
  let { after } = options;
  let awaySince = elapsedMs();
  let patienceMs = Math.min(FIRST_MS, awayMs);
  let tries = 0;
  while (!signal.aborted) {
    try {
      for await (const item of open(after)) {
        if (isOutage(item)) throw new SubgraphUnavailable('the source is not available');
        after = item.cursor ?? after;
        yield item;
        tries = 0;
        patienceMs = awayMs;
        awaySince = elapsedMs();
      }
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof SubgraphUnavailable)) throw error;
      options.onBroken(error);
      if (tries === 0) awaySince = elapsedMs();
      if (elapsedMs() - awaySince >= patienceMs) throw error;
    }
    // Not all at once: a subgraph that comes back meets everybody who waited for it.
    const pause = PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)] ?? 0;
    await sleep(pause * (0.5 + Math.random()), signal);
    tries += 1;
  }
}

/** Whether it says that it cannot say anything: the database is away, or the process stops. */
const isOutage = ({ result }: SubscriptionItem): boolean =>
  result !== undefined &&
  result.data === undefined &&
  result.errors?.[0]?.extensions?.['code'] === 'UNAVAILABLE';
