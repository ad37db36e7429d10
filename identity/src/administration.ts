import { openEndedLogins } from '@7pay/controls';
import { readMembers, type ReadMembers } from './account/read-members.ts';
import { openRecord, type AuditRecord } from './audit/read-record.ts';
import { administerClients, type ClientAdministration } from './client/administer-clients.ts';
import { changeDuties, type DutyAdministration } from './duty/change-duties.ts';
import { administerKeys, type KeyAdministration } from './keys/administer-keys.ts';
import { administerNotices, type NoticeAdministration } from './outgoing/administer-notices.ts';
import { unlockLogin, type UnlockLogin } from './unlock/unlock-login.ts';

/** What operators, and partners with their own apps, do with 7iD through the graph. */
export interface Administration {
  readonly clients: ClientAdministration;
  readonly keys: KeyAdministration;
  readonly notices: NoticeAdministration;
  readonly members: ReadMembers;
  readonly record: AuditRecord;
  readonly duties: DutyAdministration;
  readonly unlockLogin: UnlockLogin;
}

export function openAdministration(
  deps: Omit<Parameters<typeof administerClients>[0], 'ends'> &
    Parameters<typeof administerKeys>[0] &
    Parameters<typeof administerNotices>[0] &
    Parameters<typeof readMembers>[0] &
    Parameters<typeof changeDuties>[0] &
    Parameters<typeof unlockLogin>[0],
): Administration {
  const ends = openEndedLogins(deps.connection);
  return {
    clients: administerClients({ ...deps, ends }),
    keys: administerKeys(deps),
    notices: administerNotices(deps),
    members: readMembers(deps),
    record: openRecord(deps.connection, deps.audit),
    duties: changeDuties(deps),
    unlockLogin: unlockLogin(deps),
  };
}
