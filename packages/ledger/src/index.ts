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
export { journalFeed } from './journal-feed.store.ts';
export { prepareLedger } from './ledger-documents.store.ts';
export { type Ledger, openLedger } from './ledger.store.ts';
export { type Books, verifyBooks } from './verify-books.ts';
