import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type Refused, refuse } from '@7pay/refusals';
import { fairQueue, type Place } from './fair-queue.ts';
import { LAST_WITH_OWN_THREAD, RANKS } from './rank.ts';
import type { Answers, FromThread, ThreadSetting, ToThread, Work } from './thread-messages.ts';

/** Threads that do the heavy work on passwords, one piece each at a time. */
export interface PasswordThreads {
  /**
   * Has a piece of work done, in its turn. What cannot begin before its deadline is shed at once, when the deadline passes or
   * when another piece needs its room, and has cost nothing.
   * @throws Error when the work itself fails
   */
  run<Kind extends Work['kind']>(
    work: Extract<Work, { kind: Kind }>,
    place?: Place,
  ): Promise<Answers[Kind] | Refused<'LOGIN_BUSY'>>;
  /** Whether a piece would be kept that comes now. */
  hasRoom(place: Place): boolean;
  /** How many pieces may be looked at or wait at once. */
  readonly roomMax: number;
  /** How many pieces wait. */
  readonly waiting: number;
  close(): Promise<void>;
}

interface ThreadLimits {
  /** Threads; one less than there are cores, as the event loop needs one, and four at most: 19 MiB each. */
  readonly threads: number;
  /** Threads beside them for those who are served first, so that none of them waits for the hash of a guess to end. */
  readonly reserved: number;
  /** Pieces that may wait: about as many as a core looks at within the deadline, for each thread. */
  readonly waitingMax: number;
  /** How long a try of a password may wait before it is shed. */
  readonly deadlineMs: number;
  /** How long a new password may: who sets one is no flood, and the first one waits for the dictionaries. */
  readonly newDeadlineMs: number;
}

// Together they keep a wait under what a person at a login page takes for a working one.
const THREADS = Math.max(1, Math.min(4, availableParallelism() - 1));
const LIMITS: ThreadLimits = {
  threads: THREADS,
  reserved: 1,
  waitingMax: 32 * THREADS,
  deadlineMs: 1_500,
  newDeadlineMs: 10_000,
};
// In the sources the thread is a file beside this one; in the bundle it is a program of its own.
const PROGRAM = import.meta.url.endsWith('.ts') ? './password-thread.ts' : './password-thread.js';

/** Where work stands that is no try to log in: whoever sets a password is no flood. */
const NEW: Place = { rank: RANKS.NEW_PASSWORD, lane: 'new' };

interface Piece {
  readonly work: Work;
  readonly answer: PromiseWithResolvers<string | boolean | number | Refused<'LOGIN_BUSY'>>;
  readonly timer: NodeJS.Timeout;
}

/** What of a thread is used. */
export type PasswordWorker = Pick<Worker, 'on' | 'postMessage' | 'ref' | 'unref' | 'terminate'>;

interface Thread {
  readonly worker: PasswordWorker;
  piece: Piece | null;
}

const startWorker = (setting: ThreadSetting): PasswordWorker =>
  new Worker(new URL(PROGRAM, import.meta.url), { workerData: setting });

/** Opens the threads; each starts when it is first needed. */
export function openPasswordThreads(
  limits: Partial<ThreadLimits> = {},
  newWorker = startWorker,
): PasswordThreads {
  const {
    threads: most,
    reserved,
    waitingMax,
    deadlineMs,
    newDeadlineMs,
  } = { ...LIMITS, ...limits };
  const queue = fairQueue<Piece>(waitingMax);
  // Those that are reserved come first: whoever may have one leaves the others to the rest.
  const pools = [
    { most: reserved, last: LAST_WITH_OWN_THREAD, threads: new Set<Thread>() },
    { most, last: Infinity, threads: new Set<Thread>() },
  ];
  let asked = 0;
  let closed = false;

  const isFree = ({ threads, most: all }: (typeof pools)[number]) =>
    threads.size < all || [...threads].some(({ piece }) => piece === null);
  const freeThread = (pool: (typeof pools)[number]): Thread =>
    [...pool.threads].find(({ piece }) => piece === null) ?? start(pool);
  const freePool = ({ rank }: Place) => pools.find((pool) => rank <= pool.last && isFree(pool));

  const next = () => {
    for (const pool of pools) {
      const piece = isFree(pool) ? queue.shift(pool.last) : undefined;
      if (piece) return give(freeThread(pool), piece);
    }
  };

  const give = (thread: Thread, piece: Piece): void => {
    clearTimeout(piece.timer);
    thread.piece = piece;
    asked += 1;
    thread.worker.ref(); // work under way keeps the process; idle threads do not
    thread.worker.postMessage({ ...piece.work, id: asked } satisfies ToThread);
  };

  const start = ({ last, threads }: (typeof pools)[number]): Thread => {
    const thread: Thread = { worker: newWorker({ givesWay: last === Infinity }), piece: null };
    threads.add(thread);
    const over = (cause: unknown) => {
      if (!threads.delete(thread)) return;
      thread.piece?.answer.reject(new Error('a password thread has ended', { cause }));
      if (!closed) next();
    };
    thread.worker.on('error', over).on('exit', over);
    thread.worker.on('message', (message: FromThread) => {
      const { piece } = thread;
      thread.piece = null;
      thread.worker.unref();
      if ('fault' in message) piece?.answer.reject(new Error(message.fault));
      else piece?.answer.resolve(message.value);
      next();
    });
    return thread;
  };

  const shed = (piece: Piece | undefined) => {
    clearTimeout(piece?.timer);
    piece?.answer.resolve(refuse('LOGIN_BUSY'));
  };
  return {
    run: <Kind extends Work['kind']>(work: Extract<Work, { kind: Kind }>, place = NEW) => {
      type Answer = Promise<Answers[Kind] | Refused<'LOGIN_BUSY'>>;
      if (closed) return Promise.resolve(refuse('LOGIN_BUSY')) as Answer;
      const answer: Piece['answer'] = Promise.withResolvers();
      const timer = setTimeout(
        () => {
          queue.remove(piece);
          shed(piece);
        },
        work.kind === 'verify' ? deadlineMs : newDeadlineMs,
      );
      const piece: Piece = { work, answer, timer };
      const free = freePool(place); // then nobody waits who could have it
      if (free) give(freeThread(free), piece);
      else shed(queue.push(piece, place));
      return answer.promise as Answer;
    },
    hasRoom: (place) => !closed && (freePool(place) !== undefined || queue.hasRoom(place)),
    roomMax: most + waitingMax,
    get waiting() {
      return queue.size;
    },
    close: async () => {
      closed = true;
      for (const piece of queue.empty()) shed(piece);
      const all = pools.flatMap(({ threads }) => [...threads]);
      const ended = all.map(({ worker }) => worker.terminate());
      await Promise.all(ended);
    },
  };
}
