import type { KeyObject } from 'node:crypto';
import type { ClientSession, Connection } from 'mongoose';
import { rollUp, type Rollup } from '../seal/rollup.ts';
import { rollupStore } from '../seal/rollup.store.ts';
import { entriesOf } from '../seal/seal-journal.ts';
import { type Seal, sealFaults } from '../seal/seal.ts';
import { sealStore } from '../seal/seal.store.ts';
import type { VerifiedExport } from './verify-export.ts';

/**
 * Compares the seals with the entries as they are now, and the roll-ups with the sums of the sealed entries
 * (invariants I19, I20).
 */
export async function verifySeals(
  connection: Connection,
  session: ClientSession,
  keys?: ReadonlyMap<string, KeyObject>,
): Promise<string[]> {
  const faults: string[] = [];
  const made = new Map<string, Rollup>();
  let before: Seal | null = null;
  for await (const seal of sealStore(connection, session).all()) {
    const entries = await entriesOf(connection, seal.entries, session);
    const hashes = entries.map(({ hash }) => hash);
    faults.push(...sealFaults(seal, before, hashes, keys));
    for (const rollup of rollUp(entries)) add(made, rollup);
    before = seal;
  }
  for (const stored of await rollupStore(connection, session).all()) {
    const key = `${stored.account}|${stored.businessDate}`;
    if (asText(stored) !== asText(made.get(key)))
      faults.push(`the roll-up ${key} is not its entries`);
    made.delete(key);
  }
  for (const key of made.keys()) faults.push(`the roll-up ${key} is missing`);
  return faults;
}

/**
 * What was removed since an export that was verified. Seals that are left cannot tell that the last ones are gone; each says
 * all those before it, so one is enough.
 */
export async function sealsLostSince(
  connection: Connection,
  { seals, lastSeal }: Pick<VerifiedExport, 'seals' | 'lastSeal'>,
): Promise<string[]> {
  if (seals === 0) return [];
  const [now] = await sealStore(connection, null).behind(seals - 1, 1);
  const isThere = now?.n === seals && now.hash === lastSeal;
  return isThere ? [] : [`seal ${seals} is not that of the export`];
}

function add(sums: Map<string, Rollup>, more: Rollup): void {
  const key = `${more.account}|${more.businessDate}`;
  const before = sums.get(key);
  sums.set(key, {
    ...more,
    debits: more.debits + (before?.debits ?? 0),
    credits: more.credits + (before?.credits ?? 0),
    count: more.count + (before?.count ?? 0),
  });
}

const asText = (rollup: Rollup | undefined): string =>
  rollup ? `${rollup.currency} ${rollup.debits} ${rollup.credits} ${rollup.count}` : '';
