import type { Log } from '@7pay/telemetry';
import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';

/** The keys that 7iD signs with could not be read, which is logged where it is tried: nothing is said about the token. */
export class KeysUnreadable extends Error {
  override readonly name = 'KeysUnreadable';
  constructor() {
    super('the keys of 7iD could not be read');
  }
}

/** The public keys of 7iD. */
export interface IssuerKeys {
  /** The key of a token. @throws KeysUnreadable; JOSEError when no key fits, which is the fault of the token */
  readonly find: JWTVerifyGetKey;
  /** Whether they were read once; has them looked for if not. */
  wereSeen(): boolean;
  /** Reads them if they were not read lately. Never rejects. */
  look(): Promise<void>;
}

/** They are read again after so long: a key that was thrown away holds no longer. */
const FRESH_MS = 600_000;
/** So long the last that were read hold while 7iD cannot be read. */
const KEPT_MS = 3_600_000;
/** How long nobody waits for 7iD after it could not be read. */
const AGAIN_MS = 30_000;
const TIMEOUT_MS = 3_000;

/** Reads the keys of 7iD when they are needed. A token of a key that is not known yet has them read again, twice a minute. */
export function issuerKeys(
  issuer: string,
  { elapsedMs, log }: { elapsedMs: () => number; log: Log },
): IssuerKeys {
  const remote = createRemoteJWKSet(new URL('jwks', `${issuer}/`), {
    // When they are read is decided here.
    cacheMaxAge: Infinity,
    cooldownDuration: Infinity,
    timeoutDuration: TIMEOUT_MS,
  });
  let readAt = -Infinity;
  let failedAt = -Infinity;
  let reading: Promise<void> | undefined;

  const isYoungerThan = (mostMs: number) => elapsedMs() - readAt < mostMs;
  const hasFailedLately = () => elapsedMs() - failedAt < AGAIN_MS;
  const read = (): Promise<void> => {
    reading ??= remote
      .reload()
      .then(
        () => void (readAt = elapsedMs()),
        (cause: unknown) => {
          failedAt = elapsedMs();
          log.warn('issuer_keys.unreadable', { cause });
        },
      )
      .finally(() => (reading = undefined));
    return reading;
  };
  const look = async (): Promise<void> => {
    if (isYoungerThan(FRESH_MS) || (isYoungerThan(KEPT_MS) && hasFailedLately())) return;
    await read();
  };
  return {
    find: async (header, token) => {
      await look();
      if (!isYoungerThan(KEPT_MS)) throw new KeysUnreadable();
      try {
        return await remote(header, token);
      } catch (cause) {
        // It may be signed by a key that is newer than those that were read.
        if (!(cause instanceof errors.JWKSNoMatchingKey) || isYoungerThan(AGAIN_MS)) throw cause;
      }
      if (!hasFailedLately()) await read();
      if (hasFailedLately()) throw new KeysUnreadable();
      return remote(header, token);
    },
    wereSeen: () => {
      if (readAt === -Infinity) void look();
      return readAt !== -Infinity;
    },
    look,
  };
}
