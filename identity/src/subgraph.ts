import type { Controls } from '@7pay/controls';
import { defineSubgraph, loaderFor, type Subgraph, type Viewer, type Worker } from '@7pay/graphql';
import type { Locale } from '@7pay/refusals';
import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import type { Messenger } from '@7pay/world';
import {
  findVisibleMember,
  type AccountUseCases,
  type IdentityContext,
  MemberResolver,
  type SignInMethodRows,
} from './account/member.graphql.ts';
import { MemberSearchResolver } from './account/member-search.graphql.ts';
import { DutiesResolver } from './duty/duties.graphql.ts';
import { UnlockLoginResolver } from './unlock/unlock-login.graphql.ts';
import { AuditResolver } from './audit/audit.graphql.ts';
import type { MemberStore } from './account/member.store.ts';
import type { Administration } from './administration.ts';
import { ChangeClientsResolver } from './client/change-clients.graphql.ts';
import { OwnClientSecretsResolver } from './client/own-client-secrets.graphql.ts';
import { ClientsResolver } from './client/clients.graphql.ts';
import { nameOfClient } from './client/client.ts';
import type { ClientStore } from './client/client.store.ts';
import { registerTerminalClient } from './client/register-terminal-client.consumer.ts';
import { ContactResolver } from './contact/contact.graphql.ts';
import type { ContactStore } from './contact/contact.store.ts';
import type { ExternalIdStore } from './external-id/external-id.store.ts';
import { MemberExternalIdsResolver } from './external-id/member-external-ids.graphql.ts';
import { tellExternalId } from './external-id/tell-external-id.consumer.ts';
import { UnlinkExternalIdResolver } from './external-id/unlink-external-id.graphql.ts';
import type { UnlinkExternalId } from './external-id/unlink-external-id.ts';
import type { ExternalProviders } from './external-id/external-providers.ts';
import { isProviderOpen } from './external-id/ways-in.ts';
import { CohortSizeResolver } from './gate/cohort-size.graphql.ts';
import type { LoginRecordStore } from './gate/login-record.store.ts';
import type { ResetStore } from './reset/reset.store.ts';
import { SigningKeysResolver } from './keys/signing-keys.graphql.ts';
import { NoticesResolver } from './outgoing/notices.graphql.ts';
import { mailNotice } from './mail/mail-notice.consumer.ts';
import { LoginProvidersResolver } from './login/login-providers.graphql.ts';
import type { PasskeyStore } from './login/passkey.store.ts';
import { MemberSessionsResolver } from './session-list/member-sessions.graphql.ts';
import type { MemberSessions } from './session-list/member-sessions.ts';
import type { TellContacts } from './not-me/tell-contacts.ts';
import { tellRecovered } from './recovery/tell-recovered.consumer.ts';
import { tellNewDevice } from './new-device/tell-new-device.consumer.ts';
import { AuthenticatorAppResolver } from './second-factor/authenticator-app.graphql.ts';
import type { SecondFactorStore } from './second-factor/second-factor.store.ts';

interface SubgraphDeps {
  readonly members: MemberStore;
  readonly passkeys: PasskeyStore;
  readonly externalIds: ExternalIdStore;
  readonly clients: ClientStore;
  readonly providers: ExternalProviders;
  readonly controls: Pick<Controls, 'look'>;
  readonly contacts: ContactStore;
  readonly factors: SecondFactorStore;
  readonly account: AccountUseCases;
  readonly clock: Clock;
  readonly logins: LoginRecordStore;
  readonly resets: ResetStore;
  readonly messenger: Messenger;
  readonly tellContacts: TellContacts;
  readonly sessions: MemberSessions;
  readonly administration: Administration;
  readonly unlinkExternalId: UnlinkExternalId;
  readonly log: Log;
  readonly workers?: readonly Worker[];
}

