import {
  type CutOffStore,
  openCutOffStore,
  openSwitchStore,
  raiseGeneration,
  type SwitchStore,
} from '@7pay/controls';
import { unitOfWork } from '@7pay/mongo';
import type { ClientSession, Connection } from 'mongoose';
import { auditStore } from './audit/audit.store.ts';

/** What one unit of work can read and write; all of it together or none. */
export interface OperationsWork {
  readonly session: ClientSession;
  readonly switches: SwitchStore;
  readonly cutOffs: CutOffStore;
  /** The next generation of the controls; every process follows it. */
  readonly raise: () => Promise<number>;
  readonly audit: ReturnType<typeof auditStore>;
}

export type OperationsUnitOfWork = <Result>(
  body: (work: OperationsWork) => Promise<Result>,
) => Promise<Result>;

/** Opens the unit of work of the operations subgraph. */
export function openOperationsUnitOfWork(connection: Connection): OperationsUnitOfWork {
  const run = unitOfWork(connection);
  const switches = openSwitchStore(connection);
  const cutOffs = openCutOffStore(connection);
  return (body) =>
    run((session) =>
      body({
        session,
        switches,
        cutOffs,
        raise: () => raiseGeneration(connection, session),
        audit: auditStore(connection, session),
      }),
    );
}
