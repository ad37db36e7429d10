import { type JournalEntry, type Ledger, openLedger, readEntries, sealStore } from '@7pay/ledger';
import { unitOfWork } from '@7pay/mongo';
import type { ClientSession, Connection } from 'mongoose';
import { payeeStore } from '../payout/payee.store.ts';
import { payoutFileStore } from '../payout/payout-file.store.ts';
import { payoutStore } from '../payout/payout.store.ts';
import { settlementBatchStore } from './settlement-batch.store.ts';
import { settlementItemStore } from './settlement-item.store.ts';

/** What one unit of work of settlement and payouts can read and write; all of it together or none. */
export interface SettlementWork {
  readonly session: ClientSession;
  readonly ledger: Ledger;
  readonly seals: ReturnType<typeof sealStore>;
  entriesOf(ids: readonly string[]): Promise<readonly JournalEntry[]>;
  readonly items: ReturnType<typeof settlementItemStore>;
  readonly batches: ReturnType<typeof settlementBatchStore>;
  readonly payouts: ReturnType<typeof payoutStore>;
  readonly files: ReturnType<typeof payoutFileStore>;
  readonly payees: ReturnType<typeof payeeStore>;
}

export type SettlementUnitOfWork = <Result>(
  body: (work: SettlementWork) => Promise<Result>,
) => Promise<Result>;

// Nobody waits at a register, and a seal holds up to a thousand entries.
const DEADLINE_MS = 10_000;

/** Opens the unit of work of settlement, on the connection on which the wallet pays: one ledger, one database. */
export function openSettlementUnitOfWork(connection: Connection): SettlementUnitOfWork {
  const run = unitOfWork(connection, { deadlineMs: DEADLINE_MS });
  const ledger = openLedger(connection);
  return (body) =>
    run((session) =>
      body({
        session,
        ledger,
        seals: sealStore(connection, session),
        entriesOf: (ids) => readEntries(connection, ids, session),
        items: settlementItemStore(connection, session),
        batches: settlementBatchStore(connection, session),
        payouts: payoutStore(connection, session),
        files: payoutFileStore(connection, session),
        payees: payeeStore(connection, session),
      }),
    );
}
