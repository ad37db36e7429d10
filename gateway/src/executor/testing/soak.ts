import { inProcessReach } from '../../reach/in-process-reach.ts';
import { driveOwn } from './driver.ts';
import { fuzz } from './fuzz.ts';
import { serveGraph } from './served-graph.ts';
import { testGraph } from './test-graph.ts';

/**
 * Asks any number of random operations, by function call and over HTTP in turn, and holds the answers against those
 * of graphql-js. The same seed asks the same operations.
 */
export async function soakGateway(options: {
  cases: number;
  seed: number;
}): Promise<{ cases: number; wrong: number }> {
  const graph = testGraph();
  const drivers = [
    await driveOwn(graph.supergraph, inProcessReach(graph.subgraphs)),
    await driveOwn(graph.supergraph, await serveGraph(graph.subgraphs)),
  ];
  try {
    const { cases, wrong } = await fuzz({
      ...options,
      whole: graph.whole,
      drivers,
      mostWrong: options.cases,
    });
    return { cases, wrong: wrong.length };
  } finally {
    for (const driver of drivers) await driver.stop();
  }
}
