import { isRefused } from '@7pay/refusals';
import type { BusinessDate } from '@7pay/time';
import { describe, expect, it } from 'vitest';
import { pdfText } from '../testing/pdf-text.ts';
import type { Movement } from './movement.ts';
import { statementCsv } from './statement-csv.ts';
import { statementPdf } from './statement-pdf.ts';
import { monthSpan, type Statement, statementOf } from './statement.ts';

const aMovement = (change: Partial<Movement>): Movement => ({
  id: 'top_1:settle',
  seq: 1,
  kind: 'TOP_UP',
  amount: 5_000,
  balanceAfter: 8_000,
  at: new Date('2019-07-01T03:00:00Z'),
  businessDate: '2019-07-01' as BusinessDate,
  paymentId: null,
  topUpId: 'top_1',
  storeId: 'sto_1',
  merchantId: null,
  ...change,
});
const paid = aMovement({
  id: 'pay_1:accept',
  seq: 2,
  kind: 'PAYMENT',
  amount: -1_080,
  balanceAfter: 6_920,
  at: new Date('2019-07-02T15:30:00Z'),
  businessDate: '2019-07-03' as BusinessDate,
  paymentId: 'pay_1',
  topUpId: null,
  storeId: 'sto_2',
});
const told = { walletId: 'wal_1', month: '2019-07', opening: 3_000, closing: 6_920 };
const july = statementOf(told, [aMovement({}), paid]);
const names = new Map([
  ['sto_1', 'セブン‐イレブン 千代田店'],
  ['sto_2', '=HYPERLINK("http://x","雑貨, 店")'],
]);
const empty: Statement = { ...told, opening: 3_000, closing: 3_000, movements: [] };

describe('a statement', () => {
  it('is refused by its own sums when one yen is wrong', () => {
    expect(() => statementOf({ ...told, closing: 6_921 }, july.movements)).toThrow('closing');
    expect(() => statementOf({ ...told, opening: 3_001 }, july.movements)).toThrow('each balance');
    expect(() => statementOf(told, [paid])).toThrow('each balance');
  });

  it('is of a month of Japan', () => {
    expect(monthSpan('2019-12')).toEqual({
      month: '2019-12',
      from: new Date('2019-11-30T15:00:00Z'),
      until: new Date('2019-12-31T15:00:00Z'),
    });
    for (const month of ['2019-13', '2018-12', '2019-7', '201907', '２０１９-07', '']) {
      expect(() => monthSpan(month)).toThrow('YYYY-MM');
    }
  });
});

describe('a statement as CSV', () => {
  it('has a byte order mark, CRLF, plain digits, and no cell that is a formula', () => {
    expect(statementCsv(july, names, 'ja')).toBe(
      [
        '\uFEFF日付,時刻,内容,店舗,金額（円）,残高（円）,番号',
        '2019-07-01,,月初残高,,,3000,',
        '2019-07-01,12:00:00,チャージ,セブン‐イレブン 千代田店,5000,8000,top_1',
        `2019-07-03,00:30:00,お支払い,"'=HYPERLINK(""http://x"",""雑貨, 店"")",-1080,6920,pay_1`,
        ',,月末残高,,,6920,',
        '',
      ].join('\r\n'),
    );
  });

  it.each(['=1+1', '+1', '-1', '@A1', '\tx', '＝１', '\n=1+1'])(
    'guards a store called %j',
    (name) => {
      const csv = statementCsv(july, new Map([['sto_1', name]]), 'en');
      expect(csv).toContain(`"'${name}"`);
    },
  );

  it('says of a month with nothing what was in the wallet', () => {
    expect(statementCsv(empty, names, 'en').split('\r\n').slice(1)).toEqual([
      '2019-07-01,,Opening balance,,,3000,',
      ',,Closing balance,,,3000,',
      '',
    ]);
  });
});

describe('a statement as PDF', () => {
  it('says the same in Japanese, and is the same file each time', async () => {
    const pdf = await statementPdf(july, names, 'ja');
    expect(pdf.equals(await statementPdf(july, names, 'ja'))).toBe(true);
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    const text = pdfText(pdf).join(' ').replaceAll(/\s+/g, ' ');
    expect(text).toContain('7pay ご利用明細 2019-07');
    expect(text).toContain('月初残高 3,000');
    expect(text).toContain('12:00:00 チャージ セブン‐イレブン 千代田店 5,000 8,000');
    expect(text).toContain('-1,080 6,920 月末残高 6,920');
  });

  it('embeds the glyphs that are used and no others', async () => {
    const pdf = await statementPdf(july, names, 'ja');
    expect(pdf.length).toBeLessThan(60_000); // the font file has 5 million bytes
    expect(pdf.toString('latin1')).toMatch(/\/FontFile2/);
  });

  it('goes on over pages, and stays small enough to be an answer', async () => {
    const rows = Array.from({ length: 1_000 }, (_, index) =>
      aMovement({ seq: index + 1, amount: 1, balanceAfter: index + 1 }),
    );
    const long = statementOf({ ...told, opening: 0, closing: 1_000 }, rows);
    const pdf = await statementPdf(long, names, 'en');
    expect(pdf.toString('latin1').match(/\/Type \/Page\n/g)?.length).toBeGreaterThan(20);
    expect(pdf.length).toBeLessThan(1_000_000);
    expect(isRefused(long)).toBe(false);
  });
});
