import { credit, debit, openLedger, prepareLedger, walletAccount } from '@7pay/ledger';
import { unitOfWork } from '@7pay/mongo';
import { isRefused } from '@7pay/refusals';
import { type TestDatabase, testDatabase } from '@7pay/testing';
import { fixedClock } from '@7pay/time';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareWallet } from '../prepare.ts';
import { importResultFile } from './import-result-file.ts';
import { ownTopUps } from './own-top-ups.store.ts';
import { reconciliationStore } from './reconciliation.store.ts';
import { ResultFileRejected } from './result-file.ts';

const HEAD = 'ourId,theirId,kind,amount,businessDate';
let database: TestDatabase;
const clock = fixedClock('2019-07-02T00:00:00Z');
beforeAll(async () => {
  database = await testDatabase('reconciliation');
  await prepareLedger(database.connection);
  await prepareWallet(database.connection);
  const ledger = openLedger(database.connection);
  const inUnit = unitOfWork(database.connection, { deadlineMs: 10_000 });
  await inUnit((session) =>
    ledger.openAccount(session, {
      id: walletAccount('wal_1'),
      kind: 'USER_WALLET',
      currency: 'JPY',
      owner: 'mem_1',
      wallet: 'wal_1',
      cap: null,
    }),
  );
  // 1 July in Tokyo begins on 30 June at 15:00 UTC.
  const booked = [
    ['top_a', 3_000, '2019-06-30T15:00:00Z'],
    ['top_b', 1_000, '2019-07-01T03:00:00Z'],
    ['top_late', 2_000, '2019-07-01T15:00:00Z'],
  ] as const;
  for (const [id, amount, at] of booked) {
    await inUnit((session) =>
      ledger.post(session, {
        id: `${id}:settle`,
        kind: 'TOP_UP',
        wallet: 'wal_1',
        at: new Date(at),
        legs: [
          debit('register-cash:sto_1', amount),
          credit(walletAccount('wal_1'), amount, { origin: 'cash' }),
        ],
        generation: 1,
        ref: { topUpId: id },
      }),
    );
  }
});
afterAll(() => database.drop());

const store = () => reconciliationStore(database.connection, null);
const importing = (of = store()) => importResultFile(of, ownTopUps(database.connection), clock);
const queue = async () => (await store().queue('OPEN', { limit: 50, after: null })).rows;
const file = Buffer.from(
  [HEAD, 'top_a,T1,TAKEN,3000,2019-07-01', 'top_x,T2,TAKEN,500,2019-07-01', 'END,2,3500', ''].join(
    '\r\n',
  ),
);
const book = async (
  id: string,
  kind: 'TOP_UP' | 'TOP_UP_REVERSAL' | 'SUSPENSE',
  { from, to, at }: { from: string; to: string; at: string },
) => {
  const wallet = walletAccount('wal_1');
  const lots = { origin: 'cash' } as const;
  const entry = await unitOfWork(database.connection, { deadlineMs: 10_000 })((session) =>
    openLedger(database.connection).post(session, {
      id,
      kind,
      wallet: 'wal_1',
      at: new Date(at),
      legs: [debit(from, 4_000), credit(to, 4_000, to === wallet ? lots : {})],
      generation: 1,
      ref: { topUpId: id.split(':')[0]! },
    }),
  );
  expect(isRefused(entry)).toBe(false);
};
/** What a file of cash machines comes to, each line of 4,000 yen. */
const told = async (date: string, rows: readonly string[], of = store()) => {
  const lines = rows.map((row) => `${row},4000,${date}`);
  const bytes = Buffer.from(
    [HEAD, ...lines, `END,${rows.length},${rows.length * 4_000}`, ''].join('\n'),
  );
  return (await importing(of)({ party: 'ATM', name: `atm-${date}.csv`, bytes })).counts;
};
const given = { party: 'REGISTER' as const, name: 'registers-2019-07-01.csv', bytes: file };

