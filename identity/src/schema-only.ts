import { fixedControls } from '@7pay/controls';
import type { Subgraph } from '@7pay/graphql';
import { randomIds } from '@7pay/ids';
import { unitOfWork } from '@7pay/mongo';
import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import type { Connection } from 'mongoose';
import { openAdministration } from './administration.ts';
import { openNoticeStore } from './outgoing/notice.store.ts';
import { openAccount } from './account/open-account.ts';
import { openAudit } from './audit/audit.store.ts';
import { openMemberStore } from './account/member.store.ts';
import { openClientStore } from './client/client.store.ts';
import { openExternalIdStore } from './external-id/external-id.store.ts';
import { openExternalProviders } from './external-id/external-providers.ts';
import { openLoginRecordStore } from './gate/login-record.store.ts';
import { openPasskeyStore } from './login/passkey.store.ts';
import { openResetStore } from './reset/reset.store.ts';
import { identitySubgraph } from './subgraph.ts';

const none = () => Promise.reject(new Error('enough for the schema alone'));

/** The `identity` subgraph on a connection that need not be open: enough for its schema. */
export function identitySchemaOnly(deps: {
  connection: Connection;
  clock: Clock;
  log: Log;
}): Subgraph {
  const { connection, clock, log } = deps;
  const audit = openAudit(connection, { clock, ids: randomIds });
  const clients = openClientStore(connection, { clock, secrets: ['nobody'] });
  const account = openAccount({
    connection,
    settings: {
      credentialSecrets: ['nobody'],
      messageCarrier: { url: 'http://localhost', secret: 'nobody' },
    },
    audit,
    clock,
    ids: randomIds,
    log,
  });
  return identitySubgraph({
    members: openMemberStore(connection),
    passkeys: openPasskeyStore(connection),
    externalIds: openExternalIdStore(connection),
    controls: fixedControls(),
    clients,
    administration: openAdministration({
      connection,
      members: openMemberStore(connection),
      contacts: account.contacts,
      passkeys: openPasskeyStore(connection),
      factors: account.factors,
      externalIds: openExternalIdStore(connection),
      clients,
      notices: openNoticeStore(connection, { clock, secrets: ['nobody'] }),
      source: { read: none, list: none },
      follow: none,
      unitOfWork: unitOfWork(connection),
      audit,
      outbox: { append: none },
      admin: { endSessionsOf: none },
      clock,
      ids: randomIds,
    }),
    logins: openLoginRecordStore(connection),
    resets: openResetStore(connection),
    sessions: { list: none, end: none, endOthers: none, endAll: none },
    unlinkExternalId: none,
    providers: openExternalProviders([], { clock, log, allowHttp: false }),
    contacts: account.contacts,
    factors: account.factors,
    account: account.useCases,
    tellContacts: none,
    messenger: account.messenger,
    clock,
    log,
  });
}
