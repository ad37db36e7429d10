import { type Cohort, cohortSchema, isIn } from '@7pay/controls';
import { testDatabase, type TestDatabase } from '@7pay/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { factsOf, type LoginRecord } from './login-record.ts';
import { filterOf, loginRecordModel, openLoginRecordStore } from './login-record.store.ts';

let database: TestDatabase;
let logins: ReturnType<typeof openLoginRecordStore>;
const nowSeconds = Math.floor(Date.now() / 1_000);
const aLogin = (n: number): LoginRecord => ({
  sessionUid: `s${n}`,
  memberId: `mem_${n % 40}`,
  amr: [['pwd'], ['pop', 'user'], ['fed:kumo'], ['fed:nami', 'pop', 'user']][n % 4] ?? [],
  acr: 'urn:7id:acr:1',
  atSeconds: nowSeconds - n * 60,
  clientId: n % 3 === 0 ? 'seven-eleven-app' : 'partner-recipes',
  network: n % 5 === 0 ? null : `as:${n % 5}`,
  country: ['JP', 'US', null][n % 3] ?? null,
  device: null,
  agent: null,
  passwordGeneration: n % 4 === 0 ? 1 : null,
  generation: 1,
});
const all = Array.from({ length: 120 }, (_, n) => aLogin(n));

beforeAll(async () => {
  database = await testDatabase('login_records');
  const model = loginRecordModel(database.connection);
  await model.createCollection();
  await model.createIndexes();
  logins = openLoginRecordStore(database.connection);
  for (const login of all) await logins.record(login);
});
afterAll(() => database.drop());

const some = <Value>(...values: Value[]) => fc.subarray(values);
const window = fc.option(
  fc.integer({ min: 0, max: 120 }).map((minutes) => new Date((nowSeconds - minutes * 60) * 1_000)),
  { nil: null },
);
const cohorts = fc
  .record({
    methods: some('PASSWORD', 'PASSKEY', 'EXTERNAL'),
    providers: some('kumo', 'nami', 'gone'),
    clients: some('seven-eleven-app', 'partner-recipes'),
    networks: some('as:1', 'as:2', 'as:9'),
    countries: some('JP', 'US', 'FR'),
    from: window,
    until: window,
  })
  .filter(({ from, until }) => !from || !until || from <= until)
  .map((cohort) => cohortSchema.parse(cohort));

describe('the records of logins', () => {
  it('are counted exactly, as the gate would judge each of them', async () => {
    await fc.assert(
      fc.asyncProperty(cohorts, async (cohort) => {
        const meant = all.filter((login) => isIn(cohort, factsOf(login)));
        expect(await logins.count(cohort)).toEqual({
          logins: meant.length,
          members: new Set(meant.map(({ memberId }) => memberId)).size,
        });
      }),
      { numRuns: 60 },
    );
  });

  it.each<[string, Partial<Cohort>, string]>([
    ['provider', { providers: ['kumo'] }, 'provider_1_atSeconds_1'],
    ['client', { clients: ['seven-eleven-app'] }, 'clientId_1_atSeconds_1'],
    ['network', { networks: ['as:1'] }, 'network_1_atSeconds_1'],
    ['country', { countries: ['US'] }, 'country_1_atSeconds_1'],
    ['nothing but the window', { from: new Date((nowSeconds - 600) * 1_000) }, 'atSeconds_1'],
  ])('are found by %s through an index', async (_, told, index) => {
    const filter = filterOf(cohortSchema.parse(told));
    const plan = JSON.stringify(
      await loginRecordModel(database.connection).find(filter).explain('queryPlanner'),
    );
    expect(plan).toContain(index);
    expect(plan).not.toContain('COLLSCAN');
  });

  it('are written once: a request that is resumed again changes nothing', async () => {
    const [first = aLogin(0)] = all;
    await logins.record({ ...first, country: 'FR' });
    expect(await logins.find(first)).toEqual(first);
  });

  it('tell whether a member ever logged in as one of a cohort', async () => {
    const byKumo = cohortSchema.parse({ providers: ['kumo'] });
    expect(await logins.hasLoggedIn('mem_2', byKumo, new Date())).toBe(true);
    expect(await logins.hasLoggedIn('mem_0', byKumo, new Date())).toBe(false);
  });
});
