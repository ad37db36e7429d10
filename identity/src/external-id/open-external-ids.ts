import type { Controls } from '@7pay/controls';
import type { Outbox } from '@7pay/events';
import type { IdSource } from '@7pay/ids';
import type { UnitOfWork } from '@7pay/mongo';
import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import type { Connection } from 'mongoose';
import type { MemberStore } from '../account/member.store.ts';
import type { RegisterMember } from '../account/register-member.ts';
import type { Gate } from '../gate/gate.ts';
import type { PasskeyStore } from '../login/passkey.store.ts';
import type { IdentitySettings } from '../settings.ts';
import type { ExternalIdStore } from './external-id.store.ts';
import { openExternalProviders } from './external-providers.ts';
import { openFirstLoginStore } from './first-login.store.ts';
import { linkExternalId } from './link-external-id.ts';
import { logInByExternalId } from './log-in-by-external-id.ts';
import { unlinkExternalId } from './unlink-external-id.ts';

/** External IDs: the providers, what is linked, and how members log in by one, link and unlink one. */
export function openExternalIds(deps: {
  connection: Connection;
  settings: Pick<IdentitySettings, 'issuer' | 'externalProviders'>;
  unitOfWork: UnitOfWork;
  members: MemberStore;
  passkeys: PasskeyStore;
  externalIds: ExternalIdStore;
  register: RegisterMember;
  controls: Controls;
  gate: Gate;
  outbox: Outbox;
  clock: Clock;
  ids: IdSource;
  log: Log;
}) {
  const { connection, settings, clock, log } = deps;
  const { issuer } = settings;
  const allowHttp = issuer.startsWith('http:');
  const providers = openExternalProviders(settings.externalProviders, { clock, log, allowHttp });
  const shared = {
    ...deps,
    providers,
    firstLogins: openFirstLoginStore(connection),
    issuer,
  };
  return {
    providers,
    logIn: logInByExternalId(shared),
    link: linkExternalId(shared),
    unlink: unlinkExternalId(shared),
  };
}
