export { pointsSubgraph } from './subgraph.ts';
export { preparePoints } from './prepare.ts';
