import assert from 'node:assert/strict';
import { badUserInput } from '@7pay/graphql';
import { declareRefusals } from '@7pay/refusals';
import type { Movement } from './movement.ts';

/** What became of a wallet in one month of Japan. */
export interface Statement {
  readonly walletId: string;
  /** `YYYY-MM`. */
  readonly month: string;
  readonly opening: number;
  readonly closing: number;
  readonly movements: readonly Movement[];
}

/** A month with more movements than this has no statement in one piece. */
export const STATEMENT_ROWS_MOST = 1_000;

declareRefusals('statement', {
  STATEMENT_TOO_LONG: {
    ja: 'この月の明細は{most}件を超えるため、まとめて出力できません。履歴をご覧ください。',
    en: 'This month has more than {most} movements. Please use the history.',
  },
});

/** A month of Japan (UTC+9, no summer time): its first instant, and that of the next. */
export interface MonthSpan {
  readonly month: string;
  readonly from: Date;
  readonly until: Date;
}

/**
 * The span of `YYYY-MM`.
 * @throws BAD_USER_INPUT for anything else, and for years before 2019 and after 2100
 */
export function monthSpan(month: string): MonthSpan {
  const [, year = '', number = ''] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month) ?? [];
  if (Number(year) < 2019 || Number(year) > 2100) {
    throw badUserInput('month: YYYY-MM from 2019-01 is expected');
  }
  const first = (offset: number) =>
    new Date(Date.UTC(Number(year), Number(number) - 1 + offset, 1) - 9 * 3_600_000);
  return { month, from: first(0), until: first(1) };
}

/**
 * Makes the statement of a month.
 * @throws AssertionError when opening balance and movements do not make each balance up to the closing one: then none is given
 */
export function statementOf(
  told: Pick<Statement, 'walletId' | 'month' | 'opening' | 'closing'>,
  movements: readonly Movement[],
): Statement {
  let balance = told.opening;
  for (const { amount, balanceAfter } of movements) {
    balance += amount;
    assert.equal(balance, balanceAfter, 'each balance follows from the one before');
  }
  assert.equal(balance, told.closing, 'opening balance and movements make the closing balance');
  return { ...told, movements };
}
