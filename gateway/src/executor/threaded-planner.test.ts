import { silentLog } from '@7pay/telemetry';
import { parse } from 'graphql';
import { afterEach, describe, expect, it } from 'vitest';
import { inProcessReach } from '../reach/in-process-reach.ts';
import { OwnGateway } from './own-gateway.ts';
import { openPlanner } from './planner.ts';
import { plannersInThread } from './planners-in-thread.ts';
import { ALL_REPAIRS } from './repairs.ts';
import { drive } from './testing/driver.ts';
import { fuzz } from './testing/fuzz.ts';
import { testGraph } from './testing/test-graph.ts';
import { openThreadedPlanner } from './threaded-planner.ts';

process.env['APOLLO_TELEMETRY_DISABLED'] = '1';

const graph = testGraph();
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

function threads() {
  const opened = plannersInThread();
  closing.push(() => opened.close());
  return opened;
}

describe('a planner in another thread', () => {
  it('plans so that random operations are answered as graphql-js answers them', async () => {
    const gateway = new OwnGateway({
      supergraphSdl: graph.supergraph,
      openReach: () => inProcessReach(graph.subgraphs),
      deadlineMs: 5_000,
      log: silentLog,
    });
    const driver = await drive(gateway);
    closing.push(() => driver.stop());
    const before = driver.schema();
    await gateway.replace({ sdl: `${graph.supergraph}\n# again`, documents: [] });
    expect(driver.schema()).not.toBe(before);
    const seed = 20190701;
    const { wrong } = await fuzz({ cases: 80, seed, whole: graph.whole, drivers: [driver] });
    expect(wrong).toEqual([]);
  });

  it('gives the plans that one in this thread gives, also when its thread has ended', async () => {
    const opened = threads();
    const [here, there] = [
      openPlanner(graph.supergraph, ALL_REPAIRS),
      await openThreadedPlanner(opened, graph.supergraph, ALL_REPAIRS),
    ];
    const document = parse('{ me { id name wallet { id } } }');
    const planned = JSON.stringify(here.plan(document, undefined, new Map()));
    expect(planned).toContain('"fetch"');
    expect(JSON.stringify(await there.plan(document, undefined, new Map()))).toBe(planned);
    await opened.close();
    expect(JSON.stringify(await there.plan(document, undefined, new Map()))).toBe(planned);
  });

  it('starts again for the next supergraph when it has ended', async () => {
    const opened = threads();
    await opened.open(graph.supergraph, ALL_REPAIRS);
    await opened.close();
    const { subgraphs } = await opened.open(graph.supergraph, ALL_REPAIRS);
    expect(subgraphs.length).toBeGreaterThan(1);
  });

  it('says what is wrong with a supergraph, and goes on', async () => {
    const opened = threads();
    await expect(opened.open('type Query {', ALL_REPAIRS)).rejects.toThrow(/Syntax Error/);
    await opened.open(graph.supergraph, ALL_REPAIRS);
  });
});
