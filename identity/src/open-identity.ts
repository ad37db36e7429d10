import { openEndedLogins } from '@7pay/controls';
import { unitOfWork as openUnitOfWork } from '@7pay/mongo';
import { isRefused } from '@7pay/refusals';
import type { Provider } from 'oidc-provider';
import { canonicalMail } from './account/member.ts';
import { verifiedMail } from './contact/verified-mail.ts';
import { openAdministration } from './administration.ts';
import { noteStopped } from './audit/refused-login.ts';
import { openAccount } from './account/open-account.ts';
import { registerMember } from './account/register-member.ts';
import { toClient } from './client/client.ts';
import { openClientStore } from './client/client.store.ts';
import { initialAccessToken, judgeRegistration } from './client/registration.ts';
import { approveDevice } from './device-approval/approve-device.ts';
import { openDeviceApprovalStore } from './device-approval/device-approval.store.ts';
import { approvalRoutes } from './ciba/approval-routes.tsx';
import { openApprovalStore } from './ciba/approval.store.ts';
import { carryOverRoutes } from './carry-over/carry-over-routes.tsx';
import { openCarryOver } from './carry-over/open-carry-over.ts';
import { findAccount } from './account/find-account.ts';
import type { Identity, IdentityDeps } from './identity.ts';
import { raiseOperators } from './duty/raise-operators.ts';
import { keyedProvider } from './keys/keyed-provider.ts';
import { openKeySource } from './keys/key-source.ts';
import { endSession, endSessionsOf } from './logout/end-session.ts';
import { writeNotice } from './logout/logout-notices.ts';
import { tellClients } from './logout/tell-clients.ts';
import { deliverNotices, deliverNoticesWorker } from './outgoing/deliver-notices.worker.ts';
import { openNoticeStore } from './outgoing/notice.store.ts';
import { allowedHosts } from './outgoing/outgoing-fetch.ts';
import { authorizationWrites } from './protocol/authorization-writes.ts';
import { readsAhead } from './storage/read-ahead.ts';
import { pinnedListener } from './protocol/pinned-listener.ts';
import { postedRequests } from './protocol/posted-request.ts';
import { stillHolds } from './protocol/still-holds.ts';
import { linkedIdsRoutes } from './external-id/linked-ids-routes.tsx';
import { openExternalIds } from './external-id/open-external-ids.ts';
import { openGate } from './gate/gate.ts';
import { originOf } from './gate/origin.ts';
import { interactionRoutes } from './interaction/interaction-routes.ts';
import { pagesClient } from './interaction/own-page.tsx';
import type { InteractionDeps } from './interaction/turn.ts';
import { assertPasskey } from './login/assert-passkey.ts';
import { enrolPasskey } from './login/enrol-passkey.ts';
import { signedChallenges } from './login/signed-challenge.ts';
import { logInByPassword } from './login/log-in-by-password.ts';
import { openPasswords } from './password/open-passwords.ts';
import { openProvider } from './provider.ts';
import { identitySettings, type SigningKey } from './settings.ts';
import { openRecovery } from './recovery/open-recovery.ts';
import { openRegistration } from './registration/open-registration.ts';
import { openResetStore } from './reset/reset.store.ts';
import { resetPassword } from './reset/reset-password.ts';
import { endSessionsWhole, prepareIdentity, providerStorage } from './storage/provider-storage.ts';
import { noteDevice } from './new-device/note-device.ts';
import { openNotMe } from './not-me/open-not-me.ts';
import { memberSessions } from './session-list/member-sessions.ts';
import { openSessionEndingStore } from './session-list/session-ending.store.ts';
import { openRecordedStores } from './storage/recorded-stores.ts';
import { openSessionStore } from './storage/session.store.ts';
import { identitySubgraph } from './subgraph.ts';

/**
 * Opens 7iD on a database: makes collections and indexes, stores the clients of the settings, and answers.
 * @throws ZodError when the settings do not hold, InvalidClientMetadata when a client does not
 */
