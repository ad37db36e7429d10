import { fixedControls } from '@7pay/controls';
import { verifyBooks } from '@7pay/ledger';
import { isRefused } from '@7pay/refusals';
import type { BusinessDate } from '@7pay/time';
import { type BankAccount, readTransferFile, type Sender } from '@7pay/zengin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reconciliationStore } from '../reconciliation/reconciliation.store.ts';
import { ResultFileRejected } from '../reconciliation/result-file.ts';
import { settledWorld, type SettledWorld } from '../settlement/testing/settled-world.ts';
import { verifySettlements } from '../settlement/verify-settlements.ts';
import { decideReturn } from './decide-return.ts';
import { importPayoutResults } from './import-payout-results.ts';
import type { Payout } from './payout.ts';
import { type PayoutFile, PayoutFileWrong } from './payout-file.ts';
import { payoutStore } from './payout.store.ts';
import { approvePayoutFile, preparePayoutFile } from './prepare-payout-file.ts';
import { memoryShelf } from './testing/memory-shelf.ts';
import { releasePayoutFile } from './release-payout-file.ts';
import { type FileShelf, writePayoutFiles } from './write-payout-files.ts';

const sender: Sender = {
  code: '0000012345',
  nameKana: 'カ)セブンペイ',
  account: { bankCode: '0034', branchCode: '101', kind: 'CURRENT', number: '7654321' },
};
const other: Sender = { ...sender, code: '0000099999' };
const account = (number: string): BankAccount => ({
  bankCode: '0034',
  branchCode: '001',
  kind: 'ORDINARY',
  number,
  holderKana: 'ｶ)ｱｵﾊﾞ',
});
const TUESDAY = '2019-07-02' as BusinessDate;
const HEAD = 'ourId,theirId,kind,amount,businessDate';
const controls = fixedControls();
let world: SettledWorld;
beforeAll(async () => {
  world = await settledWorld('payouts');
  await world.settling(async ({ payees }) => {
    await payees.note('mer_a', account('0000001'), world.clock.now());
    await payees.note('mer_b', account('0000002'), world.clock.now());
  });
  for (const [merchant, amount] of [
    ['mer_a', 10_000],
    ['mer_b', 20_000],
    ['mer_none', 5_000],
    ['mer_a', 1_000],
  ] as const) {
    await world.pay(merchant, amount);
  }
  await settled();
});
afterAll(async () => {
  const { connection } = world.database;
  const faults = [
    ...(await verifySettlements(connection)),
    ...(await verifyBooks(connection)).faults,
  ];
  await world.database.drop();
  expect(faults).toEqual([]);
});

/** Closes the day, and begins the next one. */
async function settled() {
  await world.seal();
  await world.collectAll();
  world.nextDay();
  while ((await world.close()).length > 0);
}
const prepare = (transferDate = TUESDAY, by = 'mem_first') =>
  preparePayoutFile(world.settling, controls, world.clock)({ transferDate, by });
const approve = (id: string, by = 'mem_second') =>
  approvePayoutFile(world.settling, controls, world.clock)({ id, by });
const shelf = memoryShelf();
const write = async (from = sender, on: FileShelf = shelf, again?: string) =>
  must(
    await writePayoutFiles(world.settling, controls, on, { sender: from, clock: world.clock })(
      again,
    ),
  );
const writeAgain = (number: string, from = sender) => write(from, shelf, number);
const payouts = () => payoutStore(world.database.connection, null);
const ofMerchant = async (merchantId: string): Promise<Payout[]> => [
  ...(await payouts().page({ merchantId, state: null }, { limit: 50, after: null })).rows,
];
const importing = (store = reconciliationStore(world.database.connection, null)) =>
  importPayoutResults(world.settling, store, () => 1, world.clock);
const results = (lines: readonly string[], sum: number, end = '\n') =>
  Buffer.from([HEAD, ...lines, `END,${lines.length},${sum}`, ''].join(end));
/** Writes a state by hand. */
const said = ({ id }: Payout, state: Payout['state']) =>
  world.settling(async (work) => {
    const payout = (await work.payouts.find(id))!;
    await work.payouts.change(payout, { ...payout, state });
  });
const must = <Value>(value: Value): Exclude<Value, { refused: unknown }> => {
  if (isRefused(value)) throw new Error(String(value.refused));
  return value as Exclude<Value, { refused: unknown }>;
};

