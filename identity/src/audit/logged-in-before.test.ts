import { cohortSchema, isIn } from '@7pay/controls';
import { randomIds } from '@7pay/ids';
import { unitOfWork } from '@7pay/mongo';
import { testDatabase, type TestDatabase } from '@7pay/testing';
import { fixedClock } from '@7pay/time';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { factsOf, type LoginRecord } from '../gate/login-record.ts';
import { loginRecordModel } from '../gate/login-record.store.ts';
import { prepareIdentity } from '../storage/provider-storage.ts';
import { openRecordedStores } from '../storage/recorded-stores.ts';
import { auditModel } from './audit.store.ts';
import { loggedInBefore, madeIn, OF_MEMBER } from './logged-in-before.ts';

const START = Date.parse('2019-07-01T00:00:00Z');
const DAY = 86_400_000;
const clock = fixedClock(new Date(START));
let database: TestDatabase;
let stores: ReturnType<typeof openRecordedStores>;
const all: LoginRecord[] = Array.from({ length: 80 }, (_, n) => ({
  sessionUid: `s${n}`,
  memberId: `mem_${n % 40}`,
  amr:
    [['pwd'], ['pop', 'user'], ['fed:kumo'], ['fed:nami', 'pop', 'user'], ['pwd', 'pop', 'user']][
      n % 5
    ] ?? [],
  acr: n % 5 === 0 || n % 5 === 2 ? 'urn:7id:acr:1' : 'urn:7id:acr:3',
  atSeconds: START / 1_000 + n * 60,
  clientId: n % 3 === 0 ? 'seven-eleven-app' : 'partner-recipes',
  network: n % 7 === 0 ? null : `as:${n % 7}`,
  country: ['JP', 'US', null][n % 3] ?? null,
  device: null,
  agent: null,
  passwordGeneration: null,
  generation: 1,
}));

beforeAll(async () => {
  database = await testDatabase('logged_in_before');
  await prepareIdentity(database.connection);
  const inUnit = unitOfWork(database.connection);
  stores = openRecordedStores(database.connection, {
    unitOfWork: inUnit,
    clock,
    ids: randomIds,
  });
  for (const login of all) {
    await stores.logins.record(login);
    clock.advance(60_000);
  }
});
afterAll(() => database.drop());

const some = <Value>(...values: Value[]) => fc.subarray(values);
const window = fc.option(
  fc.integer({ min: 0, max: 80 }).map((minutes) => new Date(START + minutes * 60_000)),
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

describe('the record of logins', () => {
  it('means the members whom the gate would judge to be meant', async () => {
    await fc.assert(
      fc.asyncProperty(cohorts, async (cohort) => {
        const meant = all.filter((login) => isIn(cohort, factsOf(login)));
        const found = await auditModel(database.connection).distinct(
          'facts.memberId',
          madeIn(cohort),
        );
        expect(found.sort()).toEqual([...new Set(meant.map(({ memberId }) => memberId))].sort());
      }),
      { numRuns: 60 },
    );
  });

  it('is found by the member, through an index', async () => {
    const byKumo = cohortSchema.parse({ providers: ['kumo'] });
    const before = loggedInBefore(database.connection);
    expect(await before('mem_2', byKumo)).toBe(true);
    expect(await before('mem_0', byKumo)).toBe(false);
    const filter = { 'facts.memberId': 'mem_2', ...madeIn(byKumo) };
    const found = auditModel(database.connection).find(filter).hint(OF_MEMBER);
    const plan = await found.explain('queryPlanner');
    expect(JSON.stringify(plan)).toContain('facts.memberId_1_at_-1__id_-1');
    expect(JSON.stringify(plan)).not.toContain('COLLSCAN');
  });

  it('answers when the facts of the logins are gone, and as they did', async () => {
    const cohort = { from: new Date(START - DAY) };
    const asked = [{}, { clients: ['nobody'] }, { until: new Date(START - 1_000) }].map((told) =>
      cohortSchema.parse({ ...cohort, ...told }),
    );
    const answers = (now: Date) =>
      Promise.all(asked.map((one) => stores.logins.hasLoggedIn('mem_2', one, now)));
    expect(await answers(clock.now())).toEqual([true, false, false]);
    await loginRecordModel(database.connection).deleteMany({ memberId: 'mem_2' });
    const later = new Date(clock.now().getTime() + 46 * DAY);
    expect(await answers(later)).toEqual([true, false, false]);
  });
});
