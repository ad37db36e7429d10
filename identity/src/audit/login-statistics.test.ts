import { randomIds } from '@7pay/ids';
import { testDatabase, type TestDatabase } from '@7pay/testing';
import { fixedClock } from '@7pay/time';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditFilter } from './audit-events.ts';
import { auditModel, openAudit } from './audit.store.ts';
import { loginStatistics, type StatisticsBy, stretch } from './login-statistics.ts';

const from = new Date('2019-07-02T00:00:00Z');
const clock = fixedClock(from);
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase('login_statistics');
  await auditModel(database.connection).createCollection();
  await auditModel(database.connection).createIndexes();
  const audit = openAudit(database.connection, { clock, ids: randomIds });
  const refused = (reason: string, network: string) =>
    audit.append('LOGIN_REFUSED', { reason, network, method: 'PASSWORD', clientId: 'app' });
  const made = (n: number, network: string, newNetwork: boolean) =>
    audit.append('LOGIN_MADE', { memberId: `mem_${n}`, network, newNetwork, method: 'PASSWORD' });
  // An hour as every other: people at home, one of whom mistypes.
  for (let n = 0; n < 40; n += 1) await made(n, `as:${n % 4}`, n % 20 === 0);
  await refused('WRONG_PASSWORD', 'as:1');
  await refused('UNKNOWN_ID', 'as:2');
  // The next hour: a list from elsewhere, by many networks.
  clock.advance(60 * 60_000);
  for (let n = 0; n < 60; n += 1) await refused('UNKNOWN_ID', `net:${n}`);
  for (let n = 0; n < 30; n += 1) await refused('WRONG_PASSWORD', `net:${n}`);
  await refused('PASSWORD_TO_BE_REPLACED', 'net:7');
  for (let n = 0; n < 3; n += 1) await made(n, `net:${n}`, true);
});
afterAll(() => database.drop());

const to = new Date('2019-07-03T00:00:00Z');
const count = (by: StatisticsBy) => loginStatistics(database.connection, { from, to, by });

describe('the statistics of logins', () => {
  it('tell a list of passwords from an hour as every other', async () => {
    const [quiet, attacked] = await count('HOUR');
    expect(quiet).toEqual({
      key: '2019-07-02T00:00:00Z',
      made: 40,
      refused: 2,
      unknownIds: 1,
      wrongPasswords: 1,
      locked: 0,
      toBeReplaced: 0,
      turnedAway: 0,
      stopped: 0,
      networks: 4,
      fromNewNetworks: 2,
    });
    expect(attacked).toMatchObject({
      key: '2019-07-02T01:00:00Z',
      made: 3,
      refused: 91,
      unknownIds: 60,
      wrongPasswords: 30,
      toBeReplaced: 1,
      networks: 60,
      fromNewNetworks: 3,
    });
  });

  it('name the networks that were refused most first, and add up by whatever they are counted', async () => {
    const byNetwork = await count('NETWORK');
    expect(byNetwork[0]).toMatchObject({ key: 'net:7', refused: 3 });
    for (const by of ['DAY', 'NETWORK', 'COUNTRY', 'CLIENT', 'PROVIDER', 'METHOD'] as const) {
      const rows = await count(by);
      const sum = (name: 'made' | 'refused') => rows.reduce((all, row) => all + row[name], 0);
      expect([sum('made'), sum('refused')], by).toEqual([43, 93]);
    }
  });

  it.each([
    ['a stretch of logins', () => stretch({ from, to })],
    ['the events of a member', () => auditFilter({ memberId: 'mem_1' })],
    ['events of a kind', () => auditFilter({ kinds: ['KEY_CHANGED'], from })],
    ['events of a time', () => auditFilter({ from, to })],
  ])('are read through an index: %s', async (_, filter) => {
    const model = auditModel(database.connection);
    const plan = model
      .find(filter() as never)
      .sort({ at: -1, _id: -1 })
      .limit(20);
    expect(JSON.stringify(await plan.explain('queryPlanner'))).not.toContain('COLLSCAN');
  });
});
