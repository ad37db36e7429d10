import { followControls } from '@7pay/controls';
import { openLedger } from '@7pay/ledger';
import { closeWallets, openRefundUnitOfWork, verifyClose } from '@7pay/refund';
import { isRefused, refusalSentence } from '@7pay/refusals';
import { createLog, silentLog } from '@7pay/telemetry';
import { systemClock } from '@7pay/time';
import type { Connection } from 'mongoose';

/**
 * Closes every wallet for a refund programme, while operators have stopped payments. Run again until nothing waits: a wallet
 * with a payment that is not final is closed when that has ended. One that cannot be closed is told on standard error.
 */
export async function closeAllWallets(
  connection: Connection,
  programmeId: string,
  say: (line: string) => void,
): Promise<number> {
  const controls = await followControls(connection, { log: silentLog });
  try {
    const close = closeWallets(openRefundUnitOfWork(connection), controls, systemClock, {
      openWallets: openLedger(connection).openWallets,
      log: createLog({ service: 'close-wallets', destination: process.stderr }),
    });
    const done = await close(programmeId);
    if (isRefused(done)) {
      say(refusalSentence(done.refused, done.facts, 'en'));
      return 1;
    }
    const { closed, total, waiting, failed } = done;
    say(`${closed} wallets closed, ${total} yen payable, ${waiting} wait, ${failed} failed`);
    const { faults, ...sums } = await verifyClose(connection);
    for (const [name, yen] of Object.entries(sums)) say(`${name}: ${yen} yen`);
    for (const fault of faults) say(fault);
    return faults.length === 0 && waiting === 0 && failed === 0 ? 0 : 1;
  } finally {
    await controls.stop();
  }
}
