import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawnEmbeddedMongo } from '@7pay/embedded-mongo';
import { connect, unitOfWork } from '@7pay/mongo';
import { isRefused } from '@7pay/refusals';
import { silentLog } from '@7pay/telemetry';
import { eventually, type TestDatabase, testDatabase } from '@7pay/testing';
import type { ClientSession, Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cohortSchema } from './cohort.ts';
import { openCutOffStore } from './cut-off.store.ts';
import { aCutOff, type CutOff } from './cut-off.ts';
import { type FollowedControls, followControls } from './follow-controls.ts';
import {
  openSwitchStore,
  prepareControls,
  raiseGeneration,
  type SwitchRow,
} from './switch.store.ts';

let database: TestDatabase;
let controls: FollowedControls;
beforeAll(async () => {
  database = await testDatabase('controls');
  await prepareControls(database.connection);
  controls = await followControls(database.connection, { log: silentLog });
});
afterAll(async () => {
  await controls.stop();
  await database.drop();
});

const flip = (
  key: string,
  state: 'OPEN' | 'CLOSED',
  connection: Connection = database.connection,
): Promise<SwitchRow> =>
  unitOfWork(connection, { deadlineMs: 10_000 })((session) =>
    openSwitchStore(connection).write(session, {
      key,
      state,
      since: new Date('2019-07-04T05:00:00Z'),
      reason: state === 'CLOSED' ? { ja: '調査', en: 'Investigation' } : null,
      actor: 'mem_op',
      reopening: null,
    }),
  );

describe('followed controls', () => {
  it('see a flip within a second, by themselves, in both directions', async () => {
    for (const state of ['CLOSED', 'OPEN'] as const) {
      const { generation } = await flip('payment', state);
      const start = performance.now();
      await eventually(async () => controls.generation >= generation, 2_000);
      expect(performance.now() - start).toBeLessThan(1_000);
      expect('refused' in controls.guard('payment')).toBe(state === 'CLOSED');
      expect(controls.look('payment')).toMatchObject({ key: 'payment', state, generation });
    }
  });

  it('see it sooner than the poll would, by the stream', async () => {
    const { connection } = database;
    const rare = { pollMs: 3_600_000, leaseMs: 3_600_000 };
    const streamed = await followControls(connection, { log: silentLog, ...rare });
    for (const state of ['CLOSED', 'OPEN'] as const) {
      // Again until it is told: the stream may not stand yet when the first one is written.
      await eventually(async () => {
        const { generation } = await flip('payout', state);
        return eventually(async () => streamed.generation >= generation, 1_000);
      }, 15_000);
      expect('refused' in streamed.guard('payout')).toBe(state === 'CLOSED');
    }
    await streamed.stop();
  });

  it('know a flip when a refresh that began after it returns', async () => {
    await flip('registration', 'CLOSED');
    await controls.refresh();
    expect(controls.guard('registration')).toMatchObject({ refused: 'FUNCTION_CLOSED' });
    expect(isRefused(controls.guard('payment'))).toBe(false);
    await flip('registration', 'OPEN');
    await controls.refresh();
    expect(controls.guard('registration')).toEqual({ generation: controls.generation });
  });

  it('show a switch that never moved as open', () => {
    expect(controls.look('refund.claim')).toMatchObject({ state: 'OPEN', reason: null });
  });

  it('stay fresh while nothing happens', async () => {
    await new Promise((resolve) => setTimeout(resolve, 1_300)); // longer than the lease
    expect(isRefused(controls.guard('payment'))).toBe(false);
  });
});

