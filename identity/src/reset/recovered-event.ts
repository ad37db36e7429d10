import type { DomainEvent } from '@7pay/events';
import type { LoginRecord } from '../gate/login-record.ts';
import { coolsUntil } from '../recovery/recovery.ts';

/** Where a new password is set from. */
export type ResetFrom = Pick<LoginRecord, 'clientId' | 'network' | 'country' | 'agent'>;

/** What is told of a password that was forgotten and set anew. `by`: the contacts whose codes proved it, by id. */
export const recoveredEvent = (
  id: string,
  { memberId, by }: { memberId: string; by: readonly string[] },
  { clientId, country, network, agent }: ResetFrom,
  at: Date,
): DomainEvent<unknown> => ({
  id,
  name: 'identity.password.recovered.v1',
  at: at.toISOString(),
  body: {
    memberId,
    clientId,
    recoveredAt: at.toISOString(),
    coolsUntil: coolsUntil(at).toISOString(),
    by,
    ...(country !== null && { country }),
    ...(network !== null && { network }),
    ...(agent !== null && { agent }),
  },
});
