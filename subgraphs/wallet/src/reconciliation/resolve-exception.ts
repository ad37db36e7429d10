import { declareRefusals, type Refused, refuse } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import type { WalletUnitOfWork } from '../unit-of-work.ts';
import type { ReconciliationException } from './reconciliation.store.ts';

declareRefusals('reconciliation', {
  EXCEPTION_NOT_OPEN: {
    ja: 'この不一致は見つからないか、すでに処理されています。',
    en: 'There is no such exception, or somebody has resolved it.',
  },
});

/** Takes an exception out of the queue, once, with who looked at it and what came of it. */
export const resolveException =
  (unitOfWork: WalletUnitOfWork, clock: Clock) =>
  ({
    id,
    note,
    by,
  }: {
    id: string;
    note: string;
    by: string;
  }): Promise<ReconciliationException | Refused<'EXCEPTION_NOT_OPEN'>> =>
    unitOfWork(async ({ reconciliations }) => {
      const exception = await reconciliations.findException(id);
      if (exception?.state !== 'OPEN') return refuse('EXCEPTION_NOT_OPEN');
      const resolved = { resolvedBy: by, resolvedAt: clock.now(), note };
      await reconciliations.resolve(id, resolved);
      return { ...exception, ...resolved, state: 'RESOLVED' };
    });
