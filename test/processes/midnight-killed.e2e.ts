import { generateKeyPairSync } from 'node:crypto';
import { sealEntries, sealKey, sealRemaining, verifyBooks } from '@7pay/ledger';
import { systemClock } from '@7pay/time';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LedgerWork } from '../../soak/ledger-worker.ts';
import { verifyClose } from '../../subgraphs/refund/src/close/verify-close.ts';
import { programmeModel } from '../../subgraphs/refund/src/programme/refund-programme.store.ts';
import { settlementBatchModel } from '../../subgraphs/wallet/src/settlement/settlement-batch.store.ts';
import { settlementItemModel } from '../../subgraphs/wallet/src/settlement/settlement-item.store.ts';
import { comesTo, faultsOf, killedPrograms, type KilledPrograms } from './killed-programs.ts';
import type { SettlementWork } from './settlement-worker.ts';

const { privateKey } = generateKeyPairSync('ed25519');
let programs: KilledPrograms;
beforeAll(async () => {
  programs = await killedPrograms();
});
afterAll(() => programs.stop());

describe('services that pay, hold, capture and refund across 24:00 in Tokyo while others close the day (K15)', () => {
  it('are killed again and again, and every entry is in one batch and every yen in the books', async () => {
    const database = await programs.database('settlement_midnight');
    const { connection } = database;
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
      return programs.spawn('ledger-worker', paying);
    };
    const settling: SettlementWork = {
      ...common,
      job: 'settle-on',
      clockOffMs: minutes(15),
    };
    const settler = () => programs.spawn('settlement-worker', settling);
    const [before, after] = [minutes(-10), minutes(1)];
    const children = [payer(before), payer(before), settler(), settler()];
    const seals = connection.collection('ledger_seals');
    try {
      for (let round = 0; round < 8; round += 1) {
        const sealed = await seals.countDocuments();
        await comesTo(async () => (await seals.countDocuments()) > sealed + 4);
        const index = round % children.length;
        children[index]!.kill('SIGKILL');
        await children[index]!.ended;
        children[index] = index < 2 ? payer(round < 4 ? before : after) : settler();
      }
      // Both days are there, and the first of them is closed while payments go on.
      const batches = settlementBatchModel(connection);
      await comesTo(async () => (await batches.countDocuments({ state: 'CLOSED' })) > 0);
      await comesTo(async () => (await batches.countDocuments({ state: 'OPEN' })) > 0);
    } finally {
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(children.map(({ ended }) => ended));
    }
    await sealRemaining(connection, sealEntries(connection, sealKey(privateKey), systemClock));
    const last = { ...settling, job: 'settle' as const, clockOffMs: minutes(15) + 2 * day };
    expect(await programs.spawn('settlement-worker', last).ended).toBe(0);
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
    const database = await programs.database('close_killed');
    const { connection } = database;
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
      return programs.spawn('ledger-worker', paying);
    };
    const closing: SettlementWork = { ...common, job: 'close-wallets', clockOffMs: 0 };
    const closer = (more: Partial<SettlementWork> = {}) =>
      programs.spawn('settlement-worker', { ...closing, ...more }).ended;
    const wallets = connection.collection('ledger_accounts');
    const count = (filter: object) => wallets.countDocuments({ kind: 'USER_WALLET', ...filter });
    const payers = [payer(), payer()];
    try {
      await comesTo(async () => (await count({ posted: { $gt: 0 } })) > 15);
      await comesTo(async () => (await count({ held: { $gt: 0 } })) > 0);
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
    // A wallet that a killed payer still has locked keeps a closer from its end, which is then run again.
    const laterEnds = [await closer({ clockOffMs: 86_400_000 })];
    while (laterEnds.at(-1) !== 0 && laterEnds.length < 5) {
      laterEnds.push(await closer({ clockOffMs: 86_400_000 }));
    }
    expect(laterEnds.at(-1)).toBe(0);
    const left = [await count({ status: { $ne: 'CLOSED' } }), await count({ posted: { $ne: 0 } })];
    const figures = await verifyClose(connection);
    const { faults } = await verifyBooks(connection);
    await connection.close();
    expect([...figures.faults, ...faults, ...left]).toEqual([0, 0]);
    expect(figures.wallets).toBeGreaterThan(0);
    const payable = figures.wallets + figures.givenBack;
    expect(figures).toMatchObject({ payable, paid: 0, excluded: 0 });
  }, 180_000);
});
