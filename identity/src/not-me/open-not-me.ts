import type { Outbox } from '@7pay/events';
import type { IdSource } from '@7pay/ids';
import type { UnitOfWork } from '@7pay/mongo';
import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import type { Middleware } from 'koa';
import type { Connection } from 'mongoose';
import type { MemberStore } from '../account/member.store.ts';
import type { openAccount } from '../account/open-account.ts';
import type { IdentityAdmin } from '../identity-admin.ts';
import type { RecoveryStore } from '../recovery/recovery.store.ts';
import type { ResetStore } from '../reset/reset.store.ts';
import type { IdentitySettings } from '../settings.ts';
import { notMeRoutes } from './not-me-routes.tsx';
import { openNotMeStore } from './not-me.store.ts';
import { reportNotMe } from './report-not-me.ts';
import { type TellContacts, tellContacts } from './tell-contacts.ts';

/** "This was not me": the notices that offer it, and the page behind their links. */
export function openNotMe(deps: {
  connection: Connection;
  settings: IdentitySettings;
  account: ReturnType<typeof openAccount>;
  members: MemberStore;
  recoveries: RecoveryStore;
  resets: ResetStore;
  admin: Pick<IdentityAdmin, 'endSessionsOf'>;
  unitOfWork: UnitOfWork;
  outbox: Outbox;
  clock: Clock;
  ids: IdSource;
  log: Log;
}): { readonly tell: TellContacts; readonly routes: Middleware } {
  const { connection, settings, account, clock, log } = deps;
  const { contacts, messenger, secret } = account;
  const { issuer } = settings;
  const tokens = openNotMeStore(connection);
  return {
    tell: tellContacts({ contacts, messenger, tokens, issuer, secret, log }),
    routes: notMeRoutes({ settings, tokens, report: reportNotMe({ ...deps, tokens }), clock }),
  };
}
