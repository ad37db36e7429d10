import type { JournalEntry } from './journal-entry.ts';

/**
 * Entries in an order in which they may have been committed: each account's entries by their number. What was booked
 * in the same millisecond on different accounts keeps the order in which it was given.
 */
export function inCommitOrder(entries: readonly JournalEntry[]): readonly JournalEntry[] {
  if (entries.length < 2) return entries;
  const waiting = new Map<string, { seq: number; entry: JournalEntry }[]>();
  for (const entry of entries) {
    for (const { account, seq } of entry.stands) {
      const list = waiting.get(account) ?? [];
      list.push({ seq, entry });
      waiting.set(account, list);
    }
  }
  for (const list of waiting.values()) list.sort((a, b) => b.seq - a.seq); // the next one is last
  const isNext = (entry: JournalEntry) =>
    entry.stands.every(({ account }) => waiting.get(account)?.at(-1)?.entry === entry);
  const ordered = new Set<JournalEntry>();
  const emit = (first: JournalEntry) => {
    const ready = [first];
    for (let entry = ready.pop(); entry; entry = ready.pop()) {
      if (ordered.has(entry) || !isNext(entry)) continue;
      ordered.add(entry);
      for (const { account } of entry.stands) {
        const list = waiting.get(account);
        list?.pop();
        const follower = list?.at(-1)?.entry;
        if (follower) ready.push(follower);
      }
    }
  };
  for (const entry of entries) emit(entry);
  // Damaged books may have no such order: what is left is told as it came.
  for (const entry of entries) ordered.add(entry);
  return [...ordered];
}