export async function openIdentity(deps: IdentityDeps): Promise<Identity> {
  const { connection, controls, clock, ids, log } = deps;
  const settings = identitySettings.parse(deps.settings);
  const unitOfWork = openUnitOfWork(connection);
  const recorded = openRecordedStores(connection, { unitOfWork, clock, ids });
  const { audit, members, passkeys, externalIds, logins, outbox } = recorded;
  const named = [...settings.clients.map(toClient), pagesClient(settings.issuer)];
  const clients = openClientStore(connection, {
    clock,
    secrets: settings.credentialSecrets,
    ofSettings: new Set(named.map(({ client_id: id }) => id)),
    judgeRegistered: judgeRegistration(settings),
    noteRegistered: (clientId, reason) => audit.append('CLIENT_CHANGED', { clientId, reason }),
  });
  const sessions = openSessionStore(connection, clock);
  const account = openAccount({ connection, settings, audit, clock, ids, log });
  const { confirmLogin } = account;
  const gate = openGate({
    controls,
    logins,
    noteStopped: noteStopped(audit),
    noteDevice: noteDevice({ ...recorded, unitOfWork, clock, ids, log }),
    judgeAt: deps.judgeAt,
  });

  await prepareIdentity(connection);
  await raiseOperators({ connection, unitOfWork, audit });
  for (const client of named) await clients.put(client, 'SETTINGS');

  const opened = await openPasswords({ settings, audit, clock, log });
  const { hashes, passwords, admission, door } = opened;
  const register = registerMember({ unitOfWork, members, hashes, passwords, controls, clock, ids });
  const external = openExternalIds({
    connection,
    settings,
    unitOfWork,
    members,
    passkeys,
    externalIds,
    register,
    controls,
    gate,
    outbox,
    clock,
    ids,
    log,
  });
  const { providers } = external;
  const rp = { rpId: settings.rpId, origin: settings.issuer, name: '7iD' };

  const resets = openResetStore(connection);
  const challenges = signedChallenges(settings.cookieKeys);
  const assert = assertPasskey({ passkeys, challenges, clock }, rp);
  const base = {
    connection,
    settings,
    unitOfWork,
    members,
    account,
    outbox,
    controls,
    clock,
    ids,
    log,
  };
  const { contacts, codes, messenger } = account;
  const proving = { contacts, codes, messenger };
  const resetDeps = { ...base, ...proving, logins, resets, hashes, passwords };
  const reset = resetPassword(resetDeps);
  const recovery = openRecovery({ ...base, passkeys, assertPasskey: assert, resets: reset });

  const storage = providerStorage(connection, { clock, clients, sessions });
  const secrets = settings.cookieKeys;
  const notices = openNoticeStore(connection, { clock, secrets });
  const approvals = openApprovalStore(connection, { clock, secrets });
  const current = () => keyed.current();
  const tell = tellClients({ clients, notices });
  const ending = { provider: current, sessions, tell, audit, log };
  const ends = { endSession: endSession(ending), endSessionsOf: endSessionsOf(ending) };
  const approvesDevices = approveDevice({
    approvals: openDeviceApprovalStore(connection),
    sessions,
    members,
    counts: account.counts,
    endSession: ends.endSession,
    clock,
    log,
  });
  // Every path that leads from an old proof to something new ends in this one function.
  const found = findAccount({ members, contacts: account.contacts, gate });
  const holds = stillHolds(found);

  const origins = originOf(door.whereFrom);
  const waysIn: Omit<InteractionDeps, 'provider'> = {
    settings,
    members,
    clients,
    passkeys,
    providers,
    register,
    registering: openRegistration({ ...base, register, passkeys }),
    controls,
    gate,
    resets: reset,
    recovery,
    audit,
    originOf: origins,
    clock,
    ids,
    log,
    door,
    logInByPassword: logInByPassword({ members, hashes, controls, admission, clock }),
    logInByExternalId: external.logIn,
    assertPasskey: assert,
    enrolPasskey: enrolPasskey({ unitOfWork, passkeys, confirmLogin, clock }, rp),
    confirmLogin,
    authenticatorApp: account.app,
    approveDevice: approvesDevices,
  };

  const notMe = openNotMe({ ...base, recoveries: recovery.recoveries, resets, admin: ends });
  const endSessions = (memberId: string) => ends.endSessionsOf(memberId);
  const { contacts: manage } = account.useCases;
  const { counts } = account;
  const carryDeps = { ...resetDeps, ...waysIn, externalIds, endSessions, manage, counts };
  const carryOver = openCarryOver(carryDeps);

  const build = (keys: readonly SigningKey[]): Provider => {
    const provider = openProvider({
      settings,
      storage,
      members,
      controls,
      gate,
      clock,
      log,
      keys,
      notices,
      approvals,
      account: found,
      holds,
      clients,
      ends: openEndedLogins(connection),
      counts,
      originOf: origins,
    });
    endSessionsWhole(provider, ending);
    provider.use(postedRequests());
    const pages = { provider, settings, holds, clock, log };
    provider.use(approvalRoutes({ ...pages, approvals, clients, approveDevice: approvesDevices }));
    provider.use(linkedIdsRoutes({ ...waysIn, ...pages, ...external, externalIds }));
    provider.use(carryOverRoutes({ ...waysIn, ...pages, carryOver }));
    provider.use(notMe.routes);
    provider.use(authorizationWrites({ connection, settings, clock, log }));
    provider.use(readsAhead);
    provider.use(interactionRoutes({ ...waysIn, provider }));
    return provider;
  };

  const source = await openKeySource(connection, settings, clock);
  const keyed = await keyedProvider({ source, settings, build, log });
  // The library judges a client when it is first asked for; a wrong one must not wait for its first member.
  for (const { clientId } of settings.clients) await current().Client.find(clientId);

  const deliver = deliverNotices({
    notices,
    write: writeNotice(current, clients),
    allowed: allowedHosts(settings),
    log,
  });
  return {
    handler: pinnedListener(settings, keyed.listener),
    subgraph: identitySubgraph({
      members,
      passkeys,
      externalIds,
      clients,
      administration: openAdministration({
        connection,
        members,
        contacts: account.contacts,
        passkeys,
        factors: account.factors,
        externalIds,
        clients,
        notices,
        source,
        follow: keyed.look,
        unitOfWork,
        audit,
        outbox,
        admin: ends,
        clock,
        ids,
      }),
      providers,
      controls,
      logins,
      resets,
      contacts: account.contacts,
      factors: account.factors,
      account: account.useCases,
      messenger: account.messenger,
      tellContacts: notMe.tell,
      clock,
      unlinkExternalId: external.unlink,
      sessions: memberSessions({
        sessions,
        logins,
        members,
        unitOfWork,
        audit,
        outbox,
        clock,
        ids,
        endings: openSessionEndingStore(connection),
        admin: ends,
      }),
      log,
      workers: [deliverNoticesWorker(deliver, log)],
    }),
    registerMember: async ({ mail, ...rest }) => {
      const canonical = canonicalMail(mail);
      const known = isRefused(canonical) ? null : await members.findCredentials(canonical);
      if (known) return { memberId: known.member.id };
      return register({
        mail,
        ...rest,
        locale: 'ja',
        alongside: async (_session, memberId) => {
          if (isRefused(canonical)) return false;
          // Whoever runs 7iD names these people, and vouches for their addresses.
          return verifiedMail(account.contacts, { memberId, address: canonical }, clock.now());
        },
      });
    },
    admin: {
      ...ends,
      unlockLogin: (memberId) => unitOfWork((session) => members.unlock(memberId, session)),
      notices: { deliver, dead: notices.dead, revive: notices.revive },
      keys: { ...source, follow: keyed.look },
      initialAccessToken: () => initialAccessToken(current(), settings),
    },
    stop: async () => {
      await keyed.stop();
      await recovery.after.settled();
      await opened.close(); // the connection is the caller's
    },
  };
}
