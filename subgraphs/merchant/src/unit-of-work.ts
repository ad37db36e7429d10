import type { Outbox } from '@7pay/events';
import { unitOfWork } from '@7pay/mongo';
import type { ClientSession, Connection } from 'mongoose';
import { applicationStore } from './application/application.store.ts';
import { merchantStore } from './merchant/merchant.store.ts';
import { terminalStore } from './terminal/terminal.store.ts';

/** What one unit of work can read and write; all of it together or none. */
export interface MerchantWork {
  readonly session: ClientSession;
  readonly applications: ReturnType<typeof applicationStore>;
  readonly merchants: ReturnType<typeof merchantStore>;
  readonly terminals: ReturnType<typeof terminalStore>;
  readonly outbox: Outbox;
}

export type MerchantUnitOfWork = <Result>(
  body: (work: MerchantWork) => Promise<Result>,
) => Promise<Result>;

/** Opens the unit of work of the merchant subgraph. */
export function openMerchantUnitOfWork(connection: Connection, outbox: Outbox): MerchantUnitOfWork {
  const run = unitOfWork(connection);
  return (body) =>
    run((session) =>
      body({
        session,
        applications: applicationStore(connection, session),
        merchants: merchantStore(connection, session),
        terminals: terminalStore(connection, session),
        outbox,
      }),
    );
}
