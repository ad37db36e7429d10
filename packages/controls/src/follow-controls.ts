import { followChanges } from '@7pay/mongo';
import type { Log } from '@7pay/telemetry';
import { type Clock, sleep, systemClock } from '@7pay/time';
import type { Connection } from 'mongoose';
import { type Controls, type ControlsSnapshot, judgeKeys, type SwitchLook } from './controls.ts';
import { openCutOffStore } from './cut-off.store.ts';
import type { CutOff } from './cut-off.ts';
import { judge } from './judge.ts';
import { GENERATION_COLLECTION, openSwitchStore } from './switch.store.ts';

/** Controls that follow the database until stopped. */
export interface FollowedControls extends Controls {
  stop(): Promise<void>;
}

const POLL_MS = 250;
const STREAM_PAUSE_MS = 250;
const LEASE_MS = 1_000;

/**
 * Follows the switches by poll, which alone is enough, and by change stream, which makes it sooner; and holds a lease on
 * the snapshot: when the last confirmation is older than a second, {@link Controls.guard} refuses (fails closed).
 * The lease is measured on the monotonic clock: a process that slept refuses until it has caught up.
 */
export async function followControls(
  connection: Connection,
  options: { log: Log; leaseMs?: number; pollMs?: number; clock?: Clock },
): Promise<FollowedControls> {
  const { log, leaseMs = LEASE_MS, pollMs = POLL_MS, clock = systemClock } = options;
  const store = openSwitchStore(connection);
  const cutOffStore = openCutOffStore(connection);
  const stopping = new AbortController();
  let snapshot: ControlsSnapshot | undefined;
  let rows = new Map<string, SwitchLook>();
  let cutOffs: readonly CutOff[] = [];
  let confirmedAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  const look = (key: string): SwitchLook =>
    rows.get(key) ?? { key, state: 'OPEN', since: new Date(0), reason: null, generation: 0 };
  const read = async () => {
    const askedAt = performance.now(); // the answer is at least as new as the question
    const generation = await store.generation();
    if (!snapshot || generation !== snapshot.generation) {
      // What moved since, for a family has as many members as there are stores. A generation that went back is another
      // database's history: then everything.
      const known = snapshot && snapshot.generation < generation ? snapshot.generation : 0;
      const [moved, cuts] = await Promise.all([store.movedSince(known), cutOffStore.all()]);
      const news = moved.map((row) => [row.key, row] as const);
      rows = new Map<string, SwitchLook>([...(known > 0 ? rows : []), ...news]);
      const closed = new Map([...rows].filter(([, row]) => row.state === 'CLOSED'));
      cutOffs = cuts;
      // A flip between the two reads shows as a newer row: keep the older number, the next poll reads again.
      snapshot = { generation, closed };
      log.info('controls.followed', { generation, count: closed.size });
    }
    confirmedAt = askedAt;
  };
  const refresh = async () => {
    if (reading) await reading.catch(() => {});
    reading ??= read().finally(() => {
      reading = undefined;
    });
    await reading;
  };

  const poll = async () => {
    while (!stopping.signal.aborted) {
      await refresh().catch((error: unknown) => log.warn('controls.unreadable', { cause: error }));
      await sleep(pollMs, stopping.signal);
    }
  };
  const watch = async () => {
    while (!stopping.signal.aborted) {
      await followChanges(connection, {
        collection: GENERATION_COLLECTION,
        operations: ['insert', 'update', 'replace'],
        signal: stopping.signal,
        onChange: () => refresh(),
      }).catch((error: unknown) => log.warn('controls.stream_broken', { cause: error }));
      await sleep(STREAM_PAUSE_MS, stopping.signal);
    }
  };

  await refresh();
  const running = [poll(), watch()];
  return {
    guard: (...keys) => judgeKeys(snapshot, performance.now() - confirmedAt <= leaseMs, keys),
    look,
    judge: (facts) => judge(facts, { look, cutOffs, now: clock.now() }),
    get cutOffs() {
      return cutOffs;
    },
    movedIn: (key) => rows.get(key)?.generation ?? 0,
    get generation() {
      return snapshot?.generation ?? 0;
    },
    refresh,
    stop: async () => {
      stopping.abort();
      await Promise.all(running);
    },
  };
}
