import { createHash } from 'node:crypto';
import type { JournalEntry } from './journal-entry.ts';

/** The form of an entry over which its hash is made. A new form is a new number; old entries keep theirs. */
export const CANONICAL_VERSION = 2;

/**
 * An entry as one text that is the same everywhere: members in a fixed order, maps sorted by key, texts in NFC,
 * whole numbers as texts, instants as UTC ISO 8601.
 */
export function canonical(entry: Omit<JournalEntry, 'hash'>): string {
  const sorted = (map: Readonly<Partial<Record<string, string | number>>>) =>
    Object.entries(map)
      .map(([key, value]) => [key.normalize('NFC'), String(value).normalize('NFC')] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([
    CANONICAL_VERSION,
    entry.id,
    entry.kind,
    entry.wallet,
    entry.at.toISOString(),
    entry.businessDate,
    entry.legs.map(({ account, side, amount, currency, lots = {} }) => [
      account,
      side,
      String(amount),
      currency,
      sorted(lots),
    ]),
    entry.holdsUntil?.toISOString() ?? null,
    entry.resolves ?? null,
    entry.reverses ? [entry.reverses.entry, String(entry.reverses.n)] : null,
    entry.sets
      ? [
          entry.sets.account,
          entry.sets.status ?? null,
          'cap' in entry.sets ? [String(entry.sets.cap)] : null,
          Object.entries(entry.sets.limits ?? {})
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([channel, limits]) => [channel, sorted({ ...limits })]),
        ]
      : null,
    String(entry.generation),
    sorted(entry.ref),
    entry.stands.map(({ account, seq, posted, held, prev }) => [
      account,
      String(seq),
      String(posted),
      String(held),
      prev,
    ]),
  ]);
}

/** The hash of an entry: SHA-256 of its canonical form, base64url. It holds the hashes of the entries before. */
export const hashOf = (entry: Omit<JournalEntry, 'hash'>): string =>
  createHash('sha256').update(canonical(entry)).digest('base64url');
