import type { KeyObject } from 'node:crypto';
import { isSigned, type Seal, sealFaults } from '../seal/seal.ts';
import type { JournalEntry } from '../entry/journal-entry.ts';
import { endText, type ExportEnd, lineDigest, readLine } from './export-format.ts';
import { chainFaults, startReplay } from './replay.ts';

/** What an auditor found in an export. `faults` is empty when it is whole and exact. */
export interface VerifiedExport {
  readonly seals: number;
  readonly entries: number;
  /** The hash of the last seal; empty when there is none. */
  readonly lastSeal: string;
  readonly balances: ReadonlyMap<string, number>;
  readonly faults: readonly string[];
}

// A damaged file has a fault in every line; the first ones tell enough.
const MOST_FAULTS = 1_000;

/**
 * Verifies an export with nothing but our public keys: every line is one of an export, every entry has the hash of
 * what it says and follows the one before on its accounts, every seal closes just its entries, follows the seal before
 * and is signed, and the signed end counts all of it (invariant I20).
 */
export async function verifyExport(
  lines: AsyncIterable<string> | Iterable<string>,
  publicKeys: ReadonlyMap<string, KeyObject>,
): Promise<VerifiedExport> {
  const replay = startReplay();
  const digest = lineDigest();
  const faults: string[] = [];
  const found = (...more: readonly string[]) =>
    faults.push(...more.slice(0, MOST_FAULTS - faults.length));
  let number = 0;
  let seals = 0;
  let open: { seal: Seal; entries: JournalEntry[] } | null = null;
  let before: Seal | null = null;
  let end: ExportEnd | null = null;
  const close = () => {
    if (!open) return;
    const { seal, entries } = open;
    const ids = entries.map(({ id }) => id);
    if (JSON.stringify(ids) !== JSON.stringify(seal.entries)) {
      found(`seal ${seal.n} names other entries than those that follow it`);
    }
    const hashes = entries.map(({ hash }) => hash);
    found(...sealFaults(seal, before, hashes, publicKeys));
    before = seal;
    open = null;
  };
  for await (const written of lines) {
    number += 1;
    const line = readLine(written);
    if (end) found(`line ${number} stands behind the end`);
    if (!line) {
      found(`line ${number} is none of an export`);
    } else if ((line.line === 'head') !== (number === 1)) {
      found(`line ${number} is ${number === 1 ? 'no head' : 'a second head'}`);
    }
    if (line?.line === 'end') {
      // The digest is of the lines before: this one is just what we write, to the letter.
      if (JSON.stringify(line) !== written) found('the end is written in another way');
      close();
      end = line;
      continue;
    }
    digest.add(written);
    if (line?.line === 'seal') {
      close();
      const { line: _, ...seal } = line;
      open = { seal, entries: [] };
      seals += 1;
    } else if (line?.line === 'entry') {
      const { line: _, ...entry } = line;
      if (open) open.entries.push(entry);
      else found(`line ${number} is an entry without a seal`);
      replay.add(entry);
    }
  }
  close();
  found(...replay.faults, ...chainFaults(replay));
  for (const [currency, total] of replay.totals) {
    if (total !== 0) found(`all entries in ${currency} differ by ${total}`);
  }
  const counted = { seals, entries: replay.entries, digest: digest.digest() };
  const lastSeal = lastHash(before);
  found(...endFaults(end, { ...counted, seal: lastSeal }, publicKeys));
  return { seals, entries: replay.entries, lastSeal, balances: replay.balances, faults };
}

const lastHash = (seal: Seal | null): string => seal?.hash ?? '';

function endFaults(
  end: ExportEnd | null,
  counted: Pick<ExportEnd, 'seals' | 'entries' | 'seal' | 'digest'>,
  publicKeys: ReadonlyMap<string, KeyObject>,
): string[] {
  if (!end) return ['the end is missing'];
  const faults: string[] = [];
  if (endText(end) !== endText(counted)) faults.push('the end counts something else');
  const key = publicKeys.get(end.keyId);
  if (!key) faults.push('the end was signed with a key that is not known here');
  else if (!isSigned(endText(end), end.signature, key)) faults.push('the end was not signed');
  return faults;
}
