import type { LotKey } from '../account/lots.ts';
import { type JournalEntry, moves } from '../entry/journal-entry.ts';

/** So much value that an entry brought into an account, and another took out. */
export interface Flow {
  readonly from: string;
  readonly to: string;
  readonly lot: LotKey;
  readonly amount: number;
}

/** Where each yen of an account came from, where it went, and what of it is still there. */
export interface Trace {
  readonly flows: readonly Flow[];
  readonly remaining: readonly Omit<Flow, 'to'>[];
}

interface Parcel {
  readonly from: string;
  left: number;
}

/**
 * Follows value through one account, entry by entry in the order of its numbers. Within a lot, what came first goes
 * first. What an entry gives back is again what the entry before had taken, from where it first came.
 */
export function trace(entries: Iterable<JournalEntry>, account: string): Trace {
  const parcels = new Map<LotKey, Parcel[]>();
  const flows: Flow[] = [];
  const givenBack = new Map<string, number>();
  for (const entry of entries) {
    if (!moves(entry)) continue;
    for (const leg of entry.legs) {
      if (leg.account !== account) continue;
      for (const [lot, amount] of Object.entries(leg.lots ?? {}) as [LotKey, number][]) {
        const queue = parcels.get(lot) ?? [];
        parcels.set(lot, queue);
        if (leg.side === 'credit')
          queue.push(...parcelsOf(entry, { lot, amount }, flows, givenBack));
        else flows.push(...taken(queue, amount).map((part) => ({ ...part, to: entry.id, lot })));
      }
    }
  }
  const remaining = [...parcels].flatMap(([lot, queue]) =>
    queue.filter(({ left }) => left > 0).map(({ from, left }) => ({ from, lot, amount: left })),
  );
  return { flows, remaining: summed(remaining) };
}

function taken(queue: Parcel[], amount: number): { from: string; amount: number }[] {
  const parts: { from: string; amount: number }[] = [];
  let left = amount;
  for (let first = queue[0]; first && left > 0; first = queue[0]) {
    const part = Math.min(first.left, left);
    parts.push({ from: first.from, amount: part });
    left -= part;
    first.left -= part;
    if (first.left === 0) queue.shift();
  }
  return parts;
}

function parcelsOf(
  entry: JournalEntry,
  { lot, amount }: { lot: LotKey; amount: number },
  flows: readonly Flow[],
  givenBack: Map<string, number>,
): Parcel[] {
  if (!entry.reverses) return [{ from: entry.id, left: amount }];
  const key = `${entry.reverses.entry} ${lot}`;
  let skip = givenBack.get(key) ?? 0;
  givenBack.set(key, skip + amount);
  let left = amount;
  const parts: Parcel[] = [];
  for (const flow of flows) {
    if (flow.to !== entry.reverses.entry || flow.lot !== lot || left === 0) continue;
    const part = Math.min(Math.max(0, flow.amount - skip), left);
    skip = Math.max(0, skip - flow.amount);
    if (part > 0) parts.push({ from: flow.from, left: part });
    left -= part;
  }
  // More than was taken comes from the entry itself: damaged books are told, not hidden.
  return left > 0 ? [...parts, { from: entry.id, left }] : parts;
}

function summed(parts: readonly Omit<Flow, 'to'>[]): readonly Omit<Flow, 'to'>[] {
  const sums = new Map<string, Omit<Flow, 'to'>>();
  for (const part of parts) {
    const key = `${part.from} ${part.lot}`;
    sums.set(key, { ...part, amount: part.amount + (sums.get(key)?.amount ?? 0) });
  }
  return [...sums.values()];
}
