import type { CutOff, TakingBack } from '@7pay/controls';
import { badUserInput, type MemberViewer } from '@7pay/graphql';
import type { IdSource } from '@7pay/ids';
import { isRefused, type Refused } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import type { CutOffAction } from '../audit/audit.store.ts';
import type { Refresh } from '../switch/flip-switch.ts';
import type { OperationsUnitOfWork, OperationsWork } from '../unit-of-work.ts';
import {
  approve,
  type CutOffRefusal,
  type CutOffRequest,
  type CutOffStep,
  overAlready,
  propose,
  spentOf,
  takeBack,
} from './cut-off.ts';

type Changed = Promise<CutOff | Refused<CutOffRefusal>>;

/**
 * Proposes a cut-off, or puts it in force where one person is enough. Those that are spent are forgotten with it.
 * @throws BAD_USER_INPUT when it would be over already
 */
export const proposeCutOff =
  (
    unitOfWork: OperationsUnitOfWork,
    { clock, ids, refresh }: { clock: Clock; ids: IdSource; refresh: Refresh },
  ) =>
  async (operator: MemberViewer, request: CutOffRequest): Changed => {
    const by = operator.memberId;
    const id = ids.next('cut');
    const over = overAlready(request, clock.now());
    if (over) throw badUserInput(`${over}: a time to come is expected`);
    const result = await unitOfWork(async (work) => {
      const at = clock.now();
      const all = await work.cutOffs.all(work.session);
      const spent = spentOf(all, at);
      const step = propose(request, { id, by, at, standing: all.length - spent.length });
      if (isRefused(step)) return step;
      if (spent.length > 0)
        await work.cutOffs.remove(
          work.session,
          spent.map((one) => one.id),
        );
      return write(work, step, { by, at, action: step.moves ? 'CUT_OFF' : 'PROPOSE_CUT_OFF' });
    });
    await refresh();
    return result;
  };

/** Puts a proposed cut-off in force, as the second person. */
export const approveCutOff =
  (unitOfWork: OperationsUnitOfWork, clock: Clock, refresh: Refresh) =>
  async (operator: MemberViewer, id: string): Changed => {
    const by = operator.memberId;
    const result = await unitOfWork(async (work) => {
      const at = clock.now();
      const step = approve(await work.cutOffs.find(work.session, id), by, at);
      return isRefused(step) ? step : write(work, step, { by, at, action: 'CUT_OFF' });
    });
    await refresh();
    return result;
  };

/** Wishes to take a cut-off back, or, as the second person, does. */
export const takeBackCutOff =
  (unitOfWork: OperationsUnitOfWork, clock: Clock, refresh: Refresh) =>
  async (operator: MemberViewer, { id, how }: { id: string; how: TakingBack }): Changed => {
    const by = operator.memberId;
    const result = await unitOfWork(async (work) => {
      const at = clock.now();
      const step = takeBack(await work.cutOffs.find(work.session, id), how, { by, at });
      if (isRefused(step)) return step;
      const wished = step.cutOff.takingBack !== null;
      const withdrawn = !step.moves && !wished;
      const action = withdrawn ? 'WITHDRAW_CUT_OFF' : wished ? (`PROPOSE_${how}` as const) : how;
      return write(work, step, { by, at, action });
    });
    await refresh();
    return result;
  };

// A handful of documents, however many members are meant: the cut-off, the generation, the record of it.
async function write(
  { session, cutOffs, raise, audit }: OperationsWork,
  { cutOff, moves }: CutOffStep,
  { by, at, action }: { by: string; at: Date; action: CutOffAction },
): Promise<CutOff> {
  const raised = moves ? await raise() : null;
  // The generation is that of the cut. Taking it back raises the controls', so that all look again.
  const isCut = action === 'CUT_OFF' && raised !== null;
  const written = isCut ? { ...cutOff, generation: raised } : cutOff;
  await cutOffs.put(session, written);
  const { id: key, reason, cohort, effects, scopes, expiresAt } = cutOff;
  await audit.append({
    key,
    action,
    actor: by,
    at,
    reason,
    generation: raised,
    ...((isCut || action === 'PROPOSE_CUT_OFF') && {
      cutOff: { cohort, effects, scopes, expiresAt },
    }),
  });
  return written;
}
