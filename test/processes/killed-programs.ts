import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type EmbeddedMongo, spawnEmbeddedMongo } from '@7pay/embedded-mongo';
import { prepareLedger, verifyBooks } from '@7pay/ledger';
import { connect } from '@7pay/mongo';
import type { Connection } from 'mongoose';
import { prepareRefund } from '../../subgraphs/refund/src/prepare.ts';
import { prepareWallet } from '../../subgraphs/wallet/src/prepare.ts';
import { verifySettlements } from '../../subgraphs/wallet/src/settlement/verify-settlements.ts';
import { sellingStoreStore } from '../../subgraphs/wallet/src/store/selling-store.store.ts';
import { bundle } from './program.ts';

/** A database of its own on an engine of its own. */
export interface OwnDatabase {
  readonly uri: string;
  readonly dbName: string;
  readonly connection: Connection;
}

/** A program that is told what to do by a line, and may be killed at any time. */
export interface Child {
  /** The signal that ended it, or its exit code. */
  readonly ended: Promise<NodeJS.Signals | number | null>;
  readonly lines: string[];
  kill(signal: NodeJS.Signals): void;
}

/** Programs to kill, a folder for their files, and an engine that soon gives up what a killed one had begun. */
export interface KilledPrograms {
  readonly folder: string;
  spawn(name: 'ledger-worker' | 'settlement-worker' | 'audit-worker', work: object): Child;
  /** A prepared database with the store of the ledger worker. */
  database(dbName: string): Promise<OwnDatabase>;
  stop(): Promise<void>;
}

export async function killedPrograms(): Promise<KilledPrograms> {
  const folder = mkdtempSync(path.join(tmpdir(), '7pay-payouts-'));
  const dataDir = mkdtempSync(path.join(tmpdir(), '7pay-settlement-'));
  const programs = bundle();
  const engine: EmbeddedMongo = await spawnEmbeddedMongo({
    dataDir,
    auth: false,
    transactionSeconds: 3,
  });
  return {
    folder,
    spawn: (name, work) => started(path.join(programs, `${name}.js`), work),
    database: async (dbName) => {
      const connection = await connect(engine.uri, { dbName, timeoutMs: 20_000 });
      await prepareLedger(connection);
      await prepareWallet(connection);
      await prepareRefund(connection);
      const store = { id: 'sto_soak', merchantId: 'mer_soak', opensOn: '2019-07-01', name: null };
      const stores = sellingStoreStore(connection, null, () => '2019-07-01');
      await stores.note({ ...store, selling: true });
      return { uri: engine.uri, dbName, connection };
    },
    stop: async () => {
      await engine.stop();
      for (const each of [folder, programs, dataDir])
        rmSync(each, { recursive: true, force: true });
    },
  };
}

function started(program: string, work: object): Child {
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines: string[] = [];
  child.stdout.on(
    'data',
    (chunk: Buffer) => void lines.push(...chunk.toString().trim().split('\n')),
  );
  child.stdin.on('error', () => {}); // it was killed
  child.stdin.write(`${JSON.stringify(work)}\n`);
  const ended = new Promise<NodeJS.Signals | number | null>((resolve) => {
    child.once('close', (code, signal) => resolve(signal ?? code));
  });
  return { ended, lines, kill: (signal) => void child.kill(signal) };
}

/** What is wrong in the books and in what was settled. */
export const faultsOf = async ({ connection }: OwnDatabase): Promise<readonly string[]> => [
  ...(await verifySettlements(connection)),
  ...(await verifyBooks(connection)).faults,
];

/** Waits for a state; a minute is for machines that are busy. */
export async function comesTo(what: () => boolean | Promise<boolean>): Promise<void> {
  const start = performance.now();
  while (!(await what())) {
    if (performance.now() - start > 60_000) throw new Error('it never came to it');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