describe('a file of payouts', () => {
  let file: PayoutFile;

  it.each([
    ['a day that is over', '2019-07-01'],
    ['a Saturday', '2019-07-06'],
    ['a holiday', '2019-07-15'],
    ['a bank day of another year', '2020-07-02'],
    ['the first bank day behind the thirtieth day', '2019-08-02'],
  ])('is not made for %s', async (_, day) => {
    expect(await prepare(day as BusinessDate)).toMatchObject({ refused: 'NO_BANK_DAY' });
  });

  it('is not made while payouts are stopped', async () => {
    controls.close('payout');
    expect(await prepare()).toMatchObject({
      refused: 'FUNCTION_CLOSED',
      facts: { switch: 'payout' },
    });
    controls.open('payout');
    expect((await ofMerchant('mer_a')).map(({ state }) => state)).toEqual(['DUE']);
  });

  it('takes what is due to merchants with an account, by two people at once too', async () => {
    const made = await Promise.allSettled([prepare(), prepare()]);
    const prepared = made.flatMap((each) =>
      each.status === 'fulfilled' && !isRefused(each.value) ? [each.value] : [],
    );
    expect(prepared.length).toBe(1);
    file = prepared[0]!;
    expect(file).toMatchObject({ number: '2019070201', state: 'PREPARED', count: 2 });
    // 1.5 % of 11,000 and of 20,000
    expect(file.total).toBe(11_000 - 165 + 20_000 - 300);
    expect((await ofMerchant('mer_none')).map(({ state }) => state)).toEqual(['DUE']);
    expect(await prepare()).toMatchObject({ refused: 'NO_PAYOUT_DUE' });
  });

  it.each(['TAKEN', 'RETURNED'])(
    'is booked by no line that says %s before the bank can have it',
    async (kind) => {
      const [a] = await ofMerchant('mer_a');
      const bytes = results([`${a!.id},B1,${kind},${a!.amount},2019-07-02`], a!.amount);
      const { counts } = await importing()({ name: `early-${kind}`, bytes });
      expect(counts).toEqual({ NOT_BOOKED: 1 }); // nor is the other payout missed
      expect(await payouts().find(a!.id)).toEqual(a);
      expect(a!.state).toBe('SENT');
    },
  );

  it('is approved by a second person, once, and not written before', async () => {
    expect(await write()).toEqual([]);
    expect(await approve(file.id, 'mem_first')).toMatchObject({
      refused: 'SECOND_PERSON_REQUIRED',
    });
    controls.close('payout');
    expect(await approve(file.id)).toMatchObject({ refused: 'FUNCTION_CLOSED' });
    controls.open('payout');
    expect(must(await approve(file.id)).state).toBe('APPROVED');
    expect(await approve(file.id)).toMatchObject({ refused: 'PAYOUT_FILE_STATE_WRONG' });
    expect(await approve('pof_none')).toMatchObject({ refused: 'PAYOUT_FILE_STATE_WRONG' });
  });

  it('is booked by no line as long as nobody began to write it', async () => {
    const [a] = await ofMerchant('mer_a');
    for (const kind of ['TAKEN', 'RETURNED']) {
      const bytes = results([`${a!.id},B2,${kind},${a!.amount},2019-07-02`], a!.amount);
      const { counts } = await importing()({ name: `unwritten-${kind}`, bytes });
      expect(counts).toEqual({ NOT_BOOKED: 1 });
    }
    expect(await payouts().find(a!.id)).toEqual(a);
  });

  it('is not written for the first time when a line was booked of it', async () => {
    const [a] = await ofMerchant('mer_a');
    await said(a!, 'RETURNED');
    await expect(write()).rejects.toThrow('2019070201 was answered before it was written');
    expect(await shelf.read('payouts-2019070201.txt')).toBeNull();
    await said(a!, 'SENT');
  });

  it('is not written while payouts are stopped', async () => {
    controls.close('payout');
    await expect(write()).rejects.toThrow('FUNCTION_CLOSED');
    controls.open('payout');
    expect(await shelf.read('payouts-2019070201.txt')).toBeNull();
  });

  it('is written with its counts and sums, and the same bytes each time', async () => {
    expect((await write()).map(({ outcome }) => outcome)).toEqual(['WRITTEN']);
    const first = (await shelf.read('payouts-2019070201.txt'))!;
    const { transfers, monthAndDay } = readTransferFile(first);
    expect(monthAndDay).toBe('0702');
    expect(transfers.map(({ amount, reference }) => [amount, reference]).sort()).toEqual(
      (await payouts().ofFile(file.id))
        .map(({ amount, line }) => [amount, `2019070201${String(line).padStart(10, '0')}`])
        .sort(),
    );
    expect((await write()).map(({ outcome }) => outcome)).toEqual(['THERE_ALREADY']);
  });

  it('that is gone lies there again only when its number is named: the bank may have it', async () => {
    const first = (await shelf.read('payouts-2019070201.txt'))!;
    shelf.lose('payouts-2019070201.txt');
    expect(await write()).toEqual([]);
    expect(await shelf.read('payouts-2019070201.txt')).toBeNull();
    await expect(writeAgain('2019070299')).rejects.toThrow('no file has the number 2019070299');
    expect((await writeAgain('2019070201')).map(({ outcome }) => outcome)).toEqual(['WRITTEN']);
    expect(await shelf.read('payouts-2019070201.txt')).toEqual(first);
  });

  it('overwrites no other file, and never becomes another one', async () => {
    const first = (await shelf.read('payouts-2019070201.txt'))!;
    await shelf.put('payouts-2019070201.txt', Buffer.from('something else'));
    await expect(write()).rejects.toThrow(PayoutFileWrong);
    await shelf.put('payouts-2019070201.txt', first);
  });

  it('keeps the sender with whom it was written, whoever sends now', async () => {
    const first = (await shelf.read('payouts-2019070201.txt'))!;
    expect((await write(other)).map(({ outcome }) => outcome)).toEqual(['THERE_ALREADY']);
    shelf.lose('payouts-2019070201.txt');
    const again = await writeAgain('2019070201', other);
    expect(again.map(({ outcome }) => outcome)).toEqual(['WRITTEN']);
    expect(await shelf.read('payouts-2019070201.txt')).toEqual(first);
  });
});

