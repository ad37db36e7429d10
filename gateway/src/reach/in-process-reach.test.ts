import type { Subgraph, Viewer } from '@7pay/graphql';
import { describe, expect, it } from 'vitest';
import { deadlineIn } from './deadline.ts';
import { inProcessReach } from './in-process-reach.ts';
import { SubgraphUnavailable } from './reach.ts';

const viewer: Viewer = {
  kind: 'anonymous',
  locale: 'ja',
  requestId: 'request-1',
  clientId: null,
  scopes: [],
};
const call = (execute: Subgraph['execute'], { name = 'wallet', milliseconds = 100 } = {}) => {
  const subgraph = { name: 'wallet', execute } as Subgraph;
  return inProcessReach([subgraph]).call({
    subgraph: name,
    request: { query: '{ a }' },
    kind: 'query',
    viewer,
    deadline: deadlineIn(milliseconds),
  });
};

describe('a subgraph of the same process', () => {
  it('is given the request and the same viewer, and its answer comes back as it is', async () => {
    const result = { data: { a: 1 } };
    const seen: unknown[] = [];
    const answer = await call(async (...given) => {
      seen.push(...given);
      return result;
    });
    expect(answer).toBe(result);
    expect(seen[1]).toBe(viewer);
  });

  it('that does not answer in time, or is not there, is unavailable', async () => {
    const start = performance.now();
    await expect(call(() => new Promise(() => {}))).rejects.toBeInstanceOf(SubgraphUnavailable);
    expect(performance.now() - start).toBeLessThan(600);
    const nobody = call(async () => ({}), { name: 'nobody' });
    await expect(nobody).rejects.toBeInstanceOf(SubgraphUnavailable);
  });

  it('has no time at all when the deadline has passed', async () => {
    const late = call(() => new Promise(() => {}), { milliseconds: -5 });
    await expect(late).rejects.toBeInstanceOf(SubgraphUnavailable);
  });
});
