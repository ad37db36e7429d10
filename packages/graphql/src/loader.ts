import DataLoader from 'dataloader';

/** A loader that asks for many ids at once, within one request, and keeps the answers for that request. */
export function loaderFor<Row>(
  fetchMany: (ids: readonly string[]) => Promise<readonly Row[]>,
  idOf: (row: Row) => string,
): DataLoader<string, Row | null> {
  return new DataLoader(
    async (ids) => {
      const rows = new Map((await fetchMany(ids)).map((row) => [idOf(row), row]));
      return ids.map((id) => rows.get(id) ?? null);
    },
    { maxBatchSize: 500 },
  );
}

/** The same for lists: all rows that belong to an id, in the order in which they come. */
export function loaderForMany<Row>(
  fetchMany: (ids: readonly string[]) => Promise<readonly Row[]>,
  idOf: (row: Row) => string,
): DataLoader<string, readonly Row[]> {
  return new DataLoader(
    async (ids) => {
      const rows = Map.groupBy(await fetchMany(ids), idOf);
      return ids.map((id) => rows.get(id) ?? []);
    },
    { maxBatchSize: 500 },
  );
}
