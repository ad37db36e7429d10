/** A `Storage` in memory, for tests. */
export function memoryStore() {
  const rows = new Map<string, string>();
  return {
    getItem: (key: string): string | null => rows.get(key) ?? null,
    setItem: (key: string, value: string): void => void rows.set(key, value),
    removeItem: (key: string): void => void rows.delete(key),
    size: (): number => rows.size,
  };
}
