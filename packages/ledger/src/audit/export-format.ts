import { createHash } from 'node:crypto';
import type { BusinessDate } from '@7pay/time';
import { z } from 'zod';
import { ENTRY_KINDS, type JournalEntry } from '../entry/journal-entry.ts';
import type { Seal } from '../seal/seal.ts';

/**
 * The lines of an export, JSON each: a head, then every seal followed by its entries, then an end that is signed. The
 * end counts and hashes all lines before it, so that nothing can be left off.
 */
export type ExportLine =
  | { readonly line: 'head'; readonly format: '7pay-ledger-export'; readonly version: 1 }
  | ({ readonly line: 'seal' } & Seal)
  | ({ readonly line: 'entry' } & JournalEntry)
  | ExportEnd;

export interface ExportEnd {
  readonly line: 'end';
  readonly seals: number;
  readonly entries: number;
  /** The hash of the last seal; empty when there is none. */
  readonly seal: string;
  /** SHA-256 over the lines before, each with its line feed; base64url. */
  readonly digest: string;
  readonly keyId: string;
  /** Ed25519 over {@link endText}, base64url. */
  readonly signature: string;
}

/** The text that is signed at the end of an export. */
export const endText = ({
  seals,
  entries,
  seal,
  digest,
}: Omit<ExportEnd, 'line' | 'keyId' | 'signature'>): string =>
  JSON.stringify(['7pay-ledger-export', 1, seals, entries, seal, digest]);

/** Hashes the lines of an export as they come. */
export function lineDigest(): { add(line: string): void; digest(): string } {
  const hash = createHash('sha256');
  return {
    add: (line) => void hash.update(line).update('\n'),
    digest: () => hash.digest('base64url'),
  };
}

const whole = z.number().int().nonnegative();
const text = z.string();
const instant = z.iso.datetime().transform((at) => new Date(at));
const sealLine = z.strictObject({
  line: z.literal('seal'),
  n: whole,
  at: instant,
  entries: z.array(text),
  total: whole,
  root: text,
  prev: text,
  hash: text,
  keyId: text,
  signature: text,
});
const leg = z.strictObject({
  account: text,
  side: z.enum(['debit', 'credit']),
  amount: whole,
  currency: z.enum(['JPY', 'NPT']),
  lots: z.record(text, whole).optional(),
});
const entryLine = z.strictObject({
  line: z.literal('entry'),
  id: text,
  kind: z.enum(ENTRY_KINDS),
  wallet: text,
  at: instant,
  businessDate: text.transform((date) => date as BusinessDate),
  legs: z.array(leg),
  holdsUntil: instant.optional(),
  resolves: text.optional(),
  reverses: z.strictObject({ entry: text, n: whole }).optional(),
  sets: z
    .strictObject({
      account: text,
      status: z.enum(['OPEN', 'FROZEN', 'CLOSED']).optional(),
      cap: whole.nullable().optional(),
      limits: z
        .record(
          text,
          z.strictObject({
            perEntry: whole.optional(),
            day: whole.optional(),
            hours24: whole.optional(),
            days30: whole.optional(),
          }),
        )
        .optional(),
    })
    .optional(),
  generation: whole,
  ref: z.record(text, text),
  stands: z.array(
    z.strictObject({ account: text, seq: whole, posted: whole, held: whole, prev: text }),
  ),
  hash: text,
});
const anyLine = z.discriminatedUnion('line', [
  z.strictObject({
    line: z.literal('head'),
    format: z.literal('7pay-ledger-export'),
    version: z.literal(1),
  }),
  sealLine,
  entryLine,
  z.strictObject({
    line: z.literal('end'),
    seals: whole,
    entries: whole,
    seal: text,
    digest: text,
    keyId: text,
    signature: text,
  }),
]);

/** Reads a line; null when it is none of an export. Members that nobody knows are not taken: they could hide something. */
export function readLine(line: string): ExportLine | null {
  try {
    const read = anyLine.safeParse(JSON.parse(line));
    return read.success ? (read.data as ExportLine) : null;
  } catch {
    return null;
  }
}
