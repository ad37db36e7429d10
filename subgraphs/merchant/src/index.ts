export { merchantSubgraph } from './subgraph.ts';
export { prepareMerchant } from './prepare.ts';
