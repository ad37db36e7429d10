export { refundSubgraph } from './subgraph.ts';
export { prepareRefund } from './prepare.ts';
export {
  type ClosedWallets,
  closeWallets,
  excludeUnclaimed,
  payRefund,
} from './close/close-wallets.ts';
export { verifyClose } from './close/verify-close.ts';
export { openRefundUnitOfWork } from './unit-of-work.ts';
