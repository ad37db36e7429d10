import { parentPort, workerData } from 'node:worker_threads';
import { parse, printSchema } from 'graphql';
import { openPlanning } from './planning.ts';
import type { Repairs } from './repairs.ts';
import type { FromThread, ToThread } from './thread-messages.ts';

// Runs in a thread of its own: building a planner and planning take long, and requests are served meanwhile.
const { sdl, repairs } = workerData as { sdl: string; repairs: Repairs };
const tell = (message: FromThread) => parentPort?.postMessage(message);
const faultOf = (error: unknown): string => (error instanceof Error ? error.message : 'unknown');

try {
  const planning = openPlanning(sdl, repairs);
  parentPort?.on('message', ({ id, text, operationName }: ToThread) => {
    try {
      tell({ id, plan: planning.plan(parse(text, { noLocation: true }), operationName) });
    } catch (error) {
      tell({ id, fault: faultOf(error) });
    }
  });
  tell({ apiSdl: printSchema(planning.apiSchema()), subgraphs: planning.subgraphs });
} catch (error) {
  tell({ refused: faultOf(error) });
}
