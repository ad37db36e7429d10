import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fixedControls } from '@7pay/controls';
import { credit, debit, type JournalEntry, openLedger, sealEntries, sealKey } from '@7pay/ledger';
import { unitOfWork } from '@7pay/mongo';
import { isRefused } from '@7pay/refusals';
import { systemClock } from '@7pay/time';
import { readTransferFile } from '@7pay/zengin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { merchantPayable } from '../../subgraphs/wallet/src/payment/payment-entries.ts';
import { payoutFileStore } from '../../subgraphs/wallet/src/payout/payout-file.store.ts';
import { payoutStore } from '../../subgraphs/wallet/src/payout/payout.store.ts';
import { approvePayoutFile } from '../../subgraphs/wallet/src/payout/prepare-payout-file.ts';
import { reconciliationStore } from '../../subgraphs/wallet/src/reconciliation/reconciliation.store.ts';
import { openSettlementUnitOfWork } from '../../subgraphs/wallet/src/settlement/settlement-work.ts';
import { settlementBatchModel } from '../../subgraphs/wallet/src/settlement/settlement-batch.store.ts';
import {
  faultsOf,
  killedPrograms,
  type KilledPrograms,
  type OwnDatabase,
} from './killed-programs.ts';
import type { SettlementWork } from './settlement-worker.ts';

const MERCHANTS = 130; // more than one write of a file takes
const sender = {
  code: '0000012345',
  nameKana: 'カ)セブンペイ',
  account: { bankCode: '0034', branchCode: '101', kind: 'CURRENT', number: '7654321' },
} as const;
const { privateKey } = generateKeyPairSync('ed25519');
let programs: KilledPrograms;
beforeAll(async () => {
  programs = await killedPrograms();
});
afterAll(() => programs.stop());

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
    folder: programs.folder,
    sender,
    transferDate: '2019-07-03',
    ...more,
  });
  const run = async (each: SettlementWork) => {
    const child = programs.spawn('settlement-worker', each);
    return { how: await child.ended, said: child.lines.join('') };
  };
  const payouts = () => payoutStore(database.connection, null);
  const files = () => payoutFileStore(database.connection, null);

  beforeAll(async () => {
    database = await programs.database('settlement_killed');
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

  it('with half a file, with a file that is not marked, with a mark and no file: the same bytes, and none twice unasked (K16)', async () => {
    const settling = openSettlementUnitOfWork(database.connection);
    const [file] = await files().inStates(['PREPARED']);
    await approvePayoutFile(settling, fixedControls(), { now: () => now })({
      id: file!.id,
      by: 'mem_second',
    });
    const place = path.join(programs.folder, `payouts-${file!.number}.txt`);
    const stateOf = async () => (await files().find(file!.id))?.state;

    expect(await run(work('write', { dieAtFile: 'HALF' }))).toMatchObject({ how: 'SIGKILL' });
    expect(existsSync(place)).toBe(false);
    expect(await run(work('write'))).toMatchObject({ how: 1 }); // it may have been taken
    expect(existsSync(place)).toBe(false);
    const again = file!.number;
    expect(await run(work('write', { again, dieAtFile: 'WHOLE' }))).toMatchObject({
      how: 'SIGKILL',
    });
    const bytes = readFileSync(place);
    expect(await stateOf()).toBe('APPROVED');
    expect(await run(work('write'))).toMatchObject({ how: 0 });
    expect(await stateOf()).toBe('WRITTEN');
    expect(readFileSync(place)).toEqual(bytes);
    rmSync(place);
    expect(await run(work('write'))).toMatchObject({ how: 0 });
    expect(existsSync(place)).toBe(false); // the bank has it
    expect(await run(work('write', { again }))).toMatchObject({ how: 0 });
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
    const results = path.join(programs.folder, 'results.csv');
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
