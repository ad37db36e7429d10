import { type Ledger, openLedger } from '@7pay/ledger';
import { unitOfWork } from '@7pay/mongo';
import type { ClientSession, Connection } from 'mongoose';
import { awardStore } from './award/award.store.ts';

/** What one unit of work can read and write; all of it together or none. */
export interface PointsWork {
  readonly session: ClientSession;
  readonly ledger: Ledger;
  readonly awards: ReturnType<typeof awardStore>;
}

export type PointsUnitOfWork = <Result>(
  body: (work: PointsWork) => Promise<Result>,
) => Promise<Result>;

/** Opens the unit of work of the points subgraph. */
export function openPointsUnitOfWork(connection: Connection): PointsUnitOfWork {
  // Nobody waits at a register for points: a longer deadline than a payment's is better than another delivery.
  const run = unitOfWork(connection, { deadlineMs: 5_000 });
  const ledger = openLedger(connection);
  return (body) =>
    run((session) => body({ session, ledger, awards: awardStore(connection, session) }));
}
