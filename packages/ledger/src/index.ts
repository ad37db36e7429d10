export {
  type Account,
  type AccountKind,
  type AccountRefusal,
  type Lots,
  type Origin,
  payableAccount,
  pointsAccount,
  walletAccount,
} from './account.ts';
export {
  type Currency,
  type EntryPlan,
  type JournalEntry,
  type Leg,
  credit,
  debit,
  reversal,
} from './journal-entry.ts';
export { journalFeed, type Ledger, openLedger, prepareLedger } from './ledger.store.ts';
export { type Books, verifyBooks } from './verify-books.ts';
