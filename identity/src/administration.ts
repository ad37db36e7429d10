import type { UnitOfWork } from '@7pay/mongo';
import type { Clock } from '@7pay/time';
import type { Audit } from './audit/audit.store.ts';
import { administerClients, type ClientAdministration } from './client/administer-clients.ts';
import type { ClientStore } from './client/client.store.ts';
import { administerKeys, type KeyAdministration } from './keys/administer-keys.ts';
import type { KeySource } from './keys/key-source.ts';
import { administerNotices, type NoticeAdministration } from './outgoing/administer-notices.ts';
import type { NoticeStore } from './outgoing/notice.store.ts';

/** What operators, and partners with their own apps, do with 7iD through the graph. */
export interface Administration {
  readonly clients: ClientAdministration;
  readonly keys: KeyAdministration;
  readonly notices: NoticeAdministration;
}

export function openAdministration(deps: {
  readonly clients: ClientStore;
  readonly notices: NoticeStore;
  readonly source: KeySource;
  readonly follow: () => Promise<void>;
  readonly unitOfWork: UnitOfWork;
  readonly audit: Audit;
  readonly clock: Clock;
}): Administration {
  return {
    clients: administerClients(deps),
    keys: administerKeys(deps),
    notices: administerNotices(deps),
  };
}