/** The `identity` subgraph: members and how they log in. */
export function identitySubgraph(deps: SubgraphDeps): Subgraph {
  const { members, clients, log } = deps;
  return defineSubgraph<IdentityContext>({
    name: 'identity',
    resolvers: [
      MemberResolver,
      ContactResolver,
      AuthenticatorAppResolver,
      CohortSizeResolver,
      UnlinkExternalIdResolver,
      MemberExternalIdsResolver,
      MemberSessionsResolver,
      ClientsResolver,
      ChangeClientsResolver,
      OwnClientSecretsResolver,
      SigningKeysResolver,
      NoticesResolver,
      LoginProvidersResolver,
      AuditResolver,
      MemberSearchResolver,
      DutiesResolver,
      UnlockLoginResolver,
    ],
    references: { Member: findVisibleMember },
    context: (viewer: Viewer) => ({
      viewer,
      members: loaderFor(members.findMany, ({ id }) => id),
      signInMethods: loaderFor(waysIn(deps, viewer.locale), ({ memberId }) => memberId),
      contactsOf: loaderFor(contactsOf(deps.contacts), ({ memberId }) => memberId),
      factorsOf: loaderFor(deps.factors.ofMembers, ({ memberId }) => memberId),
      account: deps.account,
      clock: deps.clock,
      countLogins: deps.logins.count,
      countResets: deps.resets.done,
      unlinkExternalId: deps.unlinkExternalId,
      externalIdsOf: loaderFor(linksOf(deps.externalIds), ({ memberId }) => memberId),
      providerOf: (key: string, locale: Locale) => ({
        name: deps.providers.find(key)?.name[locale] ?? key,
        isOpen: isProviderOpen(deps.controls)(key),
      }),
      sessions: deps.sessions,
      administration: deps.administration,
      providers: deps.providers,
      clientName: clientName(clients),
    }),
    workers: deps.workers ?? [],
    consumers: [
      registerTerminalClient(clients, log),
      mailNotice(deps),
      tellNewDevice({ ...deps, clientName: clientName(clients) }),
      tellRecovered({ ...deps, clientName: clientName(clients) }),
      tellExternalId(deps),
    ],
    log,
  });
}

const clientName =
  (clients: ClientStore): IdentityContext['clientName'] =>
  async (clientId, locale) => {
    const client = (await clients.kept(clientId))?.client;
    return nameOfClient(client, locale) ?? null;
  };

const contactsOf = (contacts: ContactStore) => async (ids: readonly string[]) => {
  const found = await contacts.ofMembers(ids);
  return ids.map((memberId) => ({
    memberId,
    contacts: found.filter((contact) => contact.memberId === memberId),
  }));
};

const LABELS: Readonly<Record<'password' | 'synchronised' | 'device', Record<Locale, string>>> = {
  password: { ja: 'パスワード', en: 'Password' },
  synchronised: { ja: '同期されるパスキー', en: 'Synchronised passkey' },
  device: { ja: 'この端末だけのパスキー', en: 'Passkey on one device' },
};

function linksOf(externalIds: ExternalIdStore) {
  return async (ids: readonly string[]) => {
    const links = await externalIds.ofMembers(ids);
    return ids.map((memberId) => ({
      memberId,
      links: links
        .filter((link) => link.memberId === memberId)
        .toSorted((a, b) => a.linkedAt.getTime() - b.linkedAt.getTime()),
    }));
  };
}

function waysIn({ members, passkeys, externalIds, providers }: SubgraphDeps, locale: Locale) {
  return async (ids: readonly string[]): Promise<SignInMethodRows[]> => {
    const [rows, keys, links] = await Promise.all([
      members.findMany(ids),
      passkeys.ofMembers(ids),
      externalIds.ofMembers(ids),
    ]);
    return rows.map(({ id, passwordSetAt }) => {
      const password = passwordSetAt
        ? [{ kind: 'PASSWORD' as const, label: LABELS.password[locale], addedAt: passwordSetAt }]
        : [];
      const ofPasskeys = keys
        .filter(({ memberId }) => memberId === id)
        .map(({ synchronised, addedAt }) => ({
          kind: 'PASSKEY' as const,
          label: LABELS[synchronised ? 'synchronised' : 'device'][locale],
          addedAt,
        }));
      const ofLinks = links
        .filter(({ memberId }) => memberId === id)
        .map(({ provider, linkedAt }) => ({
          kind: 'EXTERNAL_ID' as const,
          label: providers.find(provider)?.name[locale] ?? provider,
          addedAt: linkedAt,
        }));
      const methods = [...password, ...ofPasskeys, ...ofLinks].sort(
        (a, b) => a.addedAt.getTime() - b.addedAt.getTime(),
      );
      return { memberId: id, methods };
    });
  };
}
