import { parentPort, workerData } from 'node:worker_threads';
import { load, type LoadRequest } from './load.ts';

/** What the main thread hands over. */
export interface LoadTask {
  readonly url: string;
  readonly inFlight: number;
  readonly requests: readonly LoadRequest[];
  /** An answer is right when its text holds this. */
  readonly right: string;
}

// The generator has a thread of its own, so that it does not compete with the platform for one event loop.
const task = workerData as LoadTask;
let index = 0;
const result = await load(task.url, {
  inFlight: task.inFlight,
  next: () => task.requests[index++],
  isRight: (answer) => answer.includes(task.right),
});
parentPort?.postMessage(result);
