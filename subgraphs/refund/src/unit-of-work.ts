import { type Ledger, openLedger } from '@7pay/ledger';
import { unitOfWork } from '@7pay/mongo';
import type { ClientSession, Connection } from 'mongoose';
import { claimStore } from './claim/balance-refund-claim.store.ts';
import { walletCloseStore } from './close/wallet-close.store.ts';
import { programmeStore } from './programme/refund-programme.store.ts';

/** What one unit of work can read and write; all of it together or none. */
export interface RefundWork {
  readonly session: ClientSession;
  readonly ledger: Ledger;
  readonly programmes: ReturnType<typeof programmeStore>;
  readonly claims: ReturnType<typeof claimStore>;
  readonly closes: ReturnType<typeof walletCloseStore>;
}

export type RefundUnitOfWork = <Result>(
  body: (work: RefundWork) => Promise<Result>,
) => Promise<Result>;

/** Opens the unit of work of the refund subgraph. */
export function openRefundUnitOfWork(connection: Connection): RefundUnitOfWork {
  const run = unitOfWork(connection);
  const ledger = openLedger(connection);
  return (body) =>
    run((session) =>
      body({
        session,
        ledger,
        programmes: programmeStore(connection, session),
        claims: claimStore(connection, session),
        closes: walletCloseStore(connection, session),
      }),
    );
}
