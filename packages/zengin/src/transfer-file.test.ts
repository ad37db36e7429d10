import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BankAccount, bankAccountOf, maskedNumber } from './bank-account.ts';
import { readTransferFile, TransferFileWrong } from './read-transfer-file.ts';
import { MOST_AMOUNT, type Sender, writeTransferFile } from './transfer-file.ts';
import { zenginText } from './zengin-text.ts';

const given = {
  bankCode: '0034',
  branchCode: '001',
  kind: 'ORDINARY',
  number: '0012345',
  holderKana: 'カ)アオバショップ',
};
const account = bankAccountOf(given) as BankAccount;
const sender: Sender = {
  code: '0000012345',
  nameKana: 'カ)セブンペイ',
  account: { bankCode: '0034', branchCode: '101', kind: 'CURRENT', number: '7654321' },
};
const order = {
  sender,
  transferDate: '2019-07-02',
  transfers: [{ account, amount: 14_850, reference: '20190702010000000001' }],
};

describe('Zengin text', () => {
  it.each([
    ['ガギグ', 'ｶﾞｷﾞｸﾞ'],
    ['パーティー', 'ﾊﾟ-ﾃｲ-'],
    ['ショップ　ヴィ', 'ｼﾖﾂﾌﾟ ｳﾞｲ'],
    ['カ）アオバ', 'ｶ)ｱｵﾊﾞ'],
    ['ｶ)ｱｵﾊﾞ', 'ｶ)ｱｵﾊﾞ'],
    ['ａｂｃ １２３', 'ABC 123'],
    ['青葉', null],
    ['あおば', null],
    ['A_B', null],
    ['ABC\n', null],
  ])('of %j is %j', (text, written) => {
    expect(zenginText(text)).toBe(written);
  });
});

describe('a bank account', () => {
  it.each([
    ['bankCode', '34'],
    ['bankCode', '0000'],
    ['bankCode', '００３４'],
    ['branchCode', '0001'],
    ['kind', 'OTHER'],
    ['number', '12345'],
    ['number', '1234567a'],
    ['number', '0000000'],
    ['holderKana', '青葉'],
    ['holderKana', '  '],
    ['holderKana', 'ガ'.repeat(16)],
  ])('is wrong in %s when it is %j', (field, value) => {
    expect(bankAccountOf({ ...given, holderKana: 'カ', [field]: value })).toEqual([field]);
  });

  it('is shown by its last three digits', () => {
    expect(maskedNumber(account)).toBe('****345');
  });
});

describe('a file of transfers', () => {
  it('has four kinds of records of 120 bytes, each with CRLF', () => {
    const bytes = writeTransferFile(order);
    expect(bytes.length).toBe(4 * 122);
    const lines = new TextDecoder('shift_jis').decode(bytes).split('\r\n');
    expect(lines).toEqual([
      `12100000012345${'ｶ)ｾﾌﾞﾝﾍﾟｲ'.padEnd(40)}07020034${' '.repeat(15)}101${' '.repeat(15)}27654321${' '.repeat(17)}`,
      `20034${' '.repeat(15)}001${' '.repeat(19)}10012345${'ｶ)ｱｵﾊﾞｼﾖﾂﾌﾟ'.padEnd(30)}0000014850020190702010000000001${' '.repeat(9)}`,
      `8000001000000014850${' '.repeat(101)}`,
      `9${' '.repeat(119)}`,
      '',
    ]);
  });

  it('says what it was told, whatever it is, and the same bytes each time', () => {
    const accounts = fc
      .record({
        bankCode: fc.integer({ min: 1, max: 9_999 }).map((code) => String(code).padStart(4, '0')),
        branchCode: fc.integer({ min: 0, max: 999 }).map((code) => String(code).padStart(3, '0')),
        kind: fc.constantFrom('ORDINARY', 'CURRENT', 'SAVINGS'),
        number: fc.integer({ min: 1, max: 9_999_999 }).map((n) => String(n).padStart(7, '0')),
        holderKana: fc.stringMatching(/^[ア-ヲA-Z0-9]{1,15}$/),
      })
      .map((each) => bankAccountOf(each))
      .filter((each): each is BankAccount => !Array.isArray(each));
    const transfer = fc.record({
      account: accounts,
      amount: fc.integer({ min: 1, max: MOST_AMOUNT }),
      reference: fc.bigInt({ min: 0n, max: 10n ** 20n - 1n }).map((n) => `${n}`.padStart(20, '0')),
    });
    fc.assert(
      fc.property(fc.array(transfer, { minLength: 1, maxLength: 20 }), (transfers) => {
        const bytes = writeTransferFile({ ...order, transfers });
        const read = readTransferFile(bytes);
        expect(read.transfers).toEqual(transfers);
        expect(read.monthAndDay).toBe('0702');
        expect(writeTransferFile({ ...order, transfers })).toEqual(bytes);
      }),
    );
  });

  it.each([
    ['is cut off', (bytes: Buffer) => bytes.subarray(0, -1)],
    [
      'lacks a transfer',
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 122), bytes.subarray(244)]),
    ],
    [
      'has another amount',
      (bytes: Buffer) =>
        Buffer.from(bytes.toString('latin1').replace('0000014850020', '0000014851020'), 'latin1'),
    ],
    [
      'ends its lines otherwise',
      (bytes: Buffer) => Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n\n'), 'latin1'),
    ],
  ])('that %s is refused', (_, spoilt) => {
    expect(() => readTransferFile(spoilt(writeTransferFile(order)))).toThrow(TransferFileWrong);
  });

  it.each([0, -1, 0.5, MOST_AMOUNT + 1])('never holds an amount of %d', (amount) => {
    expect(() =>
      writeTransferFile({ ...order, transfers: [{ ...order.transfers[0]!, amount }] }),
    ).toThrow();
  });
});
