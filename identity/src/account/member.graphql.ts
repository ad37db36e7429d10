import 'reflect-metadata';
import {
  Allow,
  DateTimeScalar,
  DUTIES,
  entity,
  type loaderFor,
  member,
  memberOf,
  operator,
  owner,
  shownTo,
  type Viewer,
} from '@7pay/graphql';
import type { Clock } from '@7pay/time';
import {
  Ctx,
  Directive,
  Field,
  FieldResolver,
  ID,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import type { Administration } from '../administration.ts';
import type { ManageContacts } from '../contact/manage-contacts.ts';
import type { Contact } from '../contact/contact.ts';
import type { AuthenticatorApp } from '../second-factor/authenticator-app.ts';
import type { SecondFactors } from '../second-factor/second-factor.store.ts';
import type { ExternalId } from '../external-id/external-id.store.ts';
import type { ExternalProviders } from '../external-id/external-providers.ts';
import type { UnlinkExternalId } from '../external-id/unlink-external-id.ts';
import type { LoginRecordStore } from '../gate/login-record.store.ts';
import type { MemberSessions } from '../session-list/member-sessions.ts';
import type { ResetStore } from '../reset/reset.store.ts';
import type { Member } from './member.ts';

type Loader<Row> = ReturnType<typeof loaderFor<Row>>;

/** What the resolvers of identity are given with each request. */
export interface IdentityContext {
  readonly viewer: Viewer;
  readonly members: Loader<Member>;
  readonly signInMethods: Loader<SignInMethodRows>;
  readonly contactsOf: Loader<{ memberId: string; contacts: readonly Contact[] }>;
  readonly factorsOf: Loader<SecondFactors>;
  readonly account: AccountUseCases;
  readonly unlinkExternalId: UnlinkExternalId;
  readonly externalIdsOf: Loader<{ memberId: string; links: readonly ExternalId[] }>;
  /** What to call a provider, and whether logins by it are open. */
  readonly providerOf: (key: string, locale: Viewer['locale']) => { name: string; isOpen: boolean };
  readonly countLogins: LoginRecordStore['count'];
  readonly countResets: ResetStore['done'];
  readonly sessions: MemberSessions;
  readonly administration: Administration;
  readonly providers: Pick<ExternalProviders, 'all'>;
  /** What to call an app; null for one that is gone. */
  readonly clientName: (clientId: string, locale: Viewer['locale']) => Promise<string | null>;
  readonly clock: Clock;
}

/** What members do with their own 7iD. */
export interface AccountUseCases {
  readonly contacts: ManageContacts;
  readonly app: AuthenticatorApp;
}

/** The ways in of one member, oldest first. */
export interface SignInMethodRows {
  readonly memberId: string;
  readonly methods: readonly { kind: SignInMethodKind; label: string; addedAt: Date }[];
}

/** The kinds of ways in. */
export const SignInMethodKind = {
  PASSWORD: 'PASSWORD',
  PASSKEY: 'PASSKEY',
  EXTERNAL_ID: 'EXTERNAL_ID',
} as const;
export type SignInMethodKind = keyof typeof SignInMethodKind;

registerEnumType(SignInMethodKind, {
  name: 'SignInMethodKind',
  description: 'A kind of way to log in.',
  valuesConfig: {
    PASSWORD: { description: 'Mail address and password.' },
    PASSKEY: { description: 'A passkey on a device, with user verification.' },
    EXTERNAL_ID: { description: 'An account at an external provider.' },
  },
});

@ObjectType('SignInMethod', { description: 'One way in which a member can log in.' })
class SignInMethodType {
  @Field(() => SignInMethodKind, { description: 'Its kind.' })
  kind!: SignInMethodKind;

  @Field(() => String, { description: 'What to call it: a provider, or the place of the passkey.' })
  label!: string;

  @Field(() => DateTimeScalar, { description: 'When it was added.' })
  addedAt!: Date;
}

@Directive('@key(fields: "id")')
@ObjectType('Member', {
  description:
    'A member of 7iD. Only the member and operators are shown one; to others it does not exist.',
})
export class MemberType {
  @Field(() => ID, { description: 'The OIDC subject. It never changes.' })
  id!: string;

  @Field(() => String, { description: 'The name to greet the member by; not a proof of anything.' })
  displayName!: string;

  @Field(() => DateTimeScalar, { description: 'When the member registered.' })
  registeredAt!: Date;

  @Field(() => [String], { description: 'Roles in running the platform, such as `operator`.' })
  roles!: string[];
}

@Resolver(() => MemberType)
export class MemberResolver {
  @Allow(shownTo(member(null)))
  @Query(() => MemberType, {
    nullable: true,
    description: 'The member who asks; null for terminals and for nobody.',
  })
  me(@Ctx() { viewer, members }: IdentityContext): Promise<Member | null> {
    return members.load(memberOf(viewer).memberId);
  }

  @FieldResolver(() => [SignInMethodType], {
    description: 'The ways in which the member can log in, oldest first.',
  })
  async signInMethods(@Root() { id }: MemberType, @Ctx() { signInMethods }: IdentityContext) {
    return (await signInMethods.load(id))?.methods ?? [];
  }
}

/** A member by id for the other subgraphs: the member's own, or any for operators; to others there is none. */
export const findVisibleMember = entity(
  shownTo(owner(null, 1), operator(...DUTIES)),
  ({ id }: { id: string }, { members }: IdentityContext) => members.load(id),
  ({ id }) => ({ memberId: id }),
);
