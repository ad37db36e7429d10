import { createHash } from 'node:crypto';
import { type Account, budgetSlice } from '../account/account.ts';
import { credit, debit, type Currency, type Leg } from '../entry/journal-entry.ts';

/**
 * A total that may be granted and never exceeded, kept in slices so that grants do not queue for one document. Each
 * slice is a refusing account; a slice that runs dry takes from the others in the same entry.
 */
export interface Budget {
  readonly id: string;
  readonly currency: Currency;
  readonly slices: number;
}

/** What a budget was before any of it was granted: one account for all, a sum over the journal. */
export const budgetSource = ({ id }: Pick<Budget, 'id'>): string => `budget-source:${id}`;

/** The accounts of the slices. */
export const slicesOf = ({ id, slices }: Budget): readonly string[] =>
  Array.from({ length: slices }, (_, slice) => budgetSlice(id, slice));

/** The legs that fill the slices: as even as whole numbers are, the first ones take what is left over. */
export function fundingLegs(budget: Budget, total: number): readonly Leg[] {
  const { currency, slices } = budget;
  const rest = total % slices;
  const each = (total - rest) / slices;
  const legs = slicesOf(budget).map((account, slice) =>
    credit(account, each + (slice < rest ? 1 : 0), { currency }),
  );
  return [debit(budgetSource(budget), total, currency), ...legs.filter(({ amount }) => amount > 0)];
}

/** Which slice a grant takes from first; the same for the same grant. */
export const firstSlice = ({ slices }: Budget, grantId: string): number =>
  createHash('sha256').update(grantId).digest().readUInt32BE(0) % slices;

/**
 * The debits that grant an amount: from the grant's own slice, and what is missing from the next ones, in turn.
 * `accounts` are the slices as they stand. Null when all of them together hold less.
 */
export function grantLegs(
  budget: Budget,
  { grantId, amount }: { grantId: string; amount: number },
  accounts: readonly Account[],
): readonly Leg[] | null {
  const held = new Map(accounts.map(({ id, posted }) => [id, posted]));
  const names = slicesOf(budget);
  const first = firstSlice(budget, grantId);
  const legs: Leg[] = [];
  let missing = amount;
  for (let step = 0; step < names.length && missing > 0; step += 1) {
    const account = names[(first + step) % names.length]!;
    const part = Math.min(held.get(account) ?? 0, missing);
    if (part > 0) legs.push(debit(account, part, budget.currency));
    missing -= part;
  }
  return missing > 0 ? null : legs;
}
