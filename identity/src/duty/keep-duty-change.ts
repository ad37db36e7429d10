import type { Outbox } from '@7pay/events';
import type { IdSource } from '@7pay/ids';
import type { Clock } from '@7pay/time';
import type { ClientSession } from 'mongoose';
import { loginsEndedEvent } from '../account/logins-ended-event.ts';
import type { MemberStore } from '../account/member.store.ts';
import type { Audit } from '../audit/audit.store.ts';
import type { DutyChange } from './duty-change.ts';
import type { DutyChangeStore } from './duty-change.store.ts';
import type { HeldDuties } from './held-duties.store.ts';

/** Who decides, and why, for the record. */
export interface Decider {
  readonly by: string;
  readonly note: string;
}

/** Writes a change of duties with its place on record; of one that is made, the logins end with it. */
export const keepDutyChange =
  (deps: {
    changes: DutyChangeStore;
    held: HeldDuties;
    members: Pick<MemberStore, 'endLogins'>;
    audit: Audit;
    outbox: Outbox;
    clock: Clock;
    ids: IdSource;
  }) =>
  async (
    change: DutyChange,
    { by, note }: Decider,
    session: ClientSession,
  ): Promise<DutyChange> => {
    const { changes, held, members, audit, outbox, clock, ids } = deps;
    const { memberId, after, state } = change;
    await changes.keep(change, session);
    const about = after.join('+') || 'none';
    await audit.append(
      'DUTIES_CHANGED',
      { memberId, actor: by, reason: state, about, note },
      session,
    );
    if (state !== 'MADE') return change;
    await held.set(memberId, after, session);
    const at = clock.now();
    await members.endLogins(memberId, at, session);
    await outbox.append(
      session,
      loginsEndedEvent(ids.next('evt'), { memberId, reason: 'ENDED_BY_OPERATOR' }, at),
    );
    const why = { reason: 'DUTIES_CHANGED', note };
    await audit.append('LOGINS_ENDED', { memberId, actor: by, ...why }, session);
    return change;
  };
