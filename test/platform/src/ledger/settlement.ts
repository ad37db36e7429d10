import path from 'node:path';
import { readFileSync } from 'node:fs';
import { followControls } from '@7pay/controls';
import { isRefused, refusalSentence } from '@7pay/refusals';
import { silentLog } from '@7pay/telemetry';
import { systemClock } from '@7pay/time';
import {
  closeBatches,
  collectItems,
  folderShelf,
  importPayoutResults,
  openSettlementUnitOfWork,
  reconciliationStore,
  releasePayoutFile,
  writePayoutFiles,
} from '@7pay/wallet';
import type { Sender } from '@7pay/zengin';
import type { Connection } from 'mongoose';

type Say = (line: string) => void;

/** Puts what is sealed into batches and closes the days that are over, as the wallet does by itself. */
export async function settle(connection: Connection, say: Say): Promise<number> {
  const unitOfWork = openSettlementUnitOfWork(connection);
  const collect = collectItems(unitOfWork);
  while (await collect());
  const close = closeBatches(unitOfWork, await generationOf(connection), systemClock);
  let count = 0;
  for (let closed = await close(); closed.length > 0; closed = await close()) {
    count += closed.length;
    for (const { merchantId, businessDate, settled, fee, carriedOut } of closed) {
      say(`${businessDate} ${merchantId} settled ${settled}, fee ${fee}, carried ${carriedOut}`);
    }
  }
  say(`${count} batches closed`);
  return 0;
}

/** Writes the files that were approved into a folder, or the one again that is named; none while payouts are stopped. */
export async function writePayouts(
  connection: Connection,
  {
    folder,
    sender,
    again,
  }: { folder: string; sender: Sender | undefined; again: string | undefined },
  say: Say,
): Promise<number> {
  if (!sender) throw new Error('PAYOUT_SENDER is not set: who orders the transfers');
  const controls = await followControls(connection, { log: silentLog });
  const unitOfWork = openSettlementUnitOfWork(connection);
  const shelf = folderShelf(path.resolve(folder));
  const by = { sender, clock: systemClock };
  const write = writePayoutFiles(unitOfWork, controls, shelf, by);
  const written = await write(again).finally(controls.stop);
  if (isRefused(written)) {
    say(refusalSentence(written.refused, written.facts, 'en'));
    return 1;
  }
  for (const { name, file, outcome } of written) {
    say(`${name}: ${file.count} transfers, ${file.total} yen, ${outcome}`);
  }
  say(`${written.length} files`);
  return 0;
}

/** Has a file prepared again that was begun, and of which the bank had nothing. */
export async function releasePayouts(connection: Connection, number: string, say: Say) {
  const release = releasePayoutFile(openSettlementUnitOfWork(connection), systemClock);
  const { count, total } = await release(number);
  say(`${number}: ${count} transfers, ${total} yen, to be prepared again under another day`);
  return 0;
}

/** Books what the bank says of our payouts. */
export async function importResults(connection: Connection, file: string, say: Say) {
  const importing = importPayoutResults(
    openSettlementUnitOfWork(connection),
    reconciliationStore(connection, null),
    await generationOf(connection),
    systemClock,
  );
  const { counts } = await importing({ name: path.basename(file), bytes: readFileSync(file) });
  for (const [what, count] of Object.entries(counts)) say(`${what}: ${count}`);
  return Object.keys(counts).every((what) => what === 'MATCHED') ? 0 : 1;
}

/** The generation of the controls now; a program as short as this one needs no newer. */
async function generationOf(connection: Connection): Promise<() => number> {
  const controls = await followControls(connection, { log: silentLog });
  const { generation } = controls;
  await controls.stop();
  return () => generation;
}
