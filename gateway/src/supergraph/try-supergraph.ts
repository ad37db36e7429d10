import { openGeneration } from '../executor/generation.ts';
import { ALL_REPAIRS } from '../executor/repairs.ts';
import type { PlannersInThread } from '../executor/planners-in-thread.ts';
import { openThreadedPlanner } from '../executor/threaded-planner.ts';
import { warmUp } from '../executor/warm-up.ts';
import type { NextSupergraph } from '../executor/own-gateway.ts';

/**
 * Builds everything for a supergraph, as if it were to serve, and throws it away.
 * @throws UnanswerableDocument, or what is wrong with the supergraph
 */
export async function trySupergraph(
  threads: PlannersInThread,
  { sdl, documents }: NextSupergraph,
): Promise<void> {
  const planner = await openThreadedPlanner(threads, sdl, ALL_REPAIRS);
  const openReach = () => ({
    call: () => Promise.reject(new Error('never asked')),
    close: async () => {},
  });
  const generation = openGeneration(
    { schema: planner.apiSchema(), sdl },
    { openReach, repairs: ALL_REPAIRS, planner },
  );
  try {
    await warmUp(generation, documents);
  } finally {
    await generation.close();
  }
}
