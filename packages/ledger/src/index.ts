export {
  type Account,
  type AccountKind,
  type AccountLimits,
  type AccountRefusal,
  type AccountStatus,
  type BalanceRefusal,
  budgetSlice,
  type Hold,
  type ResolvingRefusal,
  payableAccount,
  pointsAccount,
  walletAccount,
} from './account/account.ts';
export { available } from './account/apply.ts';
export { type LotKey, type Lots, type Origin, sumOf, takeUpTo } from './account/lots.ts';
export { oweLegs, pointsOwed, settleLegs, standingOf } from './account/points-owed.ts';
export { leftIn, type Passing, type WindowLimits, type WindowRefusal } from './account/window.ts';
export {
  type Currency,
  type EntryKind,
  type EntryPlan,
  type FirstPlan,
  type JournalEntry,
  type Leg,
  type PlainPlan,
  type Stand,
  credit,
  debit,
  moves,
  reversal,
} from './entry/journal-entry.ts';
export {
  accountSetPlan,
  capturePlan,
  holdPlan,
  releasePlan,
  tombstonePlan,
} from './entry/plans.ts';
export { journalFeed, readJournal } from './entry/journal-feed.store.ts';
export {
  type AccountEntries,
  type AccountEntry,
  type AccountKey,
  openAccountEntries,
} from './entry/account-entries.store.ts';
export { prepareLedger } from './prepare-ledger.ts';
export { type EntryKey, type Ledger, openLedger } from './ledger.store.ts';
export {
  isSigned,
  keyIdOf,
  publicKeysOf,
  type SealKey,
  sealKey,
  sealKeyOf,
  signText,
} from './seal/seal.ts';
export { sealJournal } from './seal/seal-journal.worker.ts';
export { type Books, verifyBooks } from './audit/verify-books.ts';
export { exportJournal } from './audit/export-journal.ts';
export { type Explained, explain } from './audit/explain.ts';
export { type TrialBalanceRow, trialBalance } from './audit/trial-balance.ts';
export { sealsLostSince } from './audit/verify-seals.ts';
export { type VerifiedExport, verifyExport } from './audit/verify-export.ts';
export { entriesOf as readEntries, sealEntries, sealRemaining } from './seal/seal-journal.ts';
export { sealStore } from './seal/seal.store.ts';
export { rollupStore } from './seal/rollup.store.ts';
export { type Budget, budgetSource } from './budget/budget.ts';
export { type BudgetRefusal, grantFromBudget, openBudget } from './budget/budget.store.ts';
