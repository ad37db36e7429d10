import { silentLog } from '@7pay/telemetry';
import { testGraph } from '../executor/testing/test-graph.ts';
import { openGateway } from '../gateway.ts';
import { inProcessReach } from '../reach/in-process-reach.ts';
import { heapInUse } from './collect-garbage.ts';
import { serve } from './raw-request.ts';
import { anonymousViewer } from './viewers.ts';

process.env['APOLLO_TELEMETRY_DISABLED'] = '1';

/** What distinct operations have left behind. */
export interface DistinctOperations {
  readonly wrong: readonly string[];
  /** Bytes in use after each tenth. */
  readonly heap: readonly number[];
}

const TENTHS = 10;
const AT_ONCE = 8;

/**
 * Asks operations of which none is like another, so that whatever is kept of each is seen: `before` of them until
 * everything that has a limit is full, then `operations` more, with the memory measured after each tenth.
 */
export async function askDistinctOperations(options: {
  readonly before: number;
  readonly operations: number;
}): Promise<DistinctOperations> {
  const graph = testGraph();
  const gateway = await openGateway({
    supergraph: graph.supergraph,
    reach: inProcessReach(graph.subgraphs),
    readViewer: async () => anonymousViewer(),
    allowedOrigins: [],
    production: false,
    rates: 'unlimited',
    log: silentLog,
  });
  const front = await serve(gateway.handler);
  const wrong: string[] = [];
  let asked = 0;
  const askOne = async () => {
    asked += 1;
    const query = `query Q${asked} { me { a${asked}: id name nick } }`;
    const response = await fetch(front.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    const answer = await response.text();
    if (!answer.startsWith(`{"data":{"me":{"a${/\d+/.exec(query)?.[0]}":`)) wrong.push(answer);
  };
  const ask = async (operations: number) => {
    const until = asked + operations;
    const worker = async () => {
      while (asked < until) await askOne();
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  };
  try {
    await ask(options.before);
    const heap: number[] = [];
    for (let tenth = 0; tenth < TENTHS; tenth += 1) {
      await ask(Math.ceil(options.operations / TENTHS));
      heap.push(await heapInUse());
    }
    return { wrong, heap };
  } finally {
    await front.stop();
    await gateway.stop();
  }
}
