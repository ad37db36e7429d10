import { afterAll, beforeAll, expect, it } from 'vitest';
import { inProcessReach } from '../reach/in-process-reach.ts';
import { type Driver, driveOwn } from './testing/driver.ts';
import { fuzz } from './testing/fuzz.ts';
import { testGraph } from './testing/test-graph.ts';

process.env['APOLLO_TELEMETRY_DISABLED'] = '1';

const seed = Number(process.env['FC_SEED'] ?? Date.now() % 1e9);
const cases = Number(process.env['FUZZ_CASES'] ?? 800);
const graph = testGraph();
let driver: Driver;
beforeAll(async () => {
  driver = await driveOwn(graph.supergraph, inProcessReach(graph.subgraphs));
});
afterAll(() => driver.stop());

it(
  `answers random operations as graphql-js does (FC_SEED=${seed})`,
  { timeout: 600_000 },
  async () => {
    const { wrong, withErrors } = await fuzz({
      whole: graph.whole,
      drivers: [driver],
      cases,
      seed,
    });
    expect(wrong).toEqual([]);
    expect(withErrors).toBeGreaterThan(cases / 20);
  },
);
