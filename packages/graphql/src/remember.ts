import type { Clock } from '@7pay/time';

const KEPT = 20_000;

/**
 * Remembers found rows for some seconds, over requests. For public facts that rarely change (the name of a
 * store), never for balances, permissions or anything a decision rests on. What is not found is asked again.
 */
export function rememberFor<Row>(
  milliseconds: number,
  clock: Clock,
  fetchMany: (ids: readonly string[]) => Promise<readonly Row[]>,
  idOf: (row: Row) => string,
): (ids: readonly string[]) => Promise<readonly Row[]> {
  const kept = new Map<string, { row: Row; until: number }>();
  return async (ids) => {
    const now = clock.now().getTime();
    const known = ids.flatMap((id) => {
      const entry = kept.get(id);
      return entry && entry.until > now ? [entry.row] : [];
    });
    const found = new Set(known.map(idOf));
    const missing = ids.filter((id) => !found.has(id));
    if (missing.length === 0) return known;
    const fetched = await fetchMany(missing);
    if (kept.size + fetched.length > KEPT) kept.clear();
    for (const row of fetched) kept.set(idOf(row), { row, until: now + milliseconds });
    return [...known, ...fetched];
  };
}

/** Remembers one public fact, nothing included, for some milliseconds; `forget` when this process changed it. */
export function rememberOne<Fact>(
  milliseconds: number,
  clock: Clock,
  fetch: () => Promise<Fact>,
): { get(): Promise<Fact>; forget(): void } {
  let kept: { fact: Promise<Fact>; until: number } | undefined;
  return {
    get: () => {
      const now = clock.now().getTime();
      if (kept && kept.until > now) return kept.fact;
      const fact = fetch();
      const mine = { fact, until: now + milliseconds };
      kept = mine;
      fact.catch(() => {
        if (kept === mine) kept = undefined;
      });
      return fact;
    },
    forget: () => {
      kept = undefined;
    },
  };
}
