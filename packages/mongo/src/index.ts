export {
  type ChangeFeed,
  changeFeed,
  type ChangeFeedOptions,
  FeedUnavailable,
} from './change-feed.ts';
export {
  type ChangeListener,
  type FeedChange,
  type Heard,
  ListenerTooSlow,
} from './change-listener.ts';
export {
  type ChosenDatabase,
  chooseDatabase,
  databaseProcess,
  joinDatabase,
} from './choose-database.ts';
export { connect, DatabaseUnreachable } from './connect.ts';
export {
  type Followed,
  type FollowOptions,
  followChanges,
  type ResumeToken,
} from './follow-changes.ts';
export { type RowWrite, writeRows } from './deferred-writes.ts';
export { fromInt64, int64 } from './int64.ts';
export { isHistoryLost, positionOf } from './missed-changes.ts';
export {
  CommitOutcomeUnknown,
  hasErrorLabel,
  isDuplicateKey,
  type UnitOfWork,
  unitOfWork,
  UnitOfWorkTimedOut,
} from './unit-of-work.ts';
export { atOneMoment, inSession } from './one-moment.ts';
export { isOutage } from './outage.ts';
export { defineModel } from './define-model.ts';
export {
  findPage,
  findRow,
  findRows,
  insertRow,
  type PagePlace,
  placeOf,
  updateRow,
} from './rows.ts';