describe('cut-offs', () => {
  const inUnit = <Result>(work: (session: ClientSession) => Promise<Result>) =>
    unitOfWork(database.connection, { deadlineMs: 10_000 })(work);
  const store = () => openCutOffStore(database.connection);
  const put = (told: Partial<CutOff> = {}) =>
    inUnit(async (session) => {
      const generation = await raiseGeneration(database.connection, session);
      const cutOff = aCutOff({ cutAt: new Date('2019-07-11T08:00:00Z'), generation, ...told });
      await store().put(session, cutOff);
      return cutOff;
    });
  const login = { amr: ['pwd'], atSeconds: Date.parse('2019-07-10T00:00:00Z') / 1_000 };

  it('are followed as the switches are, in the same generation', async () => {
    expect(controls.judge(login)).toEqual({ holds: true, withoutScopes: [] });
    const { id, generation } = await put();
    const start = performance.now();
    await eventually(async () => !controls.judge(login).holds, 2_000);
    expect(performance.now() - start).toBeLessThan(1_000);
    expect(controls.judge(login)).toMatchObject({ holds: false, stop: { by: id } });
    expect(controls.generation).toBeGreaterThanOrEqual(generation);
    await put({ id, state: 'CANCELLED' });
    await eventually(async () => controls.judge(login).holds, 2_000);
  });

  it('are kept as they were written', async () => {
    const cohort = cohortSchema.parse({
      providers: ['kumo'],
      from: new Date('2019-07-01T00:00:00Z'),
    });
    const made = await put({ id: 'cut_kept', cohort, scopes: ['wallet'], effects: ['BLOCK_NEW'] });
    expect(await store().find(null, 'cut_kept')).toEqual(made);
    await inUnit((session) => store().remove(session, ['cut_kept']));
    expect(await store().find(null, 'cut_kept')).toBeNull();
  });
});

describe('the generation', () => {
  it('grows by exactly one per flip, also when many operators flip at once', async () => {
    await controls.refresh();
    const before = controls.generation;
    const keys = Array.from({ length: 8 }, (_, n) => `payment.store.sto_${n}`);
    const rows = await Promise.all(keys.map((key) => flip(key, 'CLOSED')));
    const given = rows.map(({ generation }) => generation).sort((a, b) => a - b);
    expect(given).toEqual(keys.map((_, n) => before + n + 1));
    await controls.refresh();
    expect(controls.generation).toBe(before + keys.length);
    for (const key of keys) expect(isRefused(controls.guard(key))).toBe(true);
  });

  it('does not move when a flip is rolled back, nor by a wish to reopen', async () => {
    await controls.refresh();
    const before = controls.generation;
    const store = openSwitchStore(database.connection);
    const inUnit = unitOfWork(database.connection);
    const change = { state: 'CLOSED', since: new Date(0), reason: null } as const;
    const broken = inUnit(async (session) => {
      await store.write(session, { ...change, key: 'payment', actor: 'x', reopening: null });
      throw new Error('changed my mind');
    });
    await expect(broken).rejects.toThrow('changed my mind');
    const wish = { by: 'mem_op', at: new Date('2019-07-05T00:00:00Z') };
    await inUnit((session) => store.propose(session, 'payment.store.sto_1', wish));
    expect(await store.generation()).toBe(before);
    expect(await store.find(null, 'payment.store.sto_1')).toMatchObject({
      state: 'CLOSED',
      reopening: wish,
    });
  });

  it('starts at one, and preparing again leaves it where it is', async () => {
    const before = await openSwitchStore(database.connection).generation();
    await prepareControls(database.connection);
    expect(await openSwitchStore(database.connection).generation()).toBe(before);
    const fresh = await testDatabase('controls_fresh');
    await prepareControls(fresh.connection);
    expect(await openSwitchStore(fresh.connection).generation()).toBe(1);
    await fresh.drop();
  });

  it('cannot be raised in a database that was never prepared', async () => {
    const fresh = await testDatabase('controls_unprepared');
    await expect(flip('payment', 'CLOSED', fresh.connection)).rejects.toThrow('never prepared');
    await fresh.drop();
  });
});

describe('controls that lose the database', () => {
  it('refuse everything once the lease is over, and allow again when it is back', async () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), '7pay-lease-'));
    const engine = await spawnEmbeddedMongo({ dataDir, auth: false });
    const connection = await connect(engine.uri, { timeoutMs: 500 });
    await prepareControls(connection);
    const leased = await followControls(connection, { log: silentLog, leaseMs: 400 });
    expect(isRefused(leased.guard('payment'))).toBe(false);

    // Stopped, not ended: nothing is refused by the network, there is only silence.
    process.kill(engine.pid, 'SIGSTOP');
    const start = performance.now();
    await eventually(async () => isRefused(leased.guard('payment')), 3_000);
    expect(performance.now() - start).toBeLessThan(1_000);
    expect(leased.guard()).toMatchObject({ refused: 'CONTROLS_STALE' });
    process.kill(engine.pid, 'SIGCONT');
    await eventually(async () => !isRefused(leased.guard('payment')), 5_000);

    engine.kill();
    await engine.exited;
    await eventually(async () => isRefused(leased.guard('payment')), 3_000);
    await leased.stop();
    await connection.destroy();
    rmSync(dataDir, { recursive: true });
  });
});
