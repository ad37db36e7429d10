import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { hashSync, verifySync } from '@node-rs/argon2';
import type { ZxcvbnFactory } from '@zxcvbn-ts/core';
import type { FromThread, ThreadSetting, ToThread, Work } from './thread-messages.ts';

// Runs in a thread of its own: a hash takes a core for 20 ms, and the pool of threads that node gives to everybody
// has four, which names and files need as well.

// OWASP password storage: argon2id, 19 MiB, two passes, one lane
const ARGON2ID = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
// What lies behind makes no password weak that is strong so far, and the estimate takes long over long texts.
const JUDGED_CHARACTERS = 24;

let estimator: Promise<ZxcvbnFactory> | undefined;

async function openEstimator(): Promise<ZxcvbnFactory> {
  const [{ ZxcvbnFactory: Factory }, common, en, ja] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-en'),
    import('@zxcvbn-ts/language-ja'),
  ]);
  return new Factory({
    dictionary: { ...common.dictionary, ...en.dictionary, ...ja.dictionary },
    graphs: common.adjacencyGraphs,
    maxLength: JUDGED_CHARACTERS,
  });
}

async function answer(work: Work): Promise<string | boolean | number> {
  switch (work.kind) {
    case 'hash':
      return hashSync(work.password, ARGON2ID);
    case 'verify':
      return verifySync(work.stored, work.password);
    case 'guesses': {
      estimator ??= openEstimator();
      return (await estimator).check(work.password, [...work.own]).guessesLog10;
    }
  }
}

const NICE = 5; // about a third of the share of the event loop, where both want the same core

/** Has this thread give way to the others of the process. Linux alone tells a thread its number; elsewhere all are equal. */
function giveWay(): void {
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    if (thread !== process.pid) setPriority(thread, NICE);
  } catch {
    // It works all the same, and only takes its turn as any other.
  }
}

if ((workerData as ThreadSetting).givesWay) giveWay();
const tell = (message: FromThread) => parentPort?.postMessage(message);
parentPort?.on('message', ({ id, ...work }: ToThread) => {
  answer(work)
    .then((value) => tell({ id, value }))
    // The text of an error may hold what was judged.
    .catch((error: unknown) =>
      tell({ id, fault: error instanceof Error ? error.name : 'unknown' }),
    );
});
