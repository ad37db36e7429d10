import { isRefused, type Refused } from '@7pay/refusals';
import type { LoginRecord, Origin } from '../gate/login-record.ts';
import type { Audit } from './audit.store.ts';
import type { AuditFacts } from './audit-event.ts';

/** Why a password opened nothing; nobody outside is told which. */
export type PasswordMiss =
  /** No member has this address. */
  | 'UNKNOWN_ID'
  | 'WRONG_PASSWORD'
  /** The member has no password, and comes in by other ways. */
  | 'NO_PASSWORD'
  /** Too many tries of late: the password was not looked at. */
  | 'LOCKED';

/** What is known of a try besides its refusal. */
export interface Miss {
  readonly why: PasswordMiss;
  readonly memberId?: string;
}

/** The steps of an interaction by the way to log in that is tried there. */
const METHODS: readonly (readonly [RegExp, string])[] = [
  [/^login$/, 'PASSWORD'],
  [/^passkey$/, 'PASSKEY'],
  [/^code$/, 'APP'],
  [/^sms(-code)?$/, 'SMS'],
  [/^external\//, 'EXTERNAL'],
  [/^device/, 'DEVICE'],
  [/^(forgot|second)/, 'RECOVERY'],
  [/^register/, 'REGISTRATION'],
  [/^reset/, 'RESET'],
  [/^enrol$/, 'ENROLMENT'],
];

/** Which way to log in a path of an interaction is for: what follows `/interaction/<uid>/`. */
export function wayOf(path: string): Pick<AuditFacts, 'method' | 'provider'> {
  const step = path.replace(/^\/interaction\/[^/]*\/?/, '');
  const method = METHODS.find(([pattern]) => pattern.test(step))?.[1] ?? 'OTHER';
  const provider = /^external\/([a-z0-9]{1,30})/.exec(step)?.[1];
  return { method, ...(provider !== undefined && { provider }) };
}

/** Records that somebody was not let in, before they are told. */
export async function recordRefusedLogin(
  audit: Audit,
  refusal: Refused | 'PASSWORD_TO_BE_REPLACED',
  tried: {
    readonly path: string;
    readonly origin: Origin;
    /** The app, where it was looked for. */
    readonly clientId?: string | undefined;
    readonly miss?: Miss | undefined;
  },
): Promise<void> {
  const { path, origin, clientId, miss } = tried;
  const { network, country, agent } = origin;
  const code = isRefused(refusal) ? refusal.refused : refusal;
  await audit.append('LOGIN_REFUSED', {
    ...wayOf(path),
    ...(clientId !== undefined && { clientId }),
    reason: (code === 'LOGIN_FAILED' && miss?.why) || code,
    ...(miss?.memberId !== undefined && { memberId: miss.memberId }),
    ...(network !== null && { network }),
    ...(country !== null && { country }),
    ...(agent !== null && { agent }),
  });
}

/** Records that a login which was proven is not given out: something stopped it on its way back. */
export const noteStopped =
  (audit: Audit) =>
  async ({ memberId, clientId, network, country, agent }: LoginRecord): Promise<void> =>
    audit.append('LOGIN_REFUSED', {
      memberId,
      clientId,
      method: 'OTHER',
      reason: 'LOGIN_STOPPED',
      ...(network !== null && { network }),
      ...(country !== null && { country }),
      ...(agent !== null && { agent }),
    });
