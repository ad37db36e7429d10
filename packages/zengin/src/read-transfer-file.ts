import type { BankAccountKind } from './bank-account.ts';
import { KIND_DIGITS, RECORD_BYTES, type Transfer } from './transfer-file.ts';
import { textOf } from './zengin-text.ts';

/** A file that no bank would take. */
export class TransferFileWrong extends Error {
  override readonly name = 'TransferFileWrong';
}

/** What a file of transfers says. */
export interface TransferFileRead {
  /** Month and day of the transfers, `MMDD`. */
  readonly monthAndDay: string;
  readonly transfers: readonly Transfer[];
  readonly total: number;
}

/**
 * Reads a file of general transfers back, as a bank does before it takes one: the order of the records, their length, the
 * count and the sum of its trailer.
 * @throws TransferFileWrong with the record, from 1
 */
export function readTransferFile(bytes: Uint8Array): TransferFileRead {
  const width = RECORD_BYTES + 2;
  if (bytes.length === 0 || bytes.length % width !== 0)
    throw new TransferFileWrong(`${bytes.length} bytes are no whole number of records`);
  const records = Array.from({ length: bytes.length / width }, (_, index) => {
    const record = bytes.subarray(index * width, (index + 1) * width);
    if (record.at(-2) !== 0x0d || record.at(-1) !== 0x0a)
      throw new TransferFileWrong(`record ${index + 1} does not end with CRLF`);
    return textOf(record.subarray(0, RECORD_BYTES));
  });
  const [header = '', ...rest] = records;
  const [trailer = '', end = ''] = rest.splice(-2);
  if (!header.startsWith('1210')) throw new TransferFileWrong('record 1 is no header');
  if (!/^9 {119}$/.test(end)) throw new TransferFileWrong('the last record is no end');
  const sums = /^8(\d{6})(\d{12}) {101}$/.exec(trailer);
  if (!sums) throw new TransferFileWrong('the record before the last is no trailer');
  const transfers = rest.map((record, index) => transferOf(record, index + 2));
  const total = transfers.reduce((sum, { amount }) => sum + amount, 0);
  if (Number(sums[1]) !== transfers.length)
    throw new TransferFileWrong(`${transfers.length} transfers, and the trailer counts ${sums[1]}`);
  if (Number(sums[2]) !== total)
    throw new TransferFileWrong(`transfers of ${total} yen, and the trailer says ${sums[2]}`);
  return { monthAndDay: header.slice(54, 58), transfers, total };
}

const DATA =
  /^2(?<bank>\d{4}) {15}(?<branch>\d{3}) {19}(?<kind>[124])(?<number>\d{7})(?<holder>.{30})(?<amount>\d{10})0(?<reference>\d{20}) {9}$/;

function transferOf(record: string, place: number): Transfer {
  const found = DATA.exec(record)?.groups;
  if (!found) throw new TransferFileWrong(`record ${place} is no transfer`);
  const kinds = Object.entries(KIND_DIGITS) as [BankAccountKind, string][];
  return {
    account: {
      bankCode: found['bank']!,
      branchCode: found['branch']!,
      kind: kinds.find(([, digit]) => digit === found['kind'])![0],
      number: found['number']!,
      holderKana: found['holder']!.trimEnd(),
    },
    amount: Number(found['amount']),
    reference: found['reference']!,
  };
}
