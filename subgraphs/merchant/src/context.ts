import { loaderFor, rememberFor, type Viewer } from '@7pay/graphql';
import type { Clock } from '@7pay/time';
import type { Connection } from 'mongoose';
import { applicationStore } from './application/application.store.ts';
import type { applyAsMerchant } from './application/apply-as-merchant.ts';
import type {
  approveApplication,
  recommendApplication,
  rejectApplication,
} from './application/decide-application.ts';
import { merchantStore } from './merchant/merchant.store.ts';
import type { issuePairingCode, pairTerminal } from './terminal/pair-terminal.ts';
import { terminalStore } from './terminal/terminal.store.ts';

/** The use cases of the merchant subgraph. */
export interface MerchantUseCases {
  readonly applyAsMerchant: ReturnType<typeof applyAsMerchant>;
  readonly recommendApplication: ReturnType<typeof recommendApplication>;
  readonly approveApplication: ReturnType<typeof approveApplication>;
  readonly rejectApplication: ReturnType<typeof rejectApplication>;
  readonly issuePairingCode: ReturnType<typeof issuePairingCode>;
  readonly pairTerminal: ReturnType<typeof pairTerminal>;
}

const REMEMBERED_MS = 5_000;

/** What resolvers work with, made anew for each request. */
export type MerchantContext = ReturnType<ReturnType<typeof merchantContext>>;

export function merchantContext(connection: Connection, clock: Clock, useCases: MerchantUseCases) {
  const merchants = merchantStore(connection, null);
  const applications = applicationStore(connection, null);
  const terminals = terminalStore(connection, null);
  // Names and addresses are public and rarely change; no decision rests on them.
  const id = (row: { id: string }) => row.id;
  const merchantsByIds = rememberFor(REMEMBERED_MS, clock, merchants.findMerchants, id);
  const storesByIds = rememberFor(REMEMBERED_MS, clock, merchants.findStores, id);
  return (viewer: Viewer) => ({
    viewer,
    useCases,
    clock,
    merchants,
    applications,
    terminals,
    merchantById: loaderFor(merchantsByIds, id),
    storeById: loaderFor(storesByIds, id),
  });
}
