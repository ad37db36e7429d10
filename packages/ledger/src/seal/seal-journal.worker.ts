import { followChanges, isHistoryLost, type ResumeToken } from '@7pay/mongo';
import type { Log } from '@7pay/telemetry';
import { type Clock, sleep } from '@7pay/time';
import type { Connection } from 'mongoose';
import { JOURNAL, toEntry } from '../entry/journal-entry.store.ts';
import type { JournalEntry } from '../entry/journal-entry.ts';
import { ENTRIES_A_SEAL, sealEntries, type SealEntries, sealRemaining } from './seal-journal.ts';
import type { SealKey } from './seal.ts';
import { sealStore } from './seal.store.ts';

const EVERY_MS = 250;
const PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Seals the journal in the order in which it is committed, a few times a second, and rolls it up in the same write:
 * the sum of a merchant is exact up to its seal and lags by less than a second. Any number of processes may do it.
 */
export function sealJournal(
  connection: Connection,
  { key, clock, log }: { key: SealKey; clock: Clock; log: Log },
): { start(): void; stop(): Promise<void> } {
  const stopping = new AbortController();
  const seal = sealEntries(connection, key, clock);
  let running = Promise.resolve();
  const follow = async () => {
    let remembers = true;
    for (let failures = 0; !stopping.signal.aborted;) {
      try {
        const sealed = () => {
          failures = 0;
          remembers = true;
        };
        await followOnce(connection, { seal, remembers, sealed, stopping: stopping.signal });
      } catch (cause) {
        failures += 1;
        // A stream whose history is gone begins anew, and what it missed is read from the journal.
        if (isHistoryLost(cause)) remembers = false;
        log.warn('ledger.sealing_broken', { cause });
        await sleep(Math.min(LONGEST_PAUSE_MS, PAUSE_MS * 2 ** failures), stopping.signal);
      }
    }
  };
  return {
    start: () => {
      running = follow();
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

interface Attempt {
  readonly seal: SealEntries;
  /** Whether the stream goes on where the latest seal ended. */
  readonly remembers: boolean;
  readonly sealed: () => void;
  readonly stopping: AbortSignal;
}

async function followOnce(
  connection: Connection,
  { seal, remembers, sealed, stopping }: Attempt,
): Promise<void> {
  const attempt = new AbortController();
  const signal = AbortSignal.any([stopping, attempt.signal]);
  const latest = remembers ? await sealStore(connection, null).latest() : null;
  let buffer: { entry: JournalEntry; token: ResumeToken }[] = [];
  let failed: unknown;
  let last: Promise<void> = Promise.resolve();
  const fail = (error: unknown) => {
    failed ??= error;
    attempt.abort();
  };
  const flush = () => {
    const batch = buffer;
    buffer = [];
    if (batch.length === 0) return last;
    last = last.then(async () => {
      if (failed) return;
      await seal(
        batch.map(({ entry }) => entry),
        batch.at(-1)!.token,
      );
      sealed();
    });
    last.catch(fail);
    return last;
  };
  // Nothing that stood before the stream is overlooked: it is read once the stream stands.
  const catchUp = () => {
    if (latest?.token) return;
    last = last.then(async () => {
      await sealRemaining(connection, seal);
    });
    last.catch(fail);
  };
  const timer = setInterval(() => void flush().catch(fail), EVERY_MS);
  try {
    await followChanges(connection, {
      collection: JOURNAL,
      after: latest?.token ?? undefined,
      signal,
      onOpen: catchUp,
      onChange: async ({ document, token }) => {
        if (document) buffer.push({ entry: toEntry(document as never), token });
        if (buffer.length >= ENTRIES_A_SEAL) await flush();
      },
    });
  } finally {
    clearInterval(timer);
    await flush().catch(fail);
  }
  if (failed)
    throw failed instanceof Error ? failed : new Error('sealing failed', { cause: failed });
}
