import { Worker } from 'node:worker_threads';
import type { QueryPlan } from '@apollo/query-planner';
import { buildASTSchema, parse, print } from 'graphql';
import { innerKeys } from './inner-keys.ts';
import { Kinds } from './kinds.ts';
import { type Planner } from './planner.ts';
import { plannerDocument } from './planner-document.ts';
import { type NamedSubgraph, openPlanning, type Planning } from './planning.ts';
import type { Repairs } from './repairs.ts';
import { prepareSteps } from './steps.ts';
import { argumentedFields } from './supergraph-repair.ts';
import type { FromThread, ToThread } from './thread-messages.ts';

const READY_MS = 60_000;
const HEAP_MB = 1_024;
// In the sources the thread is a file beside this one; in the bundle it is a program of its own.
const THREAD = import.meta.url.endsWith('.ts') ? './planner-thread.ts' : './planner-thread.js';

/**
 * Opens a planner in a thread of its own. Here only schemas are built from text, one at a time, so that requests
 * are served in between. If the thread ends by itself, a planner in this thread takes its place.
 * @throws Error of the supergraph, or when the thread is not ready in a minute
 */
export async function openThreadedPlanner(sdl: string, repairs: Repairs): Promise<Planner> {
  const thread = await startThread(sdl, repairs);
  const document = parse(sdl, { noLocation: true });
  await breathe();
  const kinds = new Kinds(buildASTSchema(document, { assumeValid: true, assumeValidSDL: true }));
  await breathe();
  const innerKey = innerKeys(argumentedFields(document), repairs);
  await breathe();
  const apiSchema = buildASTSchema(parse(thread.apiSdl, { noLocation: true }), {
    assumeValid: true,
    assumeValidSDL: true,
  });
  await breathe();
  let substitute: Planning | undefined;
  const planHere: Planning['plan'] = (asked, operationName) => {
    substitute ??= openPlanning(sdl, repairs);
    return substitute.plan(asked, operationName);
  };
  return {
    innerKey,
    kinds,
    subgraphs: thread.subgraphs,
    apiSchema: () => apiSchema,
    plan: async (client, operationName, switches) => {
      const asked = plannerDocument(client, switches, innerKey);
      const plan = await thread.plan(print(asked), operationName);
      return prepareSteps(plan ?? planHere(asked, operationName), kinds);
    },
    close: () => thread.end(),
  };
}

interface PlannerThread {
  readonly apiSdl: string;
  readonly subgraphs: readonly NamedSubgraph[];
  /** Nothing once the thread has ended. */
  plan(text: string, operationName: string | undefined): Promise<QueryPlan | undefined>;
  end(): Promise<void>;
}

async function startThread(sdl: string, repairs: Repairs): Promise<PlannerThread> {
  const worker = new Worker(new URL(THREAD, import.meta.url), {
    workerData: { sdl, repairs },
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  const waiting = new Map<number, PromiseWithResolvers<QueryPlan | undefined>>();
  const ready = Promise.withResolvers<{ apiSdl: string; subgraphs: readonly NamedSubgraph[] }>();
  let isOver = false;
  let asked = 0;
  const over = (cause?: unknown) => {
    isOver = true;
    ready.reject(new Error('the thread of the planner has ended', { cause }));
    for (const { resolve } of waiting.values()) resolve(undefined);
    waiting.clear();
  };
  worker.on('error', over).on('exit', () => over());
  worker.on('message', (message: FromThread) => {
    if ('apiSdl' in message) return ready.resolve(message);
    if ('refused' in message) return ready.reject(new Error(message.refused));
    const asker = waiting.get(message.id);
    waiting.delete(message.id);
    if ('plan' in message) asker?.resolve(message.plan);
    else asker?.reject(new Error(message.fault));
  });
  const end = async () => void (await worker.terminate());
  const timer = setTimeout(() => ready.reject(new Error('the planner took too long')), READY_MS);
  try {
    const { apiSdl, subgraphs } = await ready.promise;
    return {
      apiSdl,
      subgraphs,
      end,
      plan: (text, operationName) => {
        if (isOver) return Promise.resolve(undefined);
        const answer = Promise.withResolvers<QueryPlan | undefined>();
        asked += 1;
        waiting.set(asked, answer);
        worker.postMessage({ id: asked, text, operationName } satisfies ToThread);
        return answer.promise;
      },
    };
  } catch (error) {
    await end();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));
