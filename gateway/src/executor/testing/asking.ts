import { afterEach } from 'vitest';
import type { ExecutionResult } from 'graphql';
import { inProcessReach } from '../../reach/in-process-reach.ts';
import type { Reach } from '../../reach/reach.ts';
import { type Driver, driveOwn } from './driver.ts';
import { testGraph } from './test-graph.ts';
import { watched } from './watched-reach.ts';

/** Asks the test graph through our executor, in tests that stop each executor after them. */
export function testAsking() {
  const graph = testGraph();
  const open: Driver[] = [];
  afterEach(async () => {
    for (const driver of open.splice(0)) await driver.stop();
  });
  return {
    graph,
    /** The subgraphs themselves, watched. */
    real: () => watched(inProcessReach(graph.subgraphs)),
    /** Opens an executor over a reach. */
    asking: async (reach: Reach) => {
      const driver = await driveOwn(graph.supergraph, reach);
      open.push(driver);
      return (query: string, variables: Record<string, unknown> = {}) =>
        driver.ask({ query, variables });
    },
  };
}

/** A value as JSON carries it: graphql-js makes objects without a prototype. */
export const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** The places of the errors, in order. */
export const places = ({ errors = [] }: ExecutionResult) =>
  errors.map(({ path }) => path?.join('.'));

/** The answer of a subgraph to a query for `me`. */
export const me = (user: object) => ({ data: { me: { __typename: 'User', ...user } } });
