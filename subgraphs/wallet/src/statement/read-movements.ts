import type { Page } from '@7pay/graphql';
import { type Account, type AccountEntries, type AccountKey, walletAccount } from '@7pay/ledger';
import { type Refused, refuse } from '@7pay/refusals';
import { type Movement, movementOf } from './movement.ts';
import { type MonthSpan, type Statement, STATEMENT_ROWS_MOST, statementOf } from './statement.ts';

export interface MovementSources {
  readonly entries: AccountEntries;
  readonly accountOf: (walletId: string) => Promise<Account | null | undefined>;
}

const CHUNK = 50;

/** One page of a wallet's movements, newest first. The place of a row is its number in the account. */
export const movementsOf =
  ({ entries, accountOf }: MovementSources) =>
  async (
    walletId: string,
    { limit, after }: { limit: number; after: string | null },
  ): Promise<Page<Movement>> => {
    const last = (await accountOf(walletId))?.seq ?? 0;
    const behind = after === null ? last + 1 : numberOf(after);
    const rows: Movement[] = [];
    for (let top = Math.min(last, behind - 1); top >= 1 && rows.length <= limit; top -= CHUNK) {
      const from = Math.max(1, top - CHUNK + 1);
      const found = await entries.numbered(keyOf(walletId), from, top);
      rows.push(...found.reverse().flatMap((entry) => movementOf(walletId, entry) ?? []));
    }
    return { rows: rows.slice(0, limit), more: rows.length > limit };
  };

const keyOf = (wallet: string): AccountKey => ({ id: walletAccount(wallet), wallet });

// A place that nobody made has nothing behind it.
const numberOf = (place: string): number => (/^\d{1,15}$/.test(place) ? Number(place) : 0);

/** The statement of a month, exact for a month with nothing, one before the wallet was opened, and one that runs. */
export const readStatement =
  ({ entries, accountOf }: MovementSources) =>
  async (
    walletId: string,
    { month, from, until }: MonthSpan,
  ): Promise<Statement | Refused<'STATEMENT_TOO_LONG'>> => {
    const account = keyOf(walletId);
    const last = (await accountOf(walletId))?.seq ?? 0;
    const first = await entries.firstSince(account, from, last);
    const next = await entries.firstSince(account, until, last);
    // Entries that move nothing are read too, so the bound on what is read is wider than that on rows.
    if (next - first > 3 * STATEMENT_ROWS_MOST) {
      return refuse('STATEMENT_TOO_LONG', { most: STATEMENT_ROWS_MOST });
    }
    const balanceAt = async (seq: number): Promise<number> =>
      seq < 1 ? 0 : ((await entries.numbered(account, seq, seq))[0]?.stand.posted ?? 0);
    const found = await entries.numbered(account, first, next - 1);
    const movements = found.flatMap((entry) => movementOf(walletId, entry) ?? []);
    if (movements.length > STATEMENT_ROWS_MOST) {
      return refuse('STATEMENT_TOO_LONG', { most: STATEMENT_ROWS_MOST });
    }
    const opening = await balanceAt(first - 1);
    const closing = await balanceAt(next - 1);
    return statementOf({ walletId, month, opening, closing }, movements);
  };
