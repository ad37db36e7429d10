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
