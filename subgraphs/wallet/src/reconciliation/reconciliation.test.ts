import type { BusinessDate } from '@7pay/time';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare, type OwnRecord } from './reconciliation.ts';
import { readResultFile, ResultFileRejected } from './result-file.ts';

const DAY = '2019-07-01' as BusinessDate;
const HEAD = 'ourId,theirId,kind,amount,businessDate';
const line = (ourId: string, amount: number, kind = 'TAKEN') =>
  `${ourId},T-${ourId},${kind},${amount},${DAY}`;
const wholeOf = (cell = '') => (/^\d+$/.test(cell) ? Number(cell) : 0);
function fileOf(rows: readonly string[], lineFeed = '\n'): Buffer {
  const sum = rows.reduce((total, row) => total + wholeOf(row.split(',')[3]), 0);
  return Buffer.from([HEAD, ...rows, `END,${rows.length},${sum}`, ''].join(lineFeed));
}
const own = (id: string, taken: number, more: Partial<OwnRecord> = {}): OwnRecord => ({
  id,
  taken,
  returned: 0,
  businessDate: DAY,
  decided: true,
  ...more,
});

describe('a result file', () => {
  it.each([
    ['LF', fileOf([line('top_1', 1_000)])],
    ['CRLF', fileOf([line('top_1', 1_000)], '\r\n')],
    [
      'a mark of UTF-8',
      Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), fileOf([line('top_1', 1_000)])]),
    ],
  ])('with %s is read', (_, bytes) => {
    expect(readResultFile(bytes)).toMatchObject({
      lines: [{ number: 2, ourId: 'top_1', amount: 1_000, businessDate: DAY }],
      unreadable: [],
    });
  });

  it('in Shift_JIS is read, and says of a line with other signs that it is none', () => {
    const rows = [
      Buffer.from(`${HEAD}\r\n`),
      Buffer.from([0x83, 0x5a, 0x83, 0x75, 0x83, 0x93]),
      Buffer.from(`,T,TAKEN,1,${DAY}\r\nEND,1,1\r\n`),
    ];
    expect(readResultFile(Buffer.concat(rows))).toEqual({
      lines: [],
      unreadable: [{ number: 2, reason: 'our id is none' }],
    });
  });

  it.each([
    ['another head', Buffer.from(`ourId,amount\nEND,0,0\n`), 'the head'],
    ['a missing end', Buffer.from(`${HEAD}\n${line('top_1', 1)}\n`), 'cut off'],
    ['a missing line', Buffer.from(`${HEAD}\n${line('top_1', 1)}\nEND,2,2\n`), 'the end counts 2'],
    ['another sum', Buffer.from(`${HEAD}\n${line('top_1', 1)}\nEND,1,2\n`), 'the end says 2'],
    ['no text', Buffer.from([0xff, 0xfe, 0x00, 0x80, 0xfd]), 'neither UTF-8'],
    ['nothing', Buffer.alloc(0), 'the head'],
  ])('with %s is rejected as a whole', (_, bytes, words) => {
    expect(() => readResultFile(bytes)).toThrow(ResultFileRejected);
    expect(() => readResultFile(bytes)).toThrow(words);
  });

  it.each([
    ['a shifted line', `T-1,top_1,TAKEN,1,${DAY}`, 'our id is none'],
    ['one cell more', `${line('top_1', 1)},`, '6 cells instead of 5'],
    ['a fraction', `top_1,T,TAKEN,1.5,${DAY}`, 'whole number'],
    ['zero', `top_1,T,TAKEN,0,${DAY}`, 'whole number'],
    ['full-width digits', `top_1,T,TAKEN,１,${DAY}`, 'whole number'],
    ['a day that is none', 'top_1,T,TAKEN,1,2019-02-29', 'the date is none'],
    ['another kind', `top_1,T,SOLD,1,${DAY}`, 'TAKEN nor RETURNED'],
  ])('names %s and reads the others', (_, row, reason) => {
    const file = readResultFile(fileOf([row, line('top_2', 5)]));
    expect(file.lines.map(({ ourId }) => ourId)).toEqual(['top_2']);
    expect(file.unreadable[0]?.reason).toContain(reason);
  });
});

describe('a comparison', () => {
  const classesOf = (rows: readonly string[], records: readonly OwnRecord[]) =>
    compare(readResultFile(fileOf(rows)), records).map((each) => each.class);

  it.each<[string, string[], OwnRecord[], string[]]>([
    ['the same on both sides', [line('top_1', 5)], [own('top_1', 5)], ['MATCHED']],
    ['another amount', [line('top_1', 6)], [own('top_1', 5)], ['AMOUNT_DIFFERS']],
    ['what we do not know', [line('top_9', 6)], [], ['UNKNOWN_TO_US']],
    ['what we did not book', [line('top_1', 6)], [own('top_1', 0)], ['NOT_BOOKED']],
    [
      'a line twice',
      [line('top_1', 5), line('top_1', 5)],
      [own('top_1', 5)],
      ['MATCHED', 'DOUBLED'],
    ],
    [
      'what only we know',
      [line('top_1', 5)],
      [own('top_1', 5), own('top_2', 7)],
      ['MATCHED', 'MISSING_THERE'],
    ],
    ['what waits', [line('top_1', 5)], [own('top_1', 0, { decided: false })], ['UNDECIDED']],
    [
      'what was given back',
      [line('top_1', 5), line('top_1', 5, 'RETURNED')],
      [own('top_1', 5, { returned: 5 })],
      ['MATCHED', 'MATCHED'],
    ],
    [
      'what only we gave back',
      [line('top_1', 5)],
      [own('top_1', 5, { returned: 5 })],
      ['MATCHED', 'MISSING_THERE'],
    ],
    [
      'what we gave back on another day',
      [line('top_1', 5)],
      [own('top_1', 5, { returned: 5, returnedOn: '2019-07-02' as BusinessDate })],
      ['MATCHED'],
    ],
    [
      'what we gave back on the day, taken on another',
      [line('top_1', 5)],
      [
        own('top_1', 5),
        own('top_2', 7, {
          businessDate: '2019-06-30' as BusinessDate,
          returned: 7,
          returnedOn: DAY,
        }),
      ],
      ['MATCHED', 'MISSING_THERE'],
    ],
    [
      'another day of ours',
      [line('top_1', 5)],
      [own('top_1', 5), own('top_2', 7, { businessDate: '2019-07-02' as BusinessDate })],
      ['MATCHED'],
    ],
  ])('of %s', (_, rows, records, classes) => {
    expect(classesOf(rows, records)).toEqual(classes);
  });

  it('leaves no line and no record of the day unsaid, whatever is lost, doubled or changed', () => {
    const ids = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 15 });
    fc.assert(
      fc.property(
        ids,
        ids,
        fc.array(fc.nat({ max: 14 }), { maxLength: 4 }),
        (theirs, ours, doubled) => {
          const rows = theirs.map((id) => line(`top_${id}`, id * 10));
          const all = [...rows, ...doubled.flatMap((index) => rows[index] ?? [])];
          const records = ours.map((id) => own(`top_${id}`, id * 10));
          const found = compare(readResultFile(fileOf(all)), records);
          expect(found.filter(({ number }) => number !== null)).toHaveLength(all.length);
          const named = new Set(found.map(({ ourId }) => ourId));
          if (all.length > 0) for (const { id } of records) expect(named.has(id)).toBe(true);
          const matched = found.filter((each) => each.class === 'MATCHED').length;
          expect(matched).toBe(theirs.filter((id) => ours.includes(id)).length);
        },
      ),
    );
  });
});
