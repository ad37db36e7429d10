import type { UnitOfWork } from '@7pay/mongo';
import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import type { Connection } from 'mongoose';
import type { MemberStore } from '../account/member.store.ts';
import type { openAccount } from '../account/open-account.ts';
import type { AssertPasskey } from '../login/assert-passkey.ts';
import type { PasskeyStore } from '../login/passkey.store.ts';
import type { ResetPassword } from '../reset/reset-password.ts';
import { type AfterAnswer, afterAnswer } from './after-answer.ts';
import { proveSecond, type ProveSecond } from './prove-second.ts';
import { type RecoverAccess, recoverAccess } from './recover-access.ts';
import { recoveryBudget } from './recovery-budget.ts';
import { openRecoveryStore, type RecoveryStore } from './recovery.store.ts';

/** A forgotten password, from the login ID to the new one. */
export interface OpenRecovery {
  readonly access: RecoverAccess;
  readonly second: ProveSecond;
  readonly after: AfterAnswer;
  readonly recoveries: RecoveryStore;
}

export function openRecovery(deps: {
  connection: Connection;
  unitOfWork: UnitOfWork;
  members: MemberStore;
  passkeys: PasskeyStore;
  account: ReturnType<typeof openAccount>;
  assertPasskey: AssertPasskey;
  resets: ResetPassword;
  clock: Clock;
  log: Log;
}): OpenRecovery {
  const { connection, account, log } = deps;
  const recoveries = openRecoveryStore(connection, account.secret);
  const shared = { ...deps, contacts: account.contacts, codes: account.codes, recoveries };
  return {
    access: recoverAccess({ ...shared, budget: recoveryBudget(account.counts) }),
    second: proveSecond({ ...shared, factors: account.factors, app: account.app }),
    after: afterAnswer(log),
    recoveries,
  };
}
