import { execute } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inProcessReach } from '../reach/in-process-reach.ts';
import { ALL_REPAIRS } from './repairs.ts';
import { type Driver, driveOwn } from './testing/driver.ts';
import { failingReach } from './testing/failing-reach.ts';
import { fuzz, validOperation } from './testing/fuzz.ts';
import { randomFrom } from './testing/random.ts';
import { serveGraph } from './testing/served-graph.ts';
import { unsound } from './testing/soundness.ts';
import { testGraph } from './testing/test-graph.ts';

process.env['APOLLO_TELEMETRY_DISABLED'] = '1';

const seed = Number(process.env['FC_SEED'] ?? Date.now() % 1e9);
const CASES = 700;
const CASES_OVER_HTTP = 100;
const CASES_WITH_FAILURES = 200;
const graph = testGraph();
const reach = inProcessReach(graph.subgraphs);
const open: Driver[] = [];
const opened = async (driver: Promise<Driver>): Promise<Driver> => {
  open.push(await driver);
  return driver;
};
afterAll(() => Promise.all(open.map((driver) => driver.stop())));

describe(`random operations (FC_SEED=${seed})`, { timeout: 120_000 }, () => {
  it('are answered as graphql-js answers them, by function call', async () => {
    const driver = await opened(driveOwn(graph.supergraph, reach));
    const options = { whole: graph.whole, drivers: [driver], cases: CASES, seed };
    const { wrong, withErrors } = await fuzz(options);
    expect(wrong).toEqual([]);
    expect(withErrors).toBeGreaterThan(CASES / 20); // the data is bad enough to say something
  });

  it('are answered the same over HTTP', async () => {
    const driver = await opened(driveOwn(graph.supergraph, await serveGraph(graph.subgraphs)));
    const options = { whole: graph.whole, drivers: [driver], cases: CASES_OVER_HTTP, seed };
    expect((await fuzz(options)).wrong).toEqual([]);
  });

  it('lose nothing but what failed when subgraphs fail, and each loss has its error', async () => {
    const random = randomFrom(seed);
    const failing = failingReach(reach, random, 0.2);
    const driver = await opened(driveOwn(graph.supergraph, failing));
    let withNulls = 0;
    for (let asked = 0, own = seed; asked < CASES_WITH_FAILURES; own += 1) {
      const operation = validOperation(graph.whole, own);
      if (!operation) continue;
      asked += 1;
      const { document, variables, query } = operation;
      const whole = await execute({ schema: graph.whole, document, variableValues: variables });
      const got = await driver.ask(operation);
      expect(unsound(whole, got), `${own}: ${query}`).toBeUndefined();
      expect(JSON.stringify(got)).not.toMatch(/hunter2|10\.0\.0\.7/);
      if (JSON.stringify(whole.data) !== JSON.stringify(got.data)) withNulls += 1;
    }
    expect(withNulls).toBeGreaterThan(CASES_WITH_FAILURES / 20);
  });
});

describe('the fuzz bites', () => {
  let driver: Driver;
  beforeAll(async () => {
    const repairs = { ...ALL_REPAIRS, separateAliases: false };
    driver = await opened(driveOwn(graph.supergraph, reach, { repairs }));
  });

  it('when a repair is off: it finds wrong answers within 300 operations', async () => {
    const options = { whole: graph.whole, drivers: [driver], cases: 300, seed: 1, mostWrong: 1 };
    expect((await fuzz(options)).wrong).toHaveLength(1);
  });
});
