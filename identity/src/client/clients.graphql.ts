import {
  Allow,
  connectionOf,
  DateScalar,
  DateTimeScalar,
  isOperator,
  member,
  memberOf,
  only,
  operator,
  PageArgs,
  pageOf,
  type Viewer,
} from '@7pay/graphql';
import {
  Arg,
  Args,
  Ctx,
  Directive,
  Field,
  ID,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
} from 'type-graphql';
import type { IdentityContext } from '../account/member.graphql.ts';
import type { KeptClient } from './client.store.ts';
import { OLD_SECRET_HOURS, workingOld } from './client-secrets.ts';
import { type ClientOrigin, type ClientProposal, stateOf } from './client-standing.ts';
import { nameOfClient } from './client.ts';
import { workingRedirects } from './new-client.ts';

const named = <Name extends string>(...names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, name])) as Record<Name, Name>;

const ClientStateEnum = named('TEST', 'ACTIVE', 'SUSPENDED');
registerEnumType(ClientStateEnum, {
  name: 'ClientState',
  description: 'How a client stands.',
  valuesConfig: {
    TEST: { description: 'Nobody approved it yet: for test people, and addresses of localhost.' },
    ACTIVE: { description: 'For everybody.' },
    SUSPENDED: { description: 'Stopped, as if there were no such client.' },
  },
});
const ClientOriginEnum = named('SETTINGS', 'EVENT', 'REGISTERED', 'CONSOLE');
registerEnumType(ClientOriginEnum, {
  name: 'ClientOrigin',
  description: 'Who brought a client.',
  valuesConfig: {
    SETTINGS: { description: 'The settings of 7iD.' },
    EVENT: { description: 'The pairing of a terminal.' },
    REGISTERED: { description: 'It registered itself (RFC 7591).' },
    CONSOLE: { description: 'A person, in the console.' },
  },
});
const ClientProposalKindEnum = named('REOPEN', 'REDIRECTS');
registerEnumType(ClientProposalKindEnum, {
  name: 'ClientProposalKind',
  description: 'What one operator asked for and another one has to do.',
});

@Directive('@tag(name: "internal")')
@ObjectType('ClientProposal', {
  description: 'What one operator asked for; another one does the same within 30 minutes.',
})
class ClientProposalType {
  @Field(() => ClientProposalKindEnum, { description: 'What.' })
  kind!: ClientProposal['kind'];

  @Field(() => [String], { description: 'The redirect URIs to be; empty for a reopening.' })
  redirectUris!: readonly string[];

  @Field(() => ID, { description: 'The operator who asked.' })
  by!: string;

  @Field(() => DateTimeScalar, { description: 'When.' })
  at!: Date;
}

@ObjectType({ description: 'The secret before the one that counts, while it still works.' })
class OldClientSecret {
  @Field(() => DateTimeScalar, {
    description: `Until when it works: ${OLD_SECRET_HOURS} hours after the new one was made.`,
  })
  until!: Date;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'The last day on which it was used (Asia/Tokyo); null if it never was.',
  })
  usedOn!: string | null;
}

@ObjectType('Client', { description: 'An app that members log in to, or a service, at 7iD.' })
export class ClientType {
  @Field(() => ID, { description: 'The client id of OAuth.' })
  id!: string;

  @Field(() => String, { description: 'What members read.' })
  name!: string;

  @Field(() => ClientOriginEnum, { description: 'Who brought it.' })
  origin!: ClientOrigin;

  @Field(() => ClientStateEnum, { description: 'How it stands.' })
  state!: string;

  @Field(() => Boolean, { description: 'Whether it is held to the FAPI 2.0 Security Profile.' })
  fapi!: boolean;

  @Field(() => String, { description: 'How it proves that it is itself (RFC 7591).' })
  authentication!: string;

  @Field(() => [String], { description: 'Where it may send people, letter by letter.' })
  redirectUris!: readonly string[];

  @Field(() => [String], {
    description:
      'Those of them that work now: of localhost alone while it is tested, and the public ones from then on.',
  })
  workingRedirectUris!: readonly string[];

  @Field(() => Boolean, { description: 'Whether it has a secret that can be made anew.' })
  hasSecret!: boolean;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'The last day on which the secret was used (Asia/Tokyo); null if it never was.',
  })
  secretUsedOn!: string | null;

  @Field(() => OldClientSecret, {
    nullable: true,
    description: 'The secret before, while it still works beside the new one; null for none.',
  })
  oldSecret!: OldClientSecret | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When a person registered it.' })
  registeredAt!: Date | null;

  @Directive('@tag(name: "internal")')
  @Field(() => ID, {
    nullable: true,
    description: 'Who registered it; null when nobody did, and for whoever is no operator.',
  })
  registeredBy!: string | null;

  @Directive('@tag(name: "internal")')
  @Field(() => ClientProposalType, {
    nullable: true,
    description: 'What waits for a second operator; null for whoever is none.',
  })
  proposal!: ClientProposalType | null;
}

const ClientConnection = connectionOf('Client', () => ClientType);

/** A client as the graph shows it. */
export function shownClient(
  { client, standing, secrets }: KeptClient,
  viewer: Viewer,
  now: Date,
): ClientType {
  const old = workingOld(secrets, now);
  const { locale } = viewer;
  const uris = client.redirect_uris ?? [];
  const state = stateOf(standing);
  const working = standing.origin === 'CONSOLE' ? workingRedirects(state, uris) : uris;
  // Who works here is nothing for partners.
  const { proposal, registeredBy } = isOperator(viewer)
    ? standing
    : { proposal: null, registeredBy: null };
  return {
    id: client.client_id,
    name: nameOfClient(client, locale) ?? client.client_id,
    origin: standing.origin,
    state,
    fapi: client.security_profile === 'fapi2',
    authentication: client.token_endpoint_auth_method ?? 'client_secret_basic',
    redirectUris: uris,
    workingRedirectUris: working,
    hasSecret: standing.origin === 'CONSOLE' && client.client_secret !== undefined,
    secretUsedOn: secrets.usedOn,
    oldSecret: old && { until: old.until, usedOn: old.usedOn },
    registeredAt: standing.registeredAt,
    registeredBy,
    proposal: proposal && {
      kind: proposal.kind,
      redirectUris: proposal.uris,
      by: proposal.by,
      at: proposal.at,
    },
  };
}

@Resolver()
export class ClientsResolver {
  @Directive('@tag(name: "internal")')
  @Allow(only(operator('security', 'auditor')))
  @Query(() => ClientConnection, {
    description: 'The clients of 7iD by id; terminals only when they are asked for.',
  })
  clients(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('origins', () => [ClientOriginEnum], { nullable: true }) origins: ClientOrigin[] | null,
    @Ctx() { viewer, administration, clock }: IdentityContext,
  ) {
    const wanted = origins ?? (['SETTINGS', 'REGISTERED', 'CONSOLE'] as const);
    return pageOf(
      page,
      (place) => administration.clients.store.list({ ...place, origins: wanted }),
      ({ standing }) => standing.clientId,
      (kept) => shownClient(kept, viewer, clock.now()),
    );
  }

  @Directive('@cost(weight: 2)')
  @Directive('@listSize(assumedSize: 5)')
  @Allow(only(member('merchant', { acr: 2 })))
  @Query(() => [ClientType], { description: 'The apps that the member registered, oldest first.' })
  async myClients(
    @Ctx() { viewer, administration, clock }: IdentityContext,
  ): Promise<ClientType[]> {
    const all = await administration.clients.store.registeredBy(memberOf(viewer).memberId);
    return all.map((kept) => shownClient(kept, viewer, clock.now()));
  }
}
