import { PROPOSAL_MINUTES, type SwitchChange, type SwitchRow } from '@7pay/controls';
import { declareRefusals, type Refused, refuse } from '@7pay/refusals';

declareRefusals('switch', {
  UNKNOWN_SWITCH: { ja: 'そのスイッチはありません。', en: 'There is no such switch.' },
});

/** How a switch stands for those who operate it. One that never moved has no row and is open. */
export type SwitchStanding = SwitchRow | null;

/**
 * Closing takes one person and works at once. Closing a closed switch changes nothing, unless somebody is about to reopen
 * it: then the proposal is gone, and whoever confirms it meanwhile has to propose anew.
 */
export function close(
  standing: SwitchStanding,
  request: { key: string; reason: { ja: string; en: string } },
  operatorId: string,
  at: Date,
): SwitchChange | 'ALREADY' {
  const isClosed = standing?.state === 'CLOSED';
  if (isClosed && !stands(standing.reopening, at)) return 'ALREADY';
  const { key, reason } = request;
  const since = isClosed ? standing.since : at;
  return { key, state: 'CLOSED', since, reason, actor: operatorId, reopening: null };
}

/** Whether somebody proposed to reopen, and the proposal has not lapsed. */
const stands = (
  reopening: SwitchRow['reopening'],
  at: Date,
): reopening is NonNullable<SwitchRow['reopening']> =>
  reopening !== null && at.getTime() - reopening.at.getTime() <= PROPOSAL_MINUTES * 60_000;

/** What a wish to reopen leads to. */
export type Reopening =
  | { readonly step: 'ALREADY_OPEN' }
  | { readonly step: 'PROPOSED'; readonly by: string; readonly at: Date }
  | { readonly step: 'OPENED'; readonly change: SwitchChange };

/**
 * Reopening takes two: the first person proposes, another one makes it so within 30 minutes. A proposal that
 * is older has lapsed: the next person proposes anew.
 */
export function reopen(
  standing: SwitchStanding,
  operatorId: string,
  at: Date,
): Reopening | Refused<'SECOND_PERSON_REQUIRED'> {
  if (!standing || standing.state === 'OPEN') return { step: 'ALREADY_OPEN' };
  const { reopening, key } = standing;
  if (!stands(reopening, at)) return { step: 'PROPOSED', by: operatorId, at };
  if (reopening.by === operatorId) return refuse('SECOND_PERSON_REQUIRED');
  const change = {
    key,
    state: 'OPEN' as const,
    since: at,
    reason: null,
    actor: operatorId,
    reopening: null,
  };
  return { step: 'OPENED', change };
}
