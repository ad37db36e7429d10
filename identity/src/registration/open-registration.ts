import type { IdSource } from '@7pay/ids';
import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import type { Connection } from 'mongoose';
import type { MemberStore } from '../account/member.store.ts';
import type { openAccount } from '../account/open-account.ts';
import type { RegisterMember } from '../account/register-member.ts';
import type { PasskeyStore } from '../login/passkey.store.ts';
import { openMessageBudget } from '../one-time-code/message-budget.store.ts';
import { type RegisterByCode, registerByCode } from './register-by-code.ts';
import { openRegistrationStore } from './registration.store.ts';

/** Registration by the page, from the form to the code that comes back. */
export function openRegistration(deps: {
  connection: Connection;
  register: RegisterMember;
  members: MemberStore;
  passkeys: PasskeyStore;
  account: ReturnType<typeof openAccount>;
  clock: Clock;
  ids: IdSource;
  log: Log;
}): RegisterByCode {
  const { contacts, codes, counts, messenger } = deps.account;
  const registrations = openRegistrationStore(deps.connection);
  const budget = openMessageBudget(counts);
  return registerByCode({ ...deps, contacts, codes, counts, messenger, budget, registrations });
}
