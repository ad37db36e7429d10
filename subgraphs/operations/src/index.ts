export { operationsSubgraph } from './subgraph.ts';
export { prepareOperations } from './prepare.ts';