describe('a result file that is imported', () => {
  it('is compared with the journal of its business dates: matched, or an exception', async () => {
    const answers = await Promise.all(Array.from({ length: 3 }, () => importing()(given)));
    for (const { counts } of answers) {
      expect(counts).toEqual({ MATCHED: 1, UNKNOWN_TO_US: 1, MISSING_THERE: 1 });
    }
    expect(
      (await queue()).map((each) => [each.class, each.ourId, each.theirs, each.ours]).sort(),
    ).toEqual([
      ['MISSING_THERE', 'top_b', null, 1_000],
      ['UNKNOWN_TO_US', 'top_x', 500, null],
    ]);
  });

  it('a second time, or by several at once, changes nothing', async () => {
    const before = await queue();
    const answers = await Promise.allSettled(Array.from({ length: 3 }, () => importing()(given)));
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    expect(await queue()).toEqual(before);
  });

  it('is finished by the next import when a process died on the way', async () => {
    const bytes = Buffer.from([HEAD, 'top_b,T9,TAKEN,999,2019-07-01', 'END,1,999', ''].join('\n'));
    const dying = { ...store(), insert: async () => Promise.reject(new Error('killed')) };
    const half = importResultFile(dying, ownTopUps(database.connection), clock);
    await expect(half({ ...given, bytes })).rejects.toThrow('killed');
    const after = await queue();
    const { counts } = await importing()({ ...given, bytes });
    // top_a was matched by another file of that day, and this one says it no more.
    expect(counts).toEqual({ AMOUNT_DIFFERS: 1, MISSING_THERE: 1 });
    expect(await queue()).toEqual(after);
  });

  it('knows what was booked on another date: unasked, and given back when a case was resolved', async () => {
    const wallet = walletAccount('wal_1');
    const atm = 'atm-cash:atm_1';
    await book('top_back:settle', 'TOP_UP', { from: atm, to: wallet, at: '2019-07-03T03:00:00Z' });
    const unasked = { from: atm, to: 'suspense:top-up:top_un', at: '2019-07-05T02:00:00Z' };
    await book('top_un:unasked', 'SUSPENSE', unasked);
    await book('top_back:resolve', 'TOP_UP_REVERSAL', {
      from: wallet,
      to: atm,
      at: '2019-07-05T03:00:00Z',
    });
    // What was given back on another date is for the file of that date to tell.
    expect(await told('2019-07-03', ['top_back,A1,TAKEN'])).toEqual({ MATCHED: 1 });
    expect(await told('2019-07-04', ['top_un,A3,TAKEN'])).toEqual({ MATCHED: 1 });
    expect(await told('2019-07-05', ['top_un,A4,TAKEN'])).toEqual({ DOUBLED: 1, MISSING_THERE: 1 });
    expect(await told('2019-07-06', ['top_back,A2,RETURNED'])).toEqual({ MATCHED: 1 });
  });

  it('knows a return that its second case decided, and what was taken back from the party', async () => {
    const [wallet, atm, suspense] = [
      walletAccount('wal_1'),
      'atm-cash:atm_1',
      'suspense:top-up:top_2nd',
    ];
    const on = (day: number) => `2019-07-${day}T03:00:00Z`;
    await book('top_2nd:settle', 'SUSPENSE', { from: atm, to: suspense, at: on(20) });
    await book('top_2nd:resolve', 'TOP_UP', { from: suspense, to: wallet, at: on(21) });
    await book('top_2nd:resolve:2', 'TOP_UP_REVERSAL', { from: wallet, to: atm, at: on(22) });
    expect(await told('2019-07-23', ['top_2nd,S1,RETURNED'])).toEqual({ MATCHED: 1 });
    await book('top_anew:settle', 'SUSPENSE', { from: atm, to: suspense, at: on(24) });
    await book('top_anew:resolve', 'SUSPENSE', { from: suspense, to: atm, at: on(24) });
    await book('top_anew:resolve:2', 'TOP_UP', { from: atm, to: wallet, at: on(24) });
    expect(await told('2019-07-24', ['top_anew,S2,TAKEN'])).toEqual({ MATCHED: 1 });
  });

  describe('of what an earlier file matched', () => {
    const atm = 'atm-cash:atm_1';
    const wallet = walletAccount('wal_1');
    const night = ['top_night,N1,TAKEN'];

    it('says DOUBLED when it is claimed again, and never that it is missing', async () => {
      // Booked half an hour after midnight in Tokyo; the machine had closed its day already or not yet.
      const at = '2019-07-09T15:30:00Z';
      await book('top_night:settle', 'TOP_UP', { from: atm, to: wallet, at });
      expect(await told('2019-07-09', night)).toEqual({ MATCHED: 1 });
      expect(await told('2019-07-10', ['top_none,N2,TAKEN'])).toEqual({ UNKNOWN_TO_US: 1 });
      expect(await told('2019-07-10', night)).toEqual({ DOUBLED: 1 });
      expect(await told('2019-07-10', ['top_night,N3,RETURNED'])).toEqual({ NOT_BOOKED: 1 });
    });

    it('misses what a corrected file of the same day says no more', async () => {
      const at = '2019-07-25T03:00:00Z';
      await book('top_stays:settle', 'TOP_UP', { from: atm, to: wallet, at });
      await book('top_goes:settle', 'TOP_UP', { from: atm, to: wallet, at });
      const rows = ['top_stays,C1,TAKEN', 'top_goes,C2,TAKEN'];
      expect(await told('2019-07-25', rows)).toEqual({ MATCHED: 2 });
      const corrected = await told('2019-07-25', rows.slice(0, 1));
      expect(corrected).toEqual({ DOUBLED: 1, MISSING_THERE: 1 });
      expect((await queue()).filter(({ ourId }) => ourId === 'top_goes')).toHaveLength(1);
    });

    it('says so of a given-back amount, and of another amount, too', async () => {
      const at = '2019-07-11T03:00:00Z';
      await book('top_twice:settle', 'TOP_UP', { from: atm, to: wallet, at });
      await book('top_twice:resolve', 'TOP_UP_REVERSAL', { from: wallet, to: atm, at });
      const both = ['top_twice,D1,TAKEN', 'top_twice,D2,RETURNED'];
      expect(await told('2019-07-11', both)).toEqual({ MATCHED: 2 });
      const bytes = Buffer.from(
        [HEAD, 'top_twice,D3,RETURNED,3999,2019-07-12', 'END,1,3999', ''].join('\n'),
      );
      const { counts } = await importing()({ party: 'ATM', name: 'other', bytes });
      expect(counts).toEqual({ DOUBLED: 1 });
    });

    it('matches it for one of several files at once, and for a file that is repeated', async () => {
      const at = '2019-07-13T03:00:00Z';
      await book('top_race:settle', 'TOP_UP', { from: atm, to: wallet, at });
      const files = ['R1', 'R2', 'R3'].map((theirs) => [`top_race,${theirs},TAKEN`]);
      const dying = { ...store(), insert: async () => Promise.reject(new Error('killed')) };
      const died = await Promise.allSettled(files.map((rows) => told('2019-07-13', rows, dying)));
      expect(died.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
      const counts: unknown[] = [];
      for (const rows of files) counts.push(await told('2019-07-13', rows));
      expect(counts.filter((each) => JSON.stringify(each) === '{"MATCHED":1}')).toHaveLength(1);
      expect(counts.filter((each) => JSON.stringify(each) === '{"DOUBLED":1}')).toHaveLength(2);
    });
  });

  it('that is cut off is rejected, and nothing is noted', async () => {
    const before = await queue();
    const bytes = file.subarray(0, file.length - 8);
    await expect(importing()({ ...given, bytes })).rejects.toThrow(ResultFileRejected);
    expect(await queue()).toEqual(before);
  });

  it('of another party looks at the accounts of that party alone', async () => {
    const { counts } = await importing()({ ...given, party: 'ATM' });
    expect(counts).toEqual({ UNKNOWN_TO_US: 2 });
  });

  it('has exceptions that are resolved once, with who and why', async () => {
    const [first] = await queue();
    const by = { resolvedBy: 'mem_ops', resolvedAt: clock.now(), note: 'called the store' };
    await store().resolve(first!.id, by);
    await expect(store().resolve(first!.id, by)).rejects.toThrow('resolved once');
    expect(await store().findException(first!.id)).toMatchObject({ state: 'RESOLVED', ...by });
  });
});
