import { parentPort } from 'node:worker_threads';
import { parse, printSchema } from 'graphql';
import { openPlanning, type Planning } from './planning.ts';
import type { FromThread, ToThread } from './thread-messages.ts';

// Runs in a thread of its own: building a planner and planning take long, and requests are served meanwhile.
const planners = new Map<number, Planning>();
const tell = (message: FromThread) => parentPort?.postMessage(message);

parentPort?.on('message', (asked: ToThread) => {
  if (asked.kind === 'close') {
    planners.delete(asked.planner);
    return;
  }
  try {
    tell({ id: asked.id, value: answerTo(asked) });
  } catch (error) {
    tell({ id: asked.id, fault: error instanceof Error ? error.message : 'unknown' });
  }
});

function answerTo(asked: Exclude<ToThread, { kind: 'close' }>) {
  if (asked.kind === 'open') {
    const planning = openPlanning(asked.sdl, asked.repairs);
    planners.set(asked.planner, planning);
    return { apiSdl: printSchema(planning.apiSchema()), subgraphs: planning.subgraphs };
  }
  const planning = planners.get(asked.planner);
  if (!planning) throw new Error('this planner was closed');
  return planning.plan(parse(asked.text, { noLocation: true }), asked.operationName);
}
