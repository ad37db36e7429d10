import { generateKeyPairSync } from 'node:crypto';
import { rollupStore, sealJournal, sealKey, sealStore } from '@7pay/ledger';
import { silentLog } from '@7pay/telemetry';
import { systemClock } from '@7pay/time';
import type { Connection } from 'mongoose';
import { ourSide } from './ledger-sides.ts';
import { atMost, type Figure, told } from './report.ts';

const WORKERS = 64;
const MEASURE_MS = 5_000;
const LOOK_MS = 50;

/**
 * How far the balance of the merchant lags behind the payments: while they are made as fast as they can be, how long
 * ago the first was committed that is not in it yet; and whether it is exact in the end.
 */
export async function derivedBalanceLag(connection: Connection): Promise<Figure[]> {
  const key = sealKey(generateKeyPairSync('ed25519').privateKey);
  const sealer = sealJournal(connection, { key, clock: systemClock, log: silentLog });
  sealer.start();
  const journal = connection.collection('ledger_journal');
  const sealed = async () => (await sealStore(connection, null).latest())?.total ?? 0;
  const all = () => journal.estimatedDocumentCount();
  await until(async () => (await sealed()) >= (await all())); // what was there before
  const before = await counted(connection);
  const side = await ourSide(connection, WORKERS);
  const committed: number[] = [];
  let running = true;
  const working = Promise.all(
    Array.from({ length: WORKERS }, async (_, worker) => {
      while (running) {
        await side.turn(worker);
        committed.push(performance.now());
      }
    }),
  );
  let worst = 0;
  const from = performance.now();
  while (performance.now() - from < MEASURE_MS) {
    const included = (await counted(connection)) - before;
    const waiting = committed[included];
    if (waiting !== undefined) worst = Math.max(worst, performance.now() - waiting);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  running = false;
  await working;
  const caughtUp = performance.now();
  await until(async () => (await counted(connection)) - before === committed.length);
  await sealer.stop();
  return [
    atMost('lag of the merchant’s balance under load', worst / 1_000, 's', 2),
    told('caught up after the load', (performance.now() - caughtUp) / 1_000, 's'),
    told('payments made meanwhile, all of them in the balance', committed.length, ''),
  ];
}

async function counted(connection: Connection): Promise<number> {
  const rows = await rollupStore(connection, null).ofAccount('merchant-payable:bench');
  return rows.reduce((sum, { count }) => sum + count, 0);
}

async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}
