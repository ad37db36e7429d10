import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawnEmbeddedMongo } from '@7pay/embedded-mongo';
import { connect, unitOfWork } from '@7pay/mongo';
import { silentLog } from '@7pay/telemetry';
import { eventually, type TestDatabase, testDatabase } from '@7pay/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENDED_LOGIN_SECONDS } from './ended-login.ts';
import { openEndedLogins } from './ended-login.store.ts';
import { type FollowedEndedLogins, followEndedLogins } from './follow-ended-logins.ts';
import { prepareControls } from './switch.store.ts';

let database: TestDatabase;
let ended: FollowedEndedLogins;
const store = () => openEndedLogins(database.connection);
beforeAll(async () => {
  database = await testDatabase('ended_logins');
  await prepareControls(database.connection);
  ended = await followEndedLogins(database.connection, { log: silentLog });
});
afterAll(async () => {
  await ended.stop();
  await database.drop();
});

const session = (sessionUid: string) => ({ kind: 'SESSION' as const, sessionUid });
const holds = (sessionUid: string, by = ended) =>
  by.judge({ atSeconds: 0, sessionUid }) === undefined;

describe('an end', () => {
  it('reaches whoever follows, and whoever begins later', async () => {
    expect(holds('a')).toBe(true);
    await store().tell(session('a'), new Date());
    await eventually(async () => !holds('a'));
    expect(ended.judge({ atSeconds: 0, sessionUid: 'a' })).toMatchObject({ holds: false });
    expect(holds('b')).toBe(true);
    const later = await followEndedLogins(database.connection, { log: silentLog });
    expect(holds('a', later)).toBe(false);
    await later.stop();
  });

  it('that was rolled back is none; of two at once the later counts', async () => {
    const inUnit = unitOfWork(database.connection);
    const broken = inUnit(async (transaction) => {
      await store().tell(session('c'), new Date(), transaction);
      throw new Error('changed my mind');
    });
    await expect(broken).rejects.toThrow('changed my mind');
    const member = { kind: 'MEMBER' as const, memberId: 'mem_1' };
    const ends = [5_000, 9_000, 1_000].map((ms) =>
      inUnit((transaction) => store().tell(member, new Date(ms), transaction)),
    );
    await Promise.all(ends);
    const login = (atSeconds: number) => ended.judge({ atSeconds, memberId: 'mem_1' });
    await eventually(async () => login(8) !== undefined);
    expect(login(9)).toBeUndefined();
    expect(holds('c')).toBe(true);
  });

  it('is kept for longer than a token holds, and not for ever', async () => {
    let now = 0;
    const followed = await followEndedLogins(database.connection, {
      log: silentLog,
      now: () => now,
      readAgainMs: 20,
    });
    await store().tell(session('d'), new Date());
    await eventually(async () => !holds('d', followed));
    now = (ENDED_LOGIN_SECONDS - 1) * 1_000;
    await store().tell(session('e'), new Date());
    await eventually(async () => !holds('e', followed));
    expect(holds('d', followed)).toBe(false);
    // Swept away in the database, as its index does it.
    await database.connection.collection('controls_endedLogins').deleteMany({});
    now = (ENDED_LOGIN_SECONDS + 1) * 1_000;
    await eventually(async () => holds('d', followed));
    expect(holds('e', followed)).toBe(false); // it was heard later
    now += ENDED_LOGIN_SECONDS * 1_000;
    await eventually(async () => followed.size === 0);
    await followed.stop();
  });

  it('is swept away by the database', async () => {
    const indexes = await database.connection.collection('controls_endedLogins').indexes();
    expect(indexes).toContainEqual(
      expect.objectContaining({ key: { expiresAt: 1 }, expireAfterSeconds: 0 }),
    );
  });
});

describe('whoever follows and loses the database', () => {
  it('goes on by what it knew, and learns what it missed when the database is back', async () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), '7pay-ended-'));
    const first = await spawnEmbeddedMongo({ dataDir, auth: false });
    const { port } = new URL(first.uri);
    const connection = await connect(first.uri, { timeoutMs: 500 });
    await prepareControls(connection);
    const followed = await followEndedLogins(connection, { log: silentLog });
    await openEndedLogins(connection).tell(session('before'), new Date());
    await eventually(async () => !holds('before', followed));

    first.kill();
    await first.exited;
    expect(holds('before', followed)).toBe(false);
    expect(holds('meanwhile', followed)).toBe(true);
    const second = await spawnEmbeddedMongo({ dataDir, auth: false, port: Number(port) });
    const writer = await connect(second.uri);
    await openEndedLogins(writer).tell(session('meanwhile'), new Date());
    await eventually(async () => !holds('meanwhile', followed), 10_000);
    expect(holds('before', followed)).toBe(false);

    await followed.stop();
    await Promise.all([connection.destroy(), writer.destroy()]);
    await second.stop();
    rmSync(dataDir, { recursive: true });
  });

  it('cannot begin without it', async () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), '7pay-ended-'));
    const engine = await spawnEmbeddedMongo({ dataDir, auth: false });
    const connection = await connect(engine.uri, { timeoutMs: 300 });
    engine.kill();
    await engine.exited;
    await expect(followEndedLogins(connection, { log: silentLog })).rejects.toThrow();
    await connection.destroy();
    rmSync(dataDir, { recursive: true });
  });
});
