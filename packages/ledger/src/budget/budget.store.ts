import { declareRefusals, isRefused, type Refused, refuse } from '@7pay/refusals';
import type { ClientSession } from 'mongoose';
import type { BalanceRefusal } from '../account/account.ts';
import type { JournalEntry, Leg, PlainPlan } from '../entry/journal-entry.ts';
import type { Ledger } from '../ledger.store.ts';
import { type Budget, fundingLegs, grantLegs, slicesOf } from './budget.ts';

export type BudgetRefusal = 'BUDGET_EXHAUSTED';

declareRefusals('budget', {
  BUDGET_EXHAUSTED: {
    ja: '予定数に達したため、受付を終了しました。',
    en: 'There is nothing left: it has all been given out.',
  },
});

type Told = Pick<PlainPlan, 'id' | 'wallet' | 'at' | 'generation' | 'ref'>;

/** Opens the slices of a budget and fills them with its total, once. */
export async function openBudget(
  ledger: Ledger,
  session: ClientSession,
  { budget, total, told }: { budget: Budget; total: number; told: Told },
): Promise<JournalEntry> {
  const earlier = await ledger.entry(session, told.id);
  if (earlier) return earlier;
  for (const id of slicesOf(budget)) {
    const { currency } = budget;
    const account = { id, kind: 'BUDGET_SLICE', currency, owner: budget.id, cap: null } as const;
    await ledger.openAccount(session, { ...account, wallet: told.wallet });
  }
  const plan: PlainPlan = { ...told, kind: 'BUDGET', legs: fundingLegs(budget, total) };
  const entry = await ledger.post(session, plan);
  if (isRefused(entry)) throw new Error(`a new budget cannot be filled: ${entry.refused}`);
  return entry;
}

/**
 * Grants an amount out of a budget to whatever the credits name, in one entry: what was granted is never more than the
 * total (invariant I15). Two grants that take from one slice at once conflict, and one runs again.
 */
export async function grantFromBudget(
  ledger: Ledger,
  session: ClientSession,
  {
    budget,
    amount,
    plan,
  }: {
    budget: Budget;
    amount: number;
    plan: Omit<PlainPlan, 'legs'> & { readonly credits: readonly Leg[] };
  },
): Promise<JournalEntry | Refused<BudgetRefusal | BalanceRefusal>> {
  const { credits, ...told } = plan;
  const accounts = await ledger.accountsIn(session, slicesOf(budget));
  const debits = grantLegs(budget, { grantId: told.id, amount }, accounts);
  if (!debits) return refuse('BUDGET_EXHAUSTED');
  return ledger.post(session, { ...told, legs: [...debits, ...credits] } as PlainPlan);
}
