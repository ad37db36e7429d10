import { dutiesIn, type Duty } from '@7pay/graphql';
import type { Outbox } from '@7pay/events';
import type { IdSource } from '@7pay/ids';
import type { PagePlace, UnitOfWork } from '@7pay/mongo';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import type { ClientSession, Connection } from 'mongoose';
import type { MemberStore } from '../account/member.store.ts';
import type { Audit } from '../audit/audit.store.ts';
import type { IdentityAdmin } from '../identity-admin.ts';
import {
  approveDuties,
  type DutyChange,
  type DutyDecisionRefusal,
  type DutyRefusal,
  type Holders,
  orderDuties,
  PROPOSAL_MINUTES,
  PROPOSALS_MAX,
  same,
  withdrawDuties,
} from './duty-change.ts';
import { openDutyChangeStore } from './duty-change.store.ts';
import { type Decider, keepDutyChange } from './keep-duty-change.ts';
import { type HeldDuties, openHeldDuties } from './held-duties.store.ts';

/** Who works here for what, and how that changes. */
export interface DutyAdministration {
  /** Those who hold a duty, by id. */
  readonly operators: HeldDuties['operators'];
  /** All changes, the newest first. */
  changes(place: PagePlace): Promise<{ rows: DutyChange[]; more: boolean }>;
  /** The duties to be: made at once where some are only taken away, else proposed. Asked for again, it is the same proposal. */
  change(
    asked: { memberId: string; duties: readonly Duty[] },
    who: Decider,
  ): Promise<DutyChange | Refused<DutyRefusal>>;
  /** Makes what another one proposed. Made by this person already, it is told again. */
  approve(
    id: string,
    who: Decider,
  ): Promise<DutyChange | Refused<DutyDecisionRefusal | 'LAST_OF_SECURITY'>>;
  withdraw(
    id: string,
    who: Decider,
  ): Promise<DutyChange | Refused<'DUTY_CHANGE_NOT_OPEN' | 'DUTY_NOT_HELD'>>;
}

export function changeDuties(deps: {
  connection: Connection;
  members: Pick<MemberStore, 'endLogins'>;
  admin: Pick<IdentityAdmin, 'endSessionsOf'>;
  unitOfWork: UnitOfWork;
  audit: Audit;
  outbox: Outbox;
  clock: Clock;
  ids: IdSource;
}): DutyAdministration {
  const { admin, unitOfWork, clock, ids } = deps;
  const changes = openDutyChangeStore(deps.connection);
  const held = openHeldDuties(deps.connection);
  const keep = keepDutyChange({ ...deps, changes, held });
  const holders = async (
    { memberId, by }: { memberId: string; by: string },
    session: ClientSession,
  ): Promise<Holders> => {
    const holding = await held.holdersOf('security', 2, session);
    return {
      member: await held.of(memberId, session),
      actor: (await held.of(by, session)) ?? [],
      othersForSecurity: holding.some((id) => id !== memberId),
    };
  };

  // Whoever has other duties begins anew: no session of before goes on with what it was for.
  const begunAnew = async <Code extends string>(result: DutyChange | Refused<Code>) => {
    if ('state' in result && result.state === 'MADE') await admin.endSessionsOf(result.memberId);
    return result;
  };

  return {
    operators: held.operators,
    changes: changes.page,
    change: async ({ memberId, duties }, { by, note }) => {
      const id = ids.next('dty');
      const at = clock.now();
      const ordered = { id, memberId, duties: dutiesIn(duties), by, note, at };
      const changed = await unitOfWork(async (session) => {
        const made = orderDuties(ordered, await holders(ordered, session));
        if (isRefused(made)) return made;
        if (made.state === 'MADE') return keep(made, { by, note }, session);
        const since = new Date(at.getTime() - PROPOSAL_MINUTES * 60_000);
        const open = await changes.openOf(by, since, session);
        const earlier = open.find(
          (each) => each.memberId === memberId && same(each.after, made.after),
        );
        if (earlier && same(earlier.before, made.before)) return earlier;
        if (open.length >= PROPOSALS_MAX) {
          return refuse('TOO_MANY_DUTY_CHANGES', { max: PROPOSALS_MAX });
        }
        return keep(made, { by, note }, session);
      });
      return begunAnew(changed);
    },
    approve: async (id, { by, note }) =>
      begunAnew(
        await unitOfWork(async (session) => {
          const change = await changes.find(id, session);
          if (!change) return refuse('DUTY_CHANGE_NOT_OPEN');
          const isAgain = change.state === 'MADE' && change.decidedBy === by && change.by !== by;
          if (isAgain) return change;
          const now = await holders({ memberId: change.memberId, by }, session);
          const proposer = (await held.of(change.by, session)) ?? [];
          const made = approveDuties(change, { by, at: clock.now() }, { ...now, proposer });
          return isRefused(made) ? made : keep(made, { by, note }, session);
        }),
      ),
    withdraw: (id, { by, note }) =>
      unitOfWork(async (session) => {
        const change = await changes.find(id, session);
        if (!change) return refuse('DUTY_CHANGE_NOT_OPEN');
        const actor = (await held.of(by, session)) ?? [];
        const withdrawn = withdrawDuties(change, { by, at: clock.now() }, actor);
        if (isRefused(withdrawn)) return withdrawn;
        return keep(withdrawn, { by, note }, session);
      }),
  };
}
