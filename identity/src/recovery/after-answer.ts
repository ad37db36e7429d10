import type { ServerResponse } from 'node:http';
import type { Log } from '@7pay/telemetry';

/** Work that a request leaves behind when it is answered, so that its answer tells nothing about it. */
export interface AfterAnswer {
  /** Whether there is room for more; whoever is told no asks nothing first. */
  hasRoom(): boolean;
  /** Does the work once the answer is out, or its connection gone. An error goes to the log. */
  run(response: ServerResponse, work: () => Promise<void>): void;
  /** Resolves when nothing is left. */
  settled(): Promise<void>;
}

/** As many as wait for a slow carrier at once; each holds a few bytes. */
const WAITING_MAX = 200;

export function afterAnswer(log: Log): AfterAnswer {
  const waiting = new Set<Promise<void>>();
  return {
    hasRoom: () => waiting.size < WAITING_MAX,
    run: (response, work) => {
      const answered = new Promise<void>((done) => {
        if (response.closed) done();
        else response.once('close', done);
      });
      const whole = answered
        .then(work)
        .catch((error: unknown) => log.error('recovery.failed', { cause: error }))
        .finally(() => waiting.delete(whole));
      waiting.add(whole);
    },
    settled: async () => {
      while (waiting.size > 0) await Promise.all(waiting);
    },
  };
}
