import type { UnitOfWork } from '@7pay/mongo';
import { declareRefusals, type Refused, refuse } from '@7pay/refusals';
import type { Audit } from '../audit/audit.store.ts';
import type { DeadNotice, NoticeStore } from './notice.store.ts';

declareRefusals('identity/outgoing/administer-notices', {
  NOTICE_NOT_DEAD: {
    ja: 'この通知は配達待ちに戻されたか、削除されています。',
    en: 'This notice is waiting again, or was dropped.',
  },
});

export interface NoticeOrder {
  readonly id: string;
  readonly by: string;
  readonly note: string;
}

/** What operators do with notices that no client took. */
export interface NoticeAdministration {
  dead(): Promise<DeadNotice[]>;
  revive(order: NoticeOrder): Promise<{ id: string } | Refused<'NOTICE_NOT_DEAD'>>;
  drop(order: NoticeOrder): Promise<{ id: string } | Refused<'NOTICE_NOT_DEAD'>>;
}

export function administerNotices(deps: {
  notices: Pick<NoticeStore, 'dead' | 'revive' | 'drop'>;
  unitOfWork: UnitOfWork;
  audit: Audit;
}): NoticeAdministration {
  const { notices, unitOfWork, audit } = deps;
  const doing =
    (name: 'revive' | 'drop', reason: string): NoticeAdministration['drop'] =>
    ({ id, by: actor, note }) =>
      unitOfWork(async (session) => {
        if (!(await notices[name](id, session))) return refuse('NOTICE_NOT_DEAD');
        await audit.append('NOTICE_CHANGED', { actor, reason, about: id, note }, session);
        return { id };
      });
  return {
    dead: () => notices.dead(),
    revive: doing('revive', 'REVIVED'),
    drop: doing('drop', 'DROPPED'),
  };
}
