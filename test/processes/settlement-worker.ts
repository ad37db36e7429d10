import 'reflect-metadata';
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { openLedger } from '@7pay/ledger';
import { connect } from '@7pay/mongo';
import { isRefused, type Refused } from '@7pay/refusals';
import { silentLog } from '@7pay/telemetry';
import { type BusinessDate, type Clock, sleep } from '@7pay/time';
import type { Sender } from '@7pay/zengin';
import { closeWallets } from '../../subgraphs/refund/src/close/close-wallets.ts';
import { openRefundUnitOfWork } from '../../subgraphs/refund/src/unit-of-work.ts';
import { folderShelf } from '../../subgraphs/wallet/src/payout/folder-shelf.ts';
import { importPayoutResults } from '../../subgraphs/wallet/src/payout/import-payout-results.ts';
import { preparePayoutFile } from '../../subgraphs/wallet/src/payout/prepare-payout-file.ts';
import {
  type FileShelf,
  writePayoutFiles,
} from '../../subgraphs/wallet/src/payout/write-payout-files.ts';
import { reconciliationStore } from '../../subgraphs/wallet/src/reconciliation/reconciliation.store.ts';
import { closeBatches } from '../../subgraphs/wallet/src/settlement/close-batches.ts';
import { collectItems } from '../../subgraphs/wallet/src/settlement/collect-items.ts';
import { settleMerchants } from '../../subgraphs/wallet/src/settlement/settle-merchants.worker.ts';
import { openSettlementUnitOfWork } from '../../subgraphs/wallet/src/settlement/settlement-work.ts';

/** What a test tells the worker to do, and where it is to be killed. */
export interface SettlementWork {
  readonly uri: string;
  readonly dbName: string;
  /** How far its clock is off, milliseconds. */
  readonly clockOffMs: number;
  readonly job: 'settle-on' | 'settle' | 'prepare' | 'write' | 'import' | 'close-wallets';
  readonly transferDate?: string;
  readonly folder?: string;
  readonly file?: string;
  readonly sender?: Sender;
  /** The number of the one file to write again. */
  readonly again?: string;
  /** Dies when an entry is allowed for the n-th time: everything before was committed, nothing of this one is. */
  readonly dieAtEntry?: number;
  /** Dies when half of a file lies beside its place, or when a file is there whole and nobody has marked it. */
  readonly dieAtFile?: 'HALF' | 'WHOLE';
}

const input = createInterface({ input: process.stdin });
const [first] = (await once(input, 'line')) as [string];
input.on('close', () => process.exit(0));
const work = JSON.parse(first) as SettlementWork;
const clock: Clock = { now: () => new Date(Date.now() + work.clockOffMs) };
const connection = await connect(work.uri, { dbName: work.dbName, timeoutMs: 20_000 });
const unitOfWork = openSettlementUnitOfWork(connection);

/** No handler, no flush, no farewell: as a machine that loses its power. */
function die(): never {
  process.kill(process.pid, 'SIGKILL');
  for (;;); // the signal comes
}

let allowed = 0;
const generation = () => {
  allowed += 1;
  if (allowed === work.dieAtEntry) die();
  return 1;
};

function deadlyShelf(shelf: FileShelf): FileShelf {
  return {
    read: shelf.read,
    put: async (name, bytes) => {
      if (work.dieAtFile === 'HALF') {
        await shelf.put(`${name}.part`, bytes.subarray(0, bytes.length / 2));
        die();
      }
      await shelf.put(name, bytes);
      if (work.dieAtFile === 'WHOLE') die();
    },
  };
}

const collect = collectItems(unitOfWork);
const close = closeBatches(unitOfWork, generation, clock);
const jobs: Readonly<Record<SettlementWork['job'], () => Promise<unknown>>> = {
  'settle-on': async () => {
    settleMerchants({ collect, close, log: silentLog }).start();
    process.stdout.write('{"at":"work"}\n');
    await sleep(600_000);
  },
  settle: async () => {
    while (await collect());
    while ((await close()).length > 0);
  },
  prepare: () =>
    preparePayoutFile(
      unitOfWork,
      { guard: () => ({ generation: generation() }) },
      clock,
    )({ transferDate: work.transferDate as BusinessDate, by: 'mem_first' }),
  write: () =>
    writePayoutFiles(
      unitOfWork,
      { guard: () => ({ generation: 1 }) },
      deadlyShelf(folderShelf(work.folder!)),
      { sender: work.sender!, clock },
    )(work.again),
  'close-wallets': () =>
    closeWallets(
      openRefundUnitOfWork(connection),
      {
        guard: () => ({ refused: 'FUNCTION_CLOSED', facts: {} }), // payments are stopped
        get generation() {
          return generation();
        },
      },
      clock,
      { openWallets: openLedger(connection).openWallets, log: silentLog },
    )('rfp_test'),
  import: () =>
    importPayoutResults(
      unitOfWork,
      reconciliationStore(connection, null),
      generation,
      clock,
    )({ name: 'results', bytes: readFileSync(work.file!) }),
};
const result = (await jobs[work.job]()) as object | Refused<string> | undefined;
const refused = result && isRefused(result) ? result.refused : null;
const failed = result && 'failed' in result ? Number(result.failed) : 0;
process.stdout.write(`${JSON.stringify({ done: work.job, refused, failed })}\n`, () =>
  process.exit(failed === 0 ? 0 : 1),
);
