import { type EndedLoginStore, openEndedLogins } from '@7pay/controls';
import type { Clock } from '@7pay/time';
import type { Connection } from 'mongoose';
import { type Adapter, type AdapterFactory, Provider } from 'oidc-provider';
import { carryOverModel } from '../carry-over/carry-over.store.ts';
import { dutyChangeModel } from '../duty/duty-change.store.ts';
import { externalIdModels } from '../external-id/external-id.store.ts';
import { firstLoginModel } from '../external-id/first-login.store.ts';
import { type Audit, auditModel } from '../audit/audit.store.ts';
import { loginRecordModel } from '../gate/login-record.store.ts';
import { resetModels } from '../reset/reset.store.ts';
import { memberModel } from '../account/member.store.ts';
import { clientModel, type ClientStore } from '../client/client.store.ts';
import { approvalModel } from '../ciba/approval.store.ts';
import { deviceApprovalModel } from '../device-approval/device-approval.store.ts';
import { signingKeyModel } from '../keys/signing-key.store.ts';
import { notMeModel } from '../not-me/not-me.store.ts';
import { assertTold } from '../logout/logout-notices.ts';
import type { TellClients, ToldSession } from '../logout/tell-clients.ts';
import { noticeModel } from '../outgoing/notice.store.ts';
import { contactModel } from '../contact/contact.store.ts';
import { messageCountModel } from '../one-time-code/window-count.store.ts';
import { oneTimeCodeModel } from '../one-time-code/one-time-code.store.ts';
import { recoveryModel } from '../recovery/recovery.store.ts';
import { registrationModel } from '../registration/registration.store.ts';
import { secondFactorModel } from '../second-factor/second-factor.store.ts';
import { passkeyModels } from '../login/passkey.store.ts';
import { knownDeviceModel } from '../new-device/known-device.store.ts';
import { sessionEndingModel } from '../session-list/session-ending.store.ts';
import {
  type ArtifactName,
  ARTIFACTS,
  artifactModel,
  isArtifactName,
  openArtifactStore,
} from './artifact.store.ts';
import { sessionModels, type SessionStore } from './session.store.ts';

/** Where the provider keeps everything: a store per model of the library. */
export function providerStorage(
  connection: Connection,
  { clock, clients, sessions }: { clock: Clock; clients: ClientStore; sessions: SessionStore },
): AdapterFactory {
  const stores = new Map<string, Adapter>([
    ['Session', sessions],
    ['Client', clients.adapter],
  ]);
  return (name) => {
    const known = stores.get(name);
    if (known) return known;
    if (!isArtifactName(name)) throw new Error(`the library has a model nobody stores: ${name}`);
    const store = openArtifactStore(connection, name, clock);
    const made =
      name === 'AccessToken' ? toldGrants(store, openEndedLogins(connection), clock) : store;
    stores.set(name, made);
    return made;
  };
}

/** Access tokens of the graph are kept nowhere: that those of a grant are revoked is told to whoever takes them. */
const toldGrants = (store: Adapter, ends: EndedLoginStore, clock: Clock): Adapter => ({
  ...store,
  revokeByGrantId: async (grantId) => {
    await ends.tell({ kind: 'GRANT', grantId }, clock.now());
    await store.revokeByGrantId(grantId);
  },
});

/**
 * Ends a session with its cookie: the library only knows how to drop the id, which for us is one of
 * several pointers. A session whose clients could not all be told stays. The class belongs to this one provider.
 */
export function endSessionsWhole(
  provider: Provider,
  { sessions, audit, tell }: { sessions: SessionStore; audit: Audit; tell: TellClients },
): void {
  const { prototype } = provider.Session;
  const { destroy: dropId, resetIdentifier, save } = prototype;
  // After a logout from one client alone the session goes on without it. The store keeps what a tab does not know of a client, so it
  // has to be told; else the next login there would bear the name of the one that ended.
  const left = new WeakMap<object, string>();
  prototype.resetIdentifier = function resetTold(this: typeof prototype) {
    assertTold();
    const { ctx } = Provider;
    const clientId = ctx?.oidc.route === 'end_session_confirm' && ctx.oidc.client?.clientId;
    if (clientId) left.set(ctx, clientId);
    resetIdentifier.call(this);
  };
  prototype.save = async function saveLeft(this: Whole & typeof prototype, ttl: number) {
    const saved = await save.call(this, ttl);
    const { ctx } = Provider;
    const clientId = ctx && left.get(ctx);
    if (clientId !== undefined) await sessions.leave(this.uid, clientId);
    return saved;
  };
  prototype.destroy = async function endWhole(this: Whole & typeof prototype) {
    const { accountId: memberId } = this;
    assertTold();
    await tell(this, 'STOPPED');
    if (memberId) await audit.append('SESSION_ENDED', { memberId, reason: 'LOGGED_OUT' });
    await sessions.end(this.uid);
    await dropId.call(this);
  };
}

interface Whole extends ToldSession {
  readonly uid: string;
}

/** Makes the collections and indexes. Once, and safe to repeat. */
export async function prepareIdentity(connection: Connection): Promise<void> {
  const artifacts = (Object.keys(ARTIFACTS) as ArtifactName[]).map((name) =>
    artifactModel(connection, name),
  );
  const models = [
    ...artifacts,
    ...Object.values(sessionModels(connection)),
    ...Object.values(passkeyModels(connection)),
    ...Object.values(externalIdModels(connection)),
    firstLoginModel(connection),
    carryOverModel(connection),
    clientModel(connection),
    contactModel(connection),
    secondFactorModel(connection),
    oneTimeCodeModel(connection),
    messageCountModel(connection),
    noticeModel(connection),
    approvalModel(connection),
    deviceApprovalModel(connection),
    signingKeyModel(connection),
    memberModel(connection),
    loginRecordModel(connection),
    auditModel(connection),
    sessionEndingModel(connection),
    dutyChangeModel(connection),
    knownDeviceModel(connection),
    ...Object.values(resetModels(connection)),
    recoveryModel(connection),
    registrationModel(connection),
    notMeModel(connection),
  ];
  for (const model of models) {
    await model.createCollection();
    await model.createIndexes();
  }
}
