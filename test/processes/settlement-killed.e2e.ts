import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  credit,
  debit,
  type JournalEntry,
  openLedger,
  prepareLedger,
  sealEntries,
  sealKey,
  sealRemaining,
  verifyBooks,
} from '@7pay/ledger';
import { type EmbeddedMongo, spawnEmbeddedMongo } from '@7pay/embedded-mongo';
import { connect, unitOfWork } from '@7pay/mongo';
import type { Connection } from 'mongoose';
import { isRefused } from '@7pay/refusals';
import { systemClock } from '@7pay/time';
import { readTransferFile } from '@7pay/zengin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LedgerWork } from '../../soak/ledger-worker.ts';
import { verifyClose } from '../../subgraphs/refund/src/close/verify-close.ts';
import { prepareRefund } from '../../subgraphs/refund/src/prepare.ts';
import { programmeModel } from '../../subgraphs/refund/src/programme/refund-programme.store.ts';
import { merchantPayable } from '../../subgraphs/wallet/src/payment/payment-entries.ts';
import { payoutFileStore } from '../../subgraphs/wallet/src/payout/payout-file.store.ts';
import { payoutStore } from '../../subgraphs/wallet/src/payout/payout.store.ts';
import { approvePayoutFile } from '../../subgraphs/wallet/src/payout/prepare-payout-file.ts';
import { prepareWallet } from '../../subgraphs/wallet/src/prepare.ts';
import { reconciliationStore } from '../../subgraphs/wallet/src/reconciliation/reconciliation.store.ts';
import { openSettlementUnitOfWork } from '../../subgraphs/wallet/src/settlement/settlement-work.ts';
import { settlementItemModel } from '../../subgraphs/wallet/src/settlement/settlement-item.store.ts';
import { settlementBatchModel } from '../../subgraphs/wallet/src/settlement/settlement-batch.store.ts';
import { verifySettlements } from '../../subgraphs/wallet/src/settlement/verify-settlements.ts';
import { sellingStoreStore } from '../../subgraphs/wallet/src/store/selling-store.store.ts';
import { bundle } from './program.ts';
import type { SettlementWork } from './settlement-worker.ts';

const MERCHANTS = 130; // more than one write of a file takes
const sender = {
  code: '0000012345',
  nameKana: 'カ)セブンペイ',
  account: { bankCode: '0034', branchCode: '101', kind: 'CURRENT', number: '7654321' },
} as const;
const { privateKey } = generateKeyPairSync('ed25519');
const folder = mkdtempSync(path.join(tmpdir(), '7pay-payouts-'));
const dataDir = mkdtempSync(path.join(tmpdir(), '7pay-settlement-'));
let programs: string;
let engine: EmbeddedMongo;
beforeAll(async () => {
  programs = bundle();
  // What a killed process had begun is given up soon.
  engine = await spawnEmbeddedMongo({ dataDir, auth: false, transactionSeconds: 1 });
});
afterAll(async () => {
  await engine.stop();
  for (const each of [folder, programs, dataDir]) rmSync(each, { recursive: true, force: true });
});

interface OwnDatabase {
  readonly uri: string;
  readonly dbName: string;
  readonly connection: Connection;
}

interface Child {
  readonly ended: Promise<NodeJS.Signals | number | null>;
  readonly lines: string[];
  kill(signal: NodeJS.Signals): void;
}