describe('what the bank says of it', () => {
  const line = (payout: Payout, kind = 'TAKEN', amount = payout.amount) =>
    `${payout.id},B${kind},${kind},${amount},2019-07-02`;

  it('is booked line by line, and what does not match is in the queue', async () => {
    const [a] = await ofMerchant('mer_a');
    const [b] = await ofMerchant('mer_b');
    const [none] = await ofMerchant('mer_none');
    const sum = a!.amount + b!.amount + 1 + none!.amount + 700;
    const bytes = results(
      [
        line(a!),
        line(b!, 'TAKEN', b!.amount + 1),
        line(none!),
        'pot_unknown,X,TAKEN,700,2019-07-02',
      ],
      sum,
      '\r\n',
    );
    const answers = await Promise.all([1, 2].map(() => importing()({ name: 'a', bytes })));
    for (const { counts } of answers) {
      expect(counts).toEqual({
        MATCHED: 1,
        AMOUNT_DIFFERS: 1,
        NOT_BOOKED: 1,
        UNKNOWN_TO_US: 1,
        MISSING_THERE: 1,
      });
    }
    expect((await payouts().find(a!.id))?.state).toBe('PAID');
    expect((await payouts().find(b!.id))?.state).toBe('SENT');
    expect(await importing()({ name: 'again', bytes })).toMatchObject({ name: 'a' });
  });

  it('lets no file lie there again of which a line was booked, named or not', async () => {
    const bytes = (await shelf.read('payouts-2019070201.txt'))!;
    shelf.lose('payouts-2019070201.txt');
    expect(await write()).toEqual([]);
    await expect(writeAgain('2019070201')).rejects.toThrow('2019070201 was answered');
    expect(await shelf.read('payouts-2019070201.txt')).toBeNull();
    await shelf.put('payouts-2019070201.txt', bytes);
  });

  it('is taken in Shift_JIS too, and rejected when its sums are wrong', async () => {
    const [b] = await ofMerchant('mer_b');
    await expect(importing()({ name: 'x', bytes: results([line(b!)], 1) })).rejects.toThrow(
      ResultFileRejected,
    );
    const shiftJis = Buffer.concat([results([line(b!), `${'?'}`], b!.amount)]);
    // A line of half-width kana: bytes that are no UTF-8.
    const at = shiftJis.indexOf('?');
    shiftJis[at] = 0xb1;
    const { counts } = await importing()({ name: 'sjis', bytes: shiftJis });
    expect(counts).toEqual({ MATCHED: 1, UNREADABLE: 1 });
    expect((await payouts().find(b!.id))?.state).toBe('PAID');
    const again = await importing()({ name: 'other bytes', bytes: results([line(b!)], b!.amount) });
    expect(again.counts).toEqual({ DOUBLED: 1 });
  });

  it('a return makes it payable again and pays nothing by itself', async () => {
    const [b] = await ofMerchant('mer_b');
    const bytes = results([line(b!, 'RETURNED')], b!.amount);
    // It dies when the line is booked and the file is not noted.
    const store = reconciliationStore(world.database.connection, null);
    const dying = { ...store, note: async () => Promise.reject(new Error('killed')) };
    await expect(importing(dying)({ name: 'r', bytes })).rejects.toThrow('killed');
    expect((await payouts().find(b!.id))?.state).toBe('RETURNED');
    expect((await importing()({ name: 'r', bytes })).counts).toEqual({ PAYOUT_RETURNED: 1 });
    expect(await prepare('2019-07-03' as BusinessDate)).toMatchObject({ refused: 'NO_PAYOUT_DUE' });
    const queue = await store.queue('OPEN', { limit: 50, after: null });
    expect(queue.rows.filter((each) => each.class === 'PAYOUT_RETURNED')).toHaveLength(1);
  });

  it('and what came back is paid again, or kept, by one decision', async () => {
    const [b] = await ofMerchant('mer_b');
    const decide = (id: string, decision: 'PAY_AGAIN' | 'KEEP') =>
      decideReturn(world.settling, world.clock)({ id, decision, note: 'new account', by: 'mem_1' });
    await world.settling(({ payees }) =>
      payees.note('mer_b', account('0000009'), new Date(world.clock.now().getTime() + 1)),
    );
    const decided = await Promise.all([decide(b!.id, 'PAY_AGAIN'), decide(b!.id, 'PAY_AGAIN')]);
    expect(decided.filter((each) => !isRefused(each))).toHaveLength(1);
    expect(await decide(b!.id, 'KEEP')).toMatchObject({ refused: 'PAYOUT_NOT_RETURNED' });
    const file = must(await prepare('2019-07-03' as BusinessDate));
    expect(file).toMatchObject({ number: '2019070301', count: 1, total: b!.amount });
    const again = (await payouts().ofFile(file.id))[0]!;
    expect(again).toMatchObject({ attempt: 2, account: { number: '0000009' } });
    expect(again.id).not.toBe(b!.id);
  });

  it('what is not approved before its day goes by is prepared again under another day', async () => {
    world.nextDay();
    const [late] = (await world.settling(({ files }) => files.inStates(['PREPARED'])))!;
    world.nextDay(); // 4 July
    expect(await approve(late!.id)).toMatchObject({ refused: 'NO_BANK_DAY' });
    const again = must(await prepare('2019-07-05' as BusinessDate));
    expect(again).toMatchObject({ id: late!.id, number: '2019070501', count: 1 });
    expect(must(await approve(again.id)).state).toBe('APPROVED');
    // It dies when the file lies there and is not marked; the bank has it and answers.
    const dying: FileShelf = {
      ...shelf,
      put: async (name, bytes) => {
        await shelf.put(name, bytes);
        throw new Error('killed');
      },
    };
    const [only] = await payouts().ofFile(again.id);
    await expect(write(sender, dying)).rejects.toThrow('killed');
    await said(only!, 'PAID');
    expect((await write(other)).map(({ outcome }) => outcome)).toEqual([
      'THERE_ALREADY',
      'THERE_ALREADY',
    ]);
    await said(only!, 'SENT');
    const written = await world.settling(({ files }) => files.find(again.id));
    expect(written?.state).toBe('WRITTEN');
  });

  it('what was begun for another day by a process that died has the day that is asked for now', async () => {
    await world.pay('mer_a', 2_000);
    await settled();
    const dying = preparePayoutFile(
      async (body) => {
        const result = await world.settling(body);
        const isStep = typeof result === 'object' && result !== null && 'behind' in result;
        if (isStep) throw new Error('killed');
        return result;
      },
      controls,
      world.clock,
    );
    const begin = dying({ transferDate: '2019-07-09' as BusinessDate, by: 'mem_first' });
    await expect(begin).rejects.toThrow('killed');
    const begun = (await world.settling(({ files }) => files.filling()))!;
    expect(begun).toMatchObject({ number: '2019070901', count: 1 });
    const asked = must(await prepare('2019-07-08' as BusinessDate));
    expect(asked).toMatchObject({ id: begun.id, number: '2019070801', count: 1 });
    // Another file that is wrong does not hold it back.
    must(await approve(asked.id));
    const first = (await shelf.read('payouts-2019070201.txt'))!;
    await shelf.put('payouts-2019070201.txt', Buffer.from('something else'));
    await expect(write()).rejects.toThrow('payouts-2019070201.txt is there and is another file');
    const there = (await shelf.read('payouts-2019070801.txt'))!;
    expect(readTransferFile(there).total).toBe(asked.total);
    await shelf.put('payouts-2019070201.txt', first);
    // The number that was let go is free for a file of that day.
    await world.pay('mer_b', 3_000);
    await settled();
    const next = must(await prepare('2019-07-09' as BusinessDate));
    expect(next).toMatchObject({ number: '2019070901', count: 1 });
    expect(next.id).not.toBe(begun.id);
  });

  it('is the last of a run when payouts are stopped meanwhile', async () => {
    const read: string[] = [];
    const closing: FileShelf = {
      put: (name, bytes) => shelf.put(name, bytes),
      read: (name) => {
        read.push(name);
        controls.close('payout');
        return shelf.read(name);
      },
    };
    await expect(write(sender, closing)).rejects.toThrow('FUNCTION_CLOSED');
    controls.open('payout');
    expect(read).toHaveLength(1);
    expect((await write()).length).toBeGreaterThan(1);
  });

  it('is never asked to pay on a day that went by: what was approved and not written is prepared again', async () => {
    const [late] = (await world.settling(({ files }) => files.inStates(['PREPARED'])))!;
    expect(late).toMatchObject({ number: '2019070901' });
    must(await approve(late!.id));
    for (let day = 6; day < 10; day += 1) world.nextDay();
    await expect(write()).rejects.toThrow('the day of 2019070901 has gone by');
    await expect(writeAgain('2019070901')).rejects.toThrow('has gone by');
    expect(await shelf.read('payouts-2019070901.txt')).toBeNull();
    const again = must(await prepare('2019-07-10' as BusinessDate, 'mem_third'));
    expect(again).toMatchObject({ id: late!.id, number: '2019071001', approvedBy: null });
    expect(await approve(again.id, 'mem_third')).toMatchObject({
      refused: 'SECOND_PERSON_REQUIRED',
    });
    must(await approve(again.id));
  });

  it('is not given what a dead process may have left to it, until a person names the file', async () => {
    const dying: FileShelf = { ...shelf, put: () => Promise.reject(new Error('killed')) };
    await expect(write(sender, dying)).rejects.toThrow('killed');
    await expect(write()).rejects.toThrow('2019071001 may have been taken from the folder');
    expect(await shelf.read('payouts-2019071001.txt')).toBeNull();
    const again = await writeAgain('2019071001', other);
    expect(again.map(({ file, outcome }) => [file.sender, outcome])).toEqual([[sender, 'WRITTEN']]);
  });

  it('is not given one file by two processes at once', async () => {
    world.nextDay(); // 11 July
    await world.pay('mer_a', 4_000);
    await settled();
    must(await approve(must(await prepare('2019-07-12' as BusinessDate)).id));
    const folders = [memoryShelf(), memoryShelf()];
    await Promise.allSettled(folders.map((folder) => write(sender, folder)));
    const files = await Promise.all(folders.map(({ read }) => read('payouts-2019071201.txt')));
    expect(files.filter((bytes) => bytes !== null)).toHaveLength(1);
  });

  it('is given it under another day when it never had it, as a person found out', async () => {
    const release = releasePayoutFile(world.settling, world.clock);
    world.nextDay(); // 12 July
    await world.pay('mer_a', 4_000);
    await settled();
    const file = must(await prepare('2019-07-16' as BusinessDate));
    must(await approve(file.id));
    await expect(release(file.number)).rejects.toThrow('only one that was begun');
    const dying: FileShelf = { ...shelf, put: () => Promise.reject(new Error('killed')) };
    await expect(write(sender, dying)).rejects.toThrow('killed');
    await expect(release(file.number)).rejects.toThrow('has not gone by');
    for (let day = 13; day <= 17; day += 1) world.nextDay();
    await expect(writeAgain(file.number, sender)).rejects.toThrow('has gone by');
    await release(file.number);
    const again = must(await prepare('2019-07-19' as BusinessDate));
    expect(again).toMatchObject({ id: file.id, total: file.total, approvedBy: null, sender: null });
    must(await approve(again.id));
    const written = await write();
    expect(written.map(({ outcome }) => outcome)).toContain('WRITTEN');
    await expect(release(again.number)).rejects.toThrow('WRITTEN');
    await expect(release('2019071299')).rejects.toThrow('no file has the number');
  });
});
