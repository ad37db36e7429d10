import { type BusinessDate, isBusinessDate } from '@7pay/time';

/** Who sends us files of what they did. */
export const PARTIES = ['REGISTER', 'ATM', 'CARD', 'NANACO', 'BANK'] as const;
export type Party = (typeof PARTIES)[number];

/** What a line says happened: money taken, or given back. */
export type LineKind = 'TAKEN' | 'RETURNED';

/** One line of a result file. */
export interface ResultLine {
  /** Its place in the file, from 1, the head included. */
  readonly number: number;
  /** Our id of what it is about. */
  readonly ourId: string;
  /** Their own number of it. */
  readonly theirId: string;
  readonly kind: LineKind;
  /** Whole yen. */
  readonly amount: number;
  readonly businessDate: BusinessDate;
}

/** A line that cannot be read, and why. Its text is not kept: nobody knows what is in it. */
export interface UnreadableLine {
  readonly number: number;
  readonly reason: string;
}

export interface ResultFile {
  readonly lines: readonly ResultLine[];
  readonly unreadable: readonly UnreadableLine[];
}

/** The file as a whole is none: wrong encoding, wrong head, wrong count or sum at its end. */
export class ResultFileRejected extends Error {
  override readonly name = 'ResultFileRejected';
}

const HEAD = ['ourId', 'theirId', 'kind', 'amount', 'businessDate'];
/** The most lines of one file; a day of all registers fits. */
export const MOST_LINES = 2_000_000;

/**
 * Reads a result file: CSV with a head, lines, and an end `END,<count>,<sum>` that counts and adds up the lines. UTF-8
 * (with or without a mark) or Shift_JIS, CRLF or LF.
 * @throws ResultFileRejected when the whole of it cannot be trusted
 */
export function readResultFile(bytes: Uint8Array): ResultFile {
  const rows = textOf(bytes)
    .replace(/\r?\n$/, '')
    .split(/\r?\n/);
  const [head = '', ...rest] = rows;
  if (head !== HEAD.join(',')) throw new ResultFileRejected('the head is another one');
  if (rest.length > MOST_LINES + 1) throw new ResultFileRejected('too many lines');
  const end = /^END,(\d{1,10}),(\d{1,15})$/.exec(rest.at(-1) ?? '');
  if (!end) throw new ResultFileRejected('the end is missing: the file is cut off');
  const body = rest.slice(0, -1);
  const lines: ResultLine[] = [];
  const unreadable: UnreadableLine[] = [];
  for (const [index, row] of body.entries()) {
    const number = index + 2;
    const line = lineOf(row, number);
    if (typeof line === 'string') unreadable.push({ number, reason: line });
    else lines.push(line);
  }
  if (Number(end[1]) !== body.length) {
    throw new ResultFileRejected(`${body.length} lines, and the end counts ${end[1]}`);
  }
  const sum = lines.reduce((total, { amount }) => total + amount, 0);
  if (unreadable.length === 0 && Number(end[2]) !== sum) {
    throw new ResultFileRejected(`the lines add up to ${sum}, and the end says ${end[2]}`);
  }
  return { lines, unreadable };
}

function lineOf(row: string, number: number): ResultLine | string {
  const cells = row.split(',');
  if (cells.length !== HEAD.length) return `${cells.length} cells instead of ${HEAD.length}`;
  const [ourId = '', theirId = '', kind = '', amount = '', date = ''] = cells;
  if (!/^[a-z]{3}_[0-9a-z]{1,64}$/.test(ourId)) return 'our id is none';
  if (!/^[\w.:-]{1,64}$/.test(theirId)) return 'their id is none';
  if (kind !== 'TAKEN' && kind !== 'RETURNED') return 'the kind is neither TAKEN nor RETURNED';
  if (!/^[1-9]\d{0,11}$/.test(amount)) return 'the amount is no whole number above zero';
  if (!isBusinessDate(date)) return 'the date is none';
  return { number, ourId, theirId, kind, amount: Number(amount), businessDate: date };
}

/** UTF-8 if it is that, and otherwise Shift_JIS as Japanese hosts send it. @throws ResultFileRejected */
function textOf(bytes: Uint8Array): string {
  for (const encoding of ['utf-8', 'shift_jis']) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      // the next one
    }
  }
  throw new ResultFileRejected('the text is neither UTF-8 nor Shift_JIS');
}
