import type { MemberViewer } from '@7pay/graphql';
import { derivedId, digest } from '@7pay/ids';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import type { RefundUnitOfWork } from '../unit-of-work.ts';
import {
  noticeOf,
  openProgramme,
  type ProgrammeNotice,
  type ProgrammeRefusal,
  type RefundProgramme,
} from './refund-programme.ts';

/** Opens a refund programme, if it holds all that the law asks for. The operator's own number makes it one. */
export const openRefundProgramme =
  (unitOfWork: RefundUnitOfWork, clock: Clock) =>
  (
    operator: MemberViewer,
    { programmeId, ...notice }: ProgrammeNotice & { programmeId: string },
  ): Promise<RefundProgramme | Refused<ProgrammeRefusal>> => {
    const id = derivedId('rfp', programmeId);
    return unitOfWork(async ({ programmes }) => {
      const earlier = await programmes.find(id);
      if (earlier) {
        const same = digest(noticeOf(earlier)) === digest(notice);
        return same ? earlier : refuse('PROGRAMME_ID_REUSED');
      }
      const now = clock.now();
      const running = await programmes.running(now);
      const made = { id, openedBy: operator.memberId };
      const programme = openProgramme(notice, made, { running, now });
      if (!isRefused(programme)) await programmes.insert(programme);
      return programme;
    });
  };
