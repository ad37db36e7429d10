import type { KeySource } from './keys/key-source.ts';
import type { DeadNotice } from './outgoing/notice.store.ts';

/** What operators do with 7iD itself. Reached by code that runs beside it, never by a request from outside. */
export interface IdentityAdmin {
  /** Ends a session; its clients are told. False when there is none. */
  endSession(uid: string): Promise<boolean>;
  /** Ends every session of a member; returns how many. */
  endSessionsOf(memberId: string): Promise<number>;
  /** Lets a member in again who said that something was not them, once support knows who they are. False when nothing was locked. */
  unlockLogin(memberId: string): Promise<boolean>;
  readonly notices: {
    /** Delivers what is due now; returns how many were taken. The subgraph's worker does it each second. */
    deliver(): Promise<number>;
    /** What nobody took after all tries, the newest first. */
    dead(): Promise<DeadNotice[]>;
    revive(id: string): Promise<boolean>;
  };
  /** `rotate` and `compromised` where keys are kept in the database; `follow` looks for other keys now. */
  readonly keys: KeySource & { follow(): Promise<void> };
  /** A secret, good for an hour, with which somebody may register clients. */
  initialAccessToken(): Promise<string>;
}
