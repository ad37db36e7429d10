import { Worker } from 'node:worker_threads';
import type { QueryPlan } from '@apollo/query-planner';
import type { Repairs } from './repairs.ts';
import type { FromThread, OpenedPlanner, ToThread } from './thread-messages.ts';

/** A thread in which planners are built and plan. It starts with the first one. */
export interface PlannersInThread {
  /** @throws Error of the supergraph, or when it takes longer than a minute */
  open(sdl: string, repairs: Repairs): Promise<ThreadedPlanning>;
  close(): Promise<void>;
}

export interface ThreadedPlanning extends OpenedPlanner {
  /** Nothing once the thread has ended. @throws Error of the planner */
  plan(text: string, operationName: string | undefined): Promise<QueryPlan | undefined>;
  close(): void;
}

const OPENING_MS = 60_000;
const HEAP_MB = 2_048;
// In the sources the thread is a file beside this one; in the bundle it is a program of its own.
const PROGRAM = import.meta.url.endsWith('.ts') ? './planner-thread.ts' : './planner-thread.js';

type Question = ToThread extends infer Each
  ? Each extends { id: number }
    ? Omit<Each, 'id'>
    : never
  : never;
interface RunningThread {
  readonly worker: Worker;
  readonly waiting: Map<number, PromiseWithResolvers<unknown>>;
  isOver: boolean;
}

export function plannersInThread(): PlannersInThread {
  let running: RunningThread | undefined;
  let asked = 0;
  let opened = 0;

  // Nothing is the answer of a thread that has ended.
  const ask = (thread: RunningThread, question: Question): Promise<unknown> => {
    if (thread.isOver) return Promise.resolve(undefined);
    const answer = Promise.withResolvers<unknown>();
    asked += 1;
    thread.waiting.set(asked, answer);
    thread.worker.postMessage({ ...question, id: asked } satisfies ToThread);
    return answer.promise;
  };

  return {
    open: async (sdl, repairs) => {
      if (!running || running.isOver) running = startThread();
      const thread = running;
      opened += 1;
      const planner = opened;
      const timer = setTimeout(() => void thread.worker.terminate(), OPENING_MS);
      const made = await ask(thread, { kind: 'open', planner, sdl, repairs }).finally(() =>
        clearTimeout(timer),
      );
      if (!made) throw new Error('the thread of the planners has ended');
      return {
        ...(made as OpenedPlanner),
        plan: async (text, operationName) =>
          (await ask(thread, { kind: 'plan', planner, text, operationName })) as
            | QueryPlan
            | undefined,
        close: () => {
          if (!thread.isOver) thread.worker.postMessage({ kind: 'close', planner });
        },
      };
    },
    close: async () => {
      await running?.worker.terminate();
    },
  };
}

function startThread(): RunningThread {
  const worker = new Worker(new URL(PROGRAM, import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  const thread: RunningThread = { worker, waiting: new Map(), isOver: false };
  const over = () => {
    thread.isOver = true;
    for (const { resolve } of thread.waiting.values()) resolve(undefined);
    thread.waiting.clear();
  };
  worker.on('error', over).on('exit', over);
  worker.on('message', (message: FromThread) => {
    const asker = thread.waiting.get(message.id);
    thread.waiting.delete(message.id);
    if ('fault' in message) asker?.reject(new Error(message.fault));
    else asker?.resolve(message.value);
  });
  return thread;
}