function spawnProgram(name: string, work: object): Child {
  const child = spawn(process.execPath, [path.join(programs, `${name}.js`)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
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

const prepared = async (dbName: string): Promise<OwnDatabase> => {
  const connection = await connect(engine.uri, { dbName, timeoutMs: 20_000 });
  await prepareLedger(connection);
  await prepareWallet(connection);
  return { uri: engine.uri, dbName, connection };
};
const faultsOf = async ({ connection }: OwnDatabase) => [
  ...(await verifySettlements(connection)),
  ...(await verifyBooks(connection)).faults,
];
const eventually = async (what: () => boolean | Promise<boolean>) => {
  const start = performance.now();
  while (!(await what())) {
    if (performance.now() - start > 60_000) throw new Error('it never came to it');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

describe('a process that settles and pays out, killed at each place where it could matter', () => {
  let database: OwnDatabase;
  // Monday noon in Tokyo: the day before is over, and banks are open today.
  const now = new Date('2019-07-02T03:00:00Z');
  const clockOffMs = now.getTime() - Date.now();
  const work = (
    job: SettlementWork['job'],
    more: Partial<SettlementWork> = {},
  ): SettlementWork => ({
    uri: database.uri,
    dbName: database.dbName,
    clockOffMs,
    job,
    folder,
    sender,
    transferDate: '2019-07-03',
    ...more,
  });
  const run = async (each: SettlementWork) => {
    const child = spawnProgram('settlement-worker', each);
    return { how: await child.ended, said: child.lines.join('') };
  };
  const payouts = () => payoutStore(database.connection, null);
  const files = () => payoutFileStore(database.connection, null);

  beforeAll(async () => {
    database = await prepared('settlement_killed');
    const inUnit = unitOfWork(database.connection, { deadlineMs: 10_000 });
    const ledger = openLedger(database.connection);
    const settling = openSettlementUnitOfWork(database.connection);
    const entries: JournalEntry[] = [];
    for (let n = 0; n < MERCHANTS; n += 1) {
      const merchantId = `mer_${n}`;
      const entry = await inUnit((session) =>
        ledger.post(session, {
          id: `pay_${n}:accept`,
          kind: 'PAYMENT',
          wallet: `wal_${n}`,
          at: new Date('2019-07-01T03:00:00Z'),
          legs: [debit('cash:test', 1_000 + n), credit(merchantPayable(merchantId), 1_000 + n)],
          generation: 1,
          ref: { paymentId: `pay_${n}`, storeId: 'sto_1' },
        }),
      );
      if (isRefused(entry)) throw new Error(entry.refused);
      entries.push(entry);
      const number = String(n + 1).padStart(7, '0');
      const account = { bankCode: '0034', branchCode: '001', kind: 'ORDINARY', number } as const;
      await settling(({ payees }) =>
        payees.note(merchantId, { ...account, holderKana: 'ｱｵﾊﾞ' }, new Date(0)),
      );
    }
    await sealEntries(database.connection, sealKey(privateKey), systemClock)(entries, null);
  });
  afterAll(async () => {
    const faults = await faultsOf(database);
    await database.connection.close();
    expect(faults).toEqual([]);
  });

  it('while batches are closed: each is closed once', async () => {
    const closed = () =>
      settlementBatchModel(database.connection).countDocuments({ state: 'CLOSED' });
    expect(await run(work('settle', { dieAtEntry: 3 }))).toMatchObject({ how: 'SIGKILL' });
    expect(await closed()).toBe(2);
    expect(await faultsOf(database)).toEqual([]);
    expect(await run(work('settle'))).toMatchObject({ how: 0 });
    expect(await closed()).toBe(MERCHANTS);
  });

  it('while a file is filled: the next process goes on with it, and no payout is in two', async () => {
    expect(await run(work('prepare', { dieAtEntry: 2 }))).toMatchObject({ how: 'SIGKILL' });
    const filling = await files().filling();
    expect(filling).toMatchObject({ state: 'FILLING', count: 100 });
    expect(await faultsOf(database)).toEqual([]);
    expect(await run(work('prepare'))).toMatchObject({ how: 0 });
    expect(await files().find(filling!.id)).toMatchObject({ state: 'PREPARED', count: MERCHANTS });
    expect((await run(work('prepare'))).said).toContain('NO_PAYOUT_DUE');
  });

  it('with half a file, with a file that is not marked, with a mark and no file: the same bytes (K16)', async () => {
    const settling = openSettlementUnitOfWork(database.connection);
    const [file] = await files().inStates(['PREPARED']);
    await approvePayoutFile(settling, { now: () => now })({ id: file!.id, by: 'mem_second' });
    const place = path.join(folder, `payouts-${file!.number}.txt`);
    const stateOf = async () => (await files().find(file!.id))?.state;

    expect(await run(work('write', { dieAtFile: 'HALF' }))).toMatchObject({ how: 'SIGKILL' });
    expect(existsSync(place)).toBe(false);
    expect(await run(work('write', { dieAtFile: 'WHOLE' }))).toMatchObject({ how: 'SIGKILL' });
    const bytes = readFileSync(place);
    expect(await stateOf()).toBe('APPROVED');
    expect(await run(work('write'))).toMatchObject({ how: 0 });
    expect(await stateOf()).toBe('WRITTEN');
    expect(readFileSync(place)).toEqual(bytes);
    rmSync(place);
    expect(await run(work('write'))).toMatchObject({ how: 0 });
    expect(readFileSync(place)).toEqual(bytes);
    const { transfers, total } = readTransferFile(bytes);
    expect([transfers.length, total]).toEqual([file!.count, file!.total]);
  });

  it('while a result file is half imported: the rest is booked, nothing twice, and then it changes nothing (K17)', async () => {
    const [file] = await files().inStates(['WRITTEN']);
    const sent = await payouts().ofFile(file!.id);
    const lines = sent.map(({ id, amount }, n) =>
      [id, `B${n}`, n % 10 === 0 ? 'RETURNED' : 'TAKEN', amount, '2019-07-03'].join(','),
    );
    const results = path.join(folder, 'results.csv');
    const head = 'ourId,theirId,kind,amount,businessDate';
    writeFileSync(results, [head, ...lines, `END,${lines.length},${file!.total}`, ''].join('\r\n'));
    const half = work('import', { file: results, dieAtEntry: 66 });
    expect(await run(half)).toMatchObject({ how: 'SIGKILL' });
    const states = async () => {
      const all = await payouts().ofFile(file!.id);
      const count = (state: string) => all.filter((each) => each.state === state).length;
      return { PAID: count('PAID'), RETURNED: count('RETURNED'), SENT: count('SENT') };
    };
    expect(await states()).toEqual({ PAID: 58, RETURNED: 7, SENT: 65 });
    const queue = async () =>
      (
        await reconciliationStore(database.connection, null).queue('OPEN', {
          limit: 100,
          after: null,
        })
      ).rows;
    expect(await queue()).toEqual([]);
    expect(await faultsOf(database)).toEqual([]);
    for (let again = 0; again < 2; again += 1) {
      expect(await run(work('import', { file: results }))).toMatchObject({ how: 0 });
      expect(await states()).toEqual({ PAID: 117, RETURNED: 13, SENT: 0 });
      expect((await queue()).map((each) => each.class)).toEqual(Array(13).fill('PAYOUT_RETURNED'));
    }
  });
});

describe('services that pay, hold, capture and refund across 24:00 in Tokyo while others close the day (K15)', () => {
  it('are killed again and again, and every entry is in one batch and every yen in the books', async () => {
    const database = await prepared('settlement_midnight');
    const { connection } = database;
    const store = { id: 'sto_soak', merchantId: 'mer_soak', opensOn: '2019-07-01' };
    await sellingStoreStore(connection, null, () => '2019-07-01').note({
      ...store,
      selling: true,
      name: null,
    });
    // Clocks disagree: those who settle are past their ten minutes already, and those who pay cross midnight one by one,
    // when they are started again. What they book before it is late.
    const day = 86_400_000;
    const midnight = day - ((Date.now() + 9 * 3_600_000) % day);
    const minutes = (n: number) => midnight + n * 60_000;
    const common = { uri: database.uri, dbName: database.dbName };
    let spawned = 0;
    const payer = (clockOffMs: number) => {
      spawned += 1;
      const paying: LedgerWork = {
        ...common,
        seed: spawned,
        name: `w${spawned}`,
        members: ['mem_1', 'mem_2', 'mem_3', 'mem_4', 'mem_5', 'mem_6'],
        inFlight: 3,
        clockOffMs,
        sealKey: privateKey.export({ format: 'jwk' }),
      };
      return spawnProgram('ledger-worker', paying);
    };
    const settling: SettlementWork = {
      ...common,
      job: 'settle-on',
      clockOffMs: minutes(15),
    };
    const settler = () => spawnProgram('settlement-worker', settling);
    const [before, after] = [minutes(-10), minutes(1)];
    const children = [payer(before), payer(before), settler(), settler()];
    const seals = connection.collection('ledger_seals');
    try {
      for (let round = 0; round < 8; round += 1) {
        const sealed = await seals.countDocuments();
        await eventually(async () => (await seals.countDocuments()) > sealed + 4);
        const index = round % children.length;
        children[index]!.kill('SIGKILL');
        await children[index]!.ended;
        children[index] = index < 2 ? payer(round < 4 ? before : after) : settler();
      }
      // Both days are there, and the first of them is closed while payments go on.
      const batches = settlementBatchModel(connection);
      await eventually(async () => (await batches.countDocuments({ state: 'CLOSED' })) > 0);
      await eventually(async () => (await batches.countDocuments({ state: 'OPEN' })) > 0);
    } finally {
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(children.map(({ ended }) => ended));
    }
    await sealRemaining(connection, sealEntries(connection, sealKey(privateKey), systemClock));
    const last = { ...settling, job: 'settle' as const, clockOffMs: minutes(15) + 2 * day };
    expect(await spawnProgram('settlement-worker', last).ended).toBe(0);
    const faults = await faultsOf(database);
    const open = await settlementBatchModel(connection).countDocuments({ state: 'OPEN' });
    const days = await settlementBatchModel(connection).find().sort({ biz: 1 }).lean();
    const late = await settlementItemModel(connection).countDocuments({
      batchId: { $ne: days[0]!._id },
      biz: days[0]!.biz,
    });
    await connection.close();
    expect([faults, open]).toEqual([[], 0]);
    expect([days.length, late > 0]).toEqual([2, true]);
  }, 180_000);
});

describe('all wallets closed at 24:00 while services still pay, hold, cancel and refund (K15)', () => {
  it('are closed once each, killed on the way again and again: what was in them is payable, to the yen (I18)', async () => {
    const database = await prepared('close_killed');
    const { connection } = database;
    await prepareRefund(connection);
    const store = { id: 'sto_soak', merchantId: 'mer_soak', opensOn: '2019-07-01' };
    await sellingStoreStore(connection, null, () => '2019-07-01').note({
      ...store,
      selling: true,
      name: null,
    });
    const now = new Date();
    const said = ['title', 'issuer', 'instrument', 'contact', 'howToClaim', 'howPaid'];
    await programmeModel(connection).create({
      ...Object.fromEntries([...said, 'exclusionNotice', 'openedBy'].map((name) => [name, name])),
      _id: 'rfp_test',
      noticeDate: '2019-08-01',
      claimsFrom: now,
      claimsUntil: new Date(now.getTime() + 102 * 86_400_000),
    });
    const common = { uri: database.uri, dbName: database.dbName };
    let spawned = 0;
    const payer = () => {
      spawned += 1;
      const paying: LedgerWork = {
        ...common,
        seed: 100 + spawned,
        name: `c${spawned}`,
        members: Array.from({ length: 30 }, (_, n) => `mem_close_${n}`),
        inFlight: 4,
        clockOffMs: 0,
        sealKey: privateKey.export({ format: 'jwk' }),
      };
      return spawnProgram('ledger-worker', paying);
    };
    const closing: SettlementWork = { ...common, job: 'close-wallets', clockOffMs: 0 };
    const closer = (more: Partial<SettlementWork> = {}) =>
      spawnProgram('settlement-worker', { ...closing, ...more }).ended;
    const wallets = connection.collection('ledger_accounts');
    const count = (filter: object) => wallets.countDocuments({ kind: 'USER_WALLET', ...filter });
    const payers = [payer(), payer()];
    try {
      await eventually(async () => (await count({ posted: { $gt: 0 } })) > 15);
      await eventually(async () => (await count({ held: { $gt: 0 } })) > 0);
      const ends = [];
      for (const dieAtEntry of [3, 6, 9]) {
        ends.push(...(await Promise.all([closer({ dieAtEntry }), closer({ dieAtEntry: 5 })])));
        payers[ends.length % 2]!.kill('SIGKILL');
        payers[ends.length % 2] = payer();
      }
      expect(ends.filter((how) => how === 'SIGKILL').length).toBeGreaterThan(2);
      expect(await closer()).toBe(0);
    } finally {
      for (const each of payers) each.kill('SIGKILL');
      await Promise.all(payers.map(({ ended }) => ended));
    }
    // What was held when it closed has ended a day later, one way or the other.
    expect(await closer({ clockOffMs: 86_400_000 })).toBe(0);
    const left = [await count({ status: { $ne: 'CLOSED' } }), await count({ posted: { $ne: 0 } })];
    const figures = await verifyClose(connection);
    const { faults } = await verifyBooks(connection);
    await connection.close();
    expect([...figures.faults, ...faults, ...left]).toEqual([0, 0]);
    expect(figures.wallets).toBeGreaterThan(0);
    expect(figures).toMatchObject({ payable: figures.wallets, paid: 0, excluded: 0 });
  }, 180_000);
});
