import { createHmac, randomBytes } from 'node:crypto';

/** Names a try: whose password hash, and what was typed. */
export interface Try {
  /** The stored hash the password was compared with; null for nobody. */
  readonly stored: string | null;
  readonly canonicalMail: string;
  readonly password: string;
}

/** Tries that were found wrong a moment ago. The same again is wrong again, and needs no hash to tell. */
export interface KnownWrong {
  has(attempt: Try, atMs: number): boolean;
  note(attempt: Try, atMs: number): void;
  readonly size: number;
}

/**
 * Remembers wrong tries under a key that lives and dies with this process, so that nothing is left of what people
 * typed. The stored hash is part of the name: a member who sets the password that was wrong before gets in.
 */
export function knownWrong({
  triesMax = 100_000,
  forMs = 10 * 60_000,
}: { triesMax?: number; forMs?: number } = {}): KnownWrong {
  const key = randomBytes(32);
  const tries = new Map<string, number>();
  const nameOf = ({ stored, canonicalMail, password }: Try) =>
    createHmac('sha256', key)
      .update(JSON.stringify([stored, canonicalMail, password]))
      .digest('base64url')
      .slice(0, 22);
  return {
    has: (attempt, atMs) => (tries.get(nameOf(attempt)) ?? 0) > atMs,
    note: (attempt, atMs) => {
      const name = nameOf(attempt);
      tries.delete(name);
      tries.set(name, atMs + forMs);
      if (tries.size > triesMax) tries.delete(tries.keys().next().value ?? '');
    },
    get size() {
      return tries.size;
    },
  };
}
