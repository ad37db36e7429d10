import assert from 'node:assert/strict';
import type { BankAccount, BankAccountKind } from './bank-account.ts';
import { bytesOf, zenginText } from './zengin-text.ts';

/** Who orders the transfers, and from which account they are paid. */
export interface Sender {
  /** 委託者コード, ten digits that the bank gave us. */
  readonly code: string;
  /** At most 40 bytes as Zengin text. */
  readonly nameKana: string;
  readonly account: Pick<BankAccount, 'bankCode' | 'branchCode' | 'kind' | 'number'>;
}

/** One transfer. */
export interface Transfer {
  readonly account: BankAccount;
  /** Yen, at most ten digits. */
  readonly amount: number;
  /** Twenty digits that the bank gives back. */
  readonly reference: string;
}

/** What one file orders. */
export interface TransferOrder {
  readonly sender: Sender;
  /** The bank day on which the money moves, `YYYY-MM-DD`; the file holds month and day alone. */
  readonly transferDate: string;
  readonly transfers: readonly Transfer[];
}

export const MOST_AMOUNT = 9_999_999_999;
export const MOST_TRANSFERS = 999_999;
const MOST_TOTAL = 999_999_999_999;
export const RECORD_BYTES = 120;
export const KIND_DIGITS: Readonly<Record<BankAccountKind, string>> = {
  ORDINARY: '1',
  CURRENT: '2',
  SAVINGS: '4',
};

/** A field of a record: digits fill up with zeros in front, text with blanks behind. */
const digits = (value: number | string, width: number): string => {
  const text = String(value);
  assert(/^\d+$/.test(text) && text.length <= width, `no number of ${width} digits`);
  return text.padStart(width, '0');
};
const words = (text: string, width: number): string => {
  const written = zenginText(text);
  assert(written !== null && written.length <= width, `no Zengin text of ${width} bytes`);
  return written.padEnd(width, ' ');
};
const blank = (width: number): string => ' '.repeat(width);

/**
 * The file of general transfers (総合振込, type code 21): the same order gives the same bytes, whenever it is written.
 * @throws AssertionError when something does not fit into the form; who orders has checked it before
 */
export function writeTransferFile({ sender, transferDate, transfers }: TransferOrder): Buffer {
  assert(transfers.length > 0 && transfers.length <= MOST_TRANSFERS, 'a file holds transfers');
  const total = transfers.reduce((sum, { amount }) => sum + amount, 0);
  assert(total <= MOST_TOTAL, 'the sum of a file has twelve digits');
  const records = [
    headerOf(sender, transferDate),
    ...transfers.map(dataOf),
    `8${digits(transfers.length, 6)}${digits(total, 12)}${blank(101)}`,
    `9${blank(119)}`,
  ];
  for (const record of records) assert.equal(record.length, RECORD_BYTES, 'a record has 120 bytes');
  return bytesOf(records.map((record) => `${record}\r\n`).join(''));
}

function headerOf({ code, nameKana, account }: Sender, transferDate: string): string {
  const [, month = '', day = ''] = transferDate.split('-');
  return [
    '1',
    '21',
    '0', // JIS
    digits(code, 10),
    words(nameKana, 40),
    digits(month, 2),
    digits(day, 2),
    digits(account.bankCode, 4),
    blank(15),
    digits(account.branchCode, 3),
    blank(15),
    KIND_DIGITS[account.kind],
    digits(account.number, 7),
    blank(17),
  ].join('');
}

function dataOf({ account, amount, reference }: Transfer): string {
  assert(Number.isSafeInteger(amount) && amount > 0 && amount <= MOST_AMOUNT, 'no amount');
  return [
    '2',
    digits(account.bankCode, 4),
    blank(15),
    digits(account.branchCode, 3),
    blank(15),
    blank(4), // 手形交換所番号
    KIND_DIGITS[account.kind],
    digits(account.number, 7),
    words(account.holderKana, 30),
    digits(amount, 10),
    '0', // 新規コード: その他
    digits(reference, 20),
    blank(1), // 振込指定区分
    blank(1), // 識別表示: the customer codes are codes
    blank(7),
  ].join('');
}
