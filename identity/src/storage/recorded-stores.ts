import { openOutbox } from '@7pay/events';
import type { IdSource } from '@7pay/ids';
import type { UnitOfWork } from '@7pay/mongo';
import type { Clock } from '@7pay/time';
import type { Connection } from 'mongoose';
import { openMemberStore } from '../account/member.store.ts';
import { openAudit } from '../audit/audit.store.ts';
import {
  auditedExternalIds,
  auditedLogins,
  auditedMembers,
  auditedOutbox,
  auditedPasskeys,
} from '../audit/audited-stores.ts';
import { openExternalIdStore } from '../external-id/external-id.store.ts';
import { openLoginRecordStore } from '../gate/login-record.store.ts';
import { openPasskeyStore } from '../login/passkey.store.ts';
import { forgetDisowned } from '../not-me/forget-disowned.ts';
import { openKnownDeviceStore } from '../new-device/known-device.store.ts';
import { knownKeys } from '../new-device/known-keys.ts';
import { endOpenResets } from '../reset/end-open-resets.ts';

/** The stores whose changes are on record, and the record. */
export function openRecordedStores(
  connection: Connection,
  { unitOfWork, clock, ids }: { unitOfWork: UnitOfWork; clock: Clock; ids: IdSource },
) {
  const audit = openAudit(connection, { clock, ids });
  const devices = openKnownDeviceStore(connection);
  const known = knownKeys(devices);
  return {
    audit,
    devices,
    known,
    members: auditedMembers(
      forgetDisowned(endOpenResets(openMemberStore(connection), connection), {
        connection,
        audit,
        clock,
      }),
      audit,
    ),
    passkeys: auditedPasskeys(openPasskeyStore(connection), audit),
    externalIds: auditedExternalIds(openExternalIdStore(connection), audit),
    logins: auditedLogins(openLoginRecordStore(connection), audit, {
      unitOfWork,
      knownKeys: known,
    }),
    outbox: auditedOutbox(openOutbox(connection), audit),
  };
}
