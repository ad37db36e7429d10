import type { Locale } from '@7pay/refusals';
import { instantInTokyo, MOVEMENT_WORDS, STATEMENT_WORDS } from './statement-words.ts';
import type { Statement } from './statement.ts';

/** Names of stores by id, as far as they are known. */
export type StoreNames = ReadonlyMap<string, string>;

/** A statement as CSV: UTF-8 with a byte order mark, CRLF (RFC 4180), amounts as plain digits. */
export function statementCsv(
  { month, opening, closing, movements }: Statement,
  stores: StoreNames,
  locale: Locale,
): string {
  const words = STATEMENT_WORDS[locale];
  const line = (...cells: readonly (string | number)[]) => `${cells.map(cell).join(',')}\r\n`;
  const lines = [
    line(
      words.date,
      words.time,
      words.kind,
      words.store,
      words.amount,
      words.balance,
      words.number,
    ),
    line(`${month}-01`, '', words.opening, '', '', opening, ''),
    ...movements.map((row) => {
      const store = row.storeId === null ? '' : (stores.get(row.storeId) ?? row.storeId);
      const kind = MOVEMENT_WORDS[locale][row.kind];
      const number = row.paymentId ?? row.topUpId ?? row.id;
      const { amount, balanceAfter, businessDate, at } = row;
      return line(businessDate, instantInTokyo(at), kind, store, amount, balanceAfter, number);
    }),
    line('', '', words.closing, '', '', closing, ''),
  ];
  return `\uFEFF${lines.join('')}`;
}

/** A cell that no spreadsheet takes for a formula (OWASP, CSV injection); numbers of ours stay numbers. */
function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const harmless = /^[=+\-@\t\r\n＝＋－＠]/u.test(value) ? `'${value}` : value;
  return /[",\r\n']/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
