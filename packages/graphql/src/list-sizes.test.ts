import { silentLog } from '@7pay/telemetry';
import { expect, it } from 'vitest';
import { PAGE_COST } from './list-sizes.ts';
import { shelfSubgraph } from './testing/shelf.graphql.ts';

it('every connection of a subgraph says that `first` is the length of its lists, and what a page costs', () => {
  const { sdl } = shelfSubgraph(silentLog).subgraph;
  const connections = sdl.match(/\): \w+Connection!?.*/g) ?? [];
  expect(connections).toHaveLength(1);
  for (const each of connections) {
    expect(each).toContain('@listSize(slicingArguments: ["first"]');
    expect(each).toContain(`@cost(weight: ${PAGE_COST})`);
  }
  expect(sdl).not.toMatch(/price.*@listSize/);
});
