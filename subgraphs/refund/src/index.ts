export { refundSubgraph } from './subgraph.ts';
export { prepareRefund } from './prepare.ts';
