import {
  Allow,
  type Answer,
  badUserInput,
  FRESH_LOGIN,
  freshOperator,
  member,
  memberOf,
  only,
  toAnswer,
} from '@7pay/graphql';
import { isRefused, type Refused } from '@7pay/refusals';
import {
  Arg,
  Ctx,
  Directive,
  Field,
  ID,
  InputType,
  Mutation,
  registerEnumType,
  Resolver,
} from 'type-graphql';
import type { IdentityContext } from '../account/member.graphql.ts';
import { readNote } from '../audit/note.ts';
import type { ClientAdministration, ClientOrder, WithSecret } from './administer-clients.ts';
import type { KeptClient } from './client.store.ts';
import {
  ChangeClientResult,
  RegisterClientResult,
  RotateClientSecretResult,
} from './client-results.graphql.ts';
import { shownClient } from './clients.graphql.ts';

const NewClientKindEnum = { CODE: 'CODE', FAPI2: 'FAPI2' } as const;
registerEnumType(NewClientKindEnum, {
  name: 'NewClientKind',
  description: 'How an app talks to 7iD.',
  valuesConfig: {
    CODE: { description: 'Authorization code with PKCE, and a secret.' },
    FAPI2: {
      description: 'The FAPI 2.0 Security Profile: a key of its own, DPoP, pushed requests.',
    },
  },
});

@InputType({ description: 'An app to register.' })
class RegisterClientInput {
  @Field(() => String, {
    description: 'Its name in Japanese, 1 to 60 characters; members read it.',
  })
  nameJa!: string;

  @Field(() => String, { description: 'Its name in English, 1 to 60 characters; members read it.' })
  nameEn!: string;

  @Field(() => [String], {
    description: 'Where it may send people: 1 to 10 addresses on https, or of localhost.',
  })
  redirectUris!: string[];

  @Field(() => NewClientKindEnum, { description: 'How it talks to 7iD.' })
  kind!: 'CODE' | 'FAPI2';

  @Field(() => String, {
    nullable: true,
    description: 'For `FAPI2`: its public keys, a JWK Set as text of at most 20,000 characters.',
  })
  jwks?: string | null;
}

@Directive('@tag(name: "internal")')
@InputType({ description: 'A client, and why something is done to it.' })
class ChangeClientInput {
  @Field(() => ID, { description: 'The client id.' })
  id!: string;

  @Field(() => String, { description: 'Why, for the record: 1 to 200 characters, about nobody.' })
  reason!: string;
}

@Directive('@tag(name: "internal")')
@InputType({ description: 'Other redirect URIs of a client.' })
class ChangeClientRedirectsInput extends ChangeClientInput {
  @Field(() => [String], { description: 'All of them: 1 to 10.' })
  redirectUris!: string[];
}

const FRESH = only(freshOperator(FRESH_LOGIN.workdaySeconds, 'security'));
/** Who registers apps. */
export const PARTNER = only(
  member('merchant', { acr: 2, freshSeconds: FRESH_LOGIN.workdaySeconds }),
);
const TEXT_MAX = 20_000;

@Resolver()
export class ChangeClientsResolver {
  @Allow(PARTNER)
  @Mutation(() => RegisterClientResult, {
    description:
      'Registers an app of the member who asks: for test people, until an operator approves it. At most 5.',
  })
  async registerClient(
    @Arg('input', () => RegisterClientInput) input: RegisterClientInput,
    @Ctx() { viewer, administration, clock }: IdentityContext,
  ): Promise<Answer> {
    const { nameJa: ja, nameEn: en, redirectUris, kind, jwks = null } = input;
    if ((jwks?.length ?? 0) > TEXT_MAX) throw badUserInput('jwks: at most 20000 characters');
    const asked = { name: { ja, en }, redirectUris, kind, jwks };
    const made = await administration.clients.register(asked, memberOf(viewer).memberId);
    return secretMade({ viewer, clock }, made);
  }

  @Directive('@tag(name: "internal")')
  @Allow(FRESH)
  @Mutation(() => RotateClientSecretResult, {
    description:
      'A new secret for a client of the console, as when others know it. All before are worth nothing within two seconds.',
  })
  async rotateClientSecret(
    @Arg('input', () => ChangeClientInput) input: ChangeClientInput,
    @Ctx() context: IdentityContext,
  ): Promise<Answer> {
    const order = orderOf(context.viewer, input);
    return secretMade(context, await context.administration.clients.rotateSecret(order, 'AT_ONCE'));
  }

  @Directive('@tag(name: "internal")')
  @Allow(FRESH)
  @Mutation(() => ChangeClientResult, {
    description:
      'Stops a client everywhere within two seconds. Access tokens that are out end within a second.',
  })
  suspendClient(
    @Arg('input', () => ChangeClientInput) input: ChangeClientInput,
    @Ctx() context: IdentityContext,
  ): Promise<Answer> {
    return change(context, input, 'suspend');
  }

  @Directive('@tag(name: "internal")')
  @Allow(FRESH)
  @Mutation(() => ChangeClientResult, {
    description: 'Lets a suspended client in again, as it was. Two operators, within 30 minutes.',
  })
  reopenClient(
    @Arg('input', () => ChangeClientInput) input: ChangeClientInput,
    @Ctx() context: IdentityContext,
  ): Promise<Answer> {
    return change(context, input, 'reopen');
  }

  @Directive('@tag(name: "internal")')
  @Allow(FRESH)
  @Mutation(() => ChangeClientResult, {
    description: 'Lets a tested client at everybody. Not by the person who registered it.',
  })
  approveClient(
    @Arg('input', () => ChangeClientInput) input: ChangeClientInput,
    @Ctx() context: IdentityContext,
  ): Promise<Answer> {
    return change(context, input, 'approve');
  }

  @Directive('@tag(name: "internal")')
  @Allow(FRESH)
  @Mutation(() => ChangeClientResult, {
    description:
      'Other redirect URIs for a client of the console. For one that members use: two operators with the same list, within 30 minutes.',
  })
  async changeClientRedirects(
    @Arg('input', () => ChangeClientRedirectsInput) input: ChangeClientRedirectsInput,
    @Ctx() context: IdentityContext,
  ): Promise<Answer> {
    const order = orderOf(context.viewer, input);
    const { clients } = context.administration;
    return changed(context, await clients.changeRedirects(order, input.redirectUris));
  }
}

type Viewer = IdentityContext['viewer'];

const orderOf = (viewer: Viewer, { id, reason }: ChangeClientInput): ClientOrder => ({
  id,
  by: memberOf(viewer).memberId,
  note: readNote(reason),
});

type Shown = Pick<IdentityContext, 'viewer' | 'clock'>;

const change = async (
  context: IdentityContext,
  input: ChangeClientInput,
  step: keyof Pick<ClientAdministration, 'suspend' | 'reopen' | 'approve'>,
): Promise<Answer> => {
  const order = orderOf(context.viewer, input);
  return changed(context, await context.administration.clients[step](order));
};

const changed = ({ viewer, clock }: Shown, result: KeptClient | Refused): Answer =>
  toAnswer(viewer, isRefused(result) ? result : { kept: result }, ({ kept }) => ({
    __typename: 'ClientChanged',
    client: shownClient(kept, viewer, clock.now()),
  }));

/** A secret that was just made, or why not. */
export const secretMade = ({ viewer, clock }: Shown, made: WithSecret | Refused): Answer =>
  toAnswer(viewer, made, ({ kept, secret }) => ({
    __typename: 'ClientSecretMade',
    client: shownClient(kept, viewer, clock.now()),
    secret,
  }));
