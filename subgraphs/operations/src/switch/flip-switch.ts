import { isSwitchKey } from '@7pay/controls';
import type { MemberViewer } from '@7pay/graphql';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import type { OperationsUnitOfWork } from '../unit-of-work.ts';
import { close, reopen } from './switch.ts';

/** After a flip, the local snapshot is brought up to date, so that the operator's next look shows it. */
export type Refresh = () => Promise<void>;

/** Closes a switch. Every process follows within a second; see docs/flows/containment.md. */
export const closeSwitch =
  (unitOfWork: OperationsUnitOfWork, clock: Clock, refresh: Refresh) =>
  async (
    operator: MemberViewer,
    request: { key: string; reason: { ja: string; en: string } },
  ): Promise<{ key: string } | Refused<'UNKNOWN_SWITCH'>> => {
    const { key, reason } = request;
    if (!isSwitchKey(key)) return refuse('UNKNOWN_SWITCH');
    await unitOfWork(async ({ session, switches, audit }) => {
      const at = clock.now();
      const change = close(await switches.find(session, key), request, operator.memberId, at);
      if (change === 'ALREADY') return;
      const row = await switches.write(session, change);
      await audit.append({
        key,
        action: 'CLOSE',
        actor: operator.memberId,
        at,
        reason,
        generation: row.generation,
      });
    });
    await refresh();
    return { key };
  };

/** Wishes to reopen a switch, or, as the second person, reopens it. */
export const openSwitch =
  (unitOfWork: OperationsUnitOfWork, clock: Clock, refresh: Refresh) =>
  async (
    operator: MemberViewer,
    { key }: { key: string },
  ): Promise<
    | { key: string; step: 'PROPOSED' | 'OPENED' | 'ALREADY_OPEN' }
    | Refused<'UNKNOWN_SWITCH' | 'SECOND_PERSON_REQUIRED'>
  > => {
    if (!isSwitchKey(key)) return refuse('UNKNOWN_SWITCH');
    const result = await unitOfWork(async ({ session, switches, audit }) => {
      const at = clock.now();
      const actor = operator.memberId;
      const reopening = reopen(await switches.find(session, key), actor, at);
      if (isRefused(reopening)) return reopening;
      if (reopening.step === 'PROPOSED') {
        await switches.propose(session, key, { by: actor, at });
        await audit.append({
          key,
          action: 'PROPOSE_REOPENING',
          actor,
          at,
          reason: null,
          generation: null,
        });
      }
      if (reopening.step === 'OPENED') {
        const { generation } = await switches.write(session, reopening.change);
        await audit.append({ key, action: 'OPEN', actor, at, reason: null, generation });
      }
      return { key, step: reopening.step };
    });
    await refresh();
    return result;
  };
