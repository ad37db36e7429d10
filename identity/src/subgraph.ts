import { defineSubgraph, loaderFor, type Subgraph, type Viewer } from '@7pay/graphql';
import type { Locale } from '@7pay/refusals';
import type { Log } from '@7pay/telemetry';
import {
  findVisibleMember,
  type IdentityContext,
  MemberResolver,
  type SignInMethodRows,
} from './account/member.graphql.ts';
import type { MemberStore } from './account/member.store.ts';
import type { ClientStore } from './client/client.store.ts';
import { registerTerminalClient } from './client/register-terminal-client.consumer.ts';
import type { ExternalIdStore } from './external-id/external-id.store.ts';
import type { ExternalProviders } from './external-id/external-providers.ts';
import { mailNotice } from './mail/mail-notice.consumer.ts';
import type { Mailer } from './mail/mailer.ts';
import type { PasskeyStore } from './login/passkey.store.ts';

interface SubgraphDeps {
  readonly members: MemberStore;
  readonly passkeys: PasskeyStore;
  readonly externalIds: ExternalIdStore;
  readonly clients: ClientStore;
  readonly providers: ExternalProviders;
  /** Absent: no mail is sent. */
  readonly mailer?: Mailer | undefined;
  readonly log: Log;
}

/** The `identity` subgraph: members and how they log in. */
export function identitySubgraph(deps: SubgraphDeps): Subgraph {
  const { members, clients, log } = deps;
  return defineSubgraph<IdentityContext>({
    name: 'identity',
    resolvers: [MemberResolver],
    references: { Member: findVisibleMember },
    context: (viewer: Viewer) => ({
      viewer,
      members: loaderFor(members.findMany, ({ id }) => id),
      signInMethods: loaderFor(waysIn(deps, viewer.locale), ({ memberId }) => memberId),
    }),
    consumers: [
      registerTerminalClient(clients, log),
      ...(deps.mailer ? [mailNotice(members, deps.mailer, log)] : []),
    ],
    log,
  });
}

const LABELS: Readonly<Record<'password' | 'synchronised' | 'device', Record<Locale, string>>> = {
  password: { ja: 'パスワード', en: 'Password' },
  synchronised: { ja: '同期されるパスキー', en: 'Synchronised passkey' },
  device: { ja: 'この端末だけのパスキー', en: 'Passkey on one device' },
};

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
