import {
  Allow,
  type Answer,
  badUserInput,
  CohortInput,
  DateTimeScalar,
  FRESH_LOGIN,
  freshOperator,
  memberOf,
  only,
  readCohort,
  resultUnion,
  toAnswer,
} from '@7pay/graphql';
import { isEverything } from '@7pay/controls';
import {
  Arg,
  Ctx,
  Directive,
  Field,
  ID,
  InputType,
  Int,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
} from 'type-graphql';
import { AuditEventType, shownEvent } from '../audit/audit-event.graphql.ts';
import { readNote } from '../audit/note.ts';
import { MailInvalid, PhoneInvalid } from '../contact/contact.graphql.ts';
import { LoginLockType } from '../unlock/unlock-login.graphql.ts';
import { MemberNotFound } from '../session-list/member-sessions.graphql.ts';
import { type IdentityContext, MemberType } from './member.graphql.ts';
import type { MemberSearch } from './member-search.ts';
import type { FoundMember, MemberDetail } from './read-members.ts';

const MemberStateEnum = { LOCKED: 'LOCKED', OPERATOR: 'OPERATOR' } as const;
registerEnumType(MemberStateEnum, {
  name: 'MemberSearchState',
  description: 'A state that members are found by.',
  valuesConfig: {
    LOCKED: { description: 'Too many wrong passwords in the last 30 minutes.' },
    OPERATOR: { description: 'Has the role.' },
  },
});

@Directive('@tag(name: "internal")')
@InputType({ description: 'Whom to find: by exactly one of these. Nothing but exact matches.' })
class MemberSearchInput {
  @Field(() => ID, { nullable: true, description: 'A member id.' })
  id?: string | null;

  @Field(() => String, { nullable: true, description: 'A mail address, however it is spelled.' })
  mail?: string | null;

  @Field(() => String, { nullable: true, description: 'A mobile phone in Japan.' })
  phone?: string | null;

  @Field(() => MemberStateEnum, { nullable: true, description: 'A state.' })
  state?: 'LOCKED' | 'OPERATOR' | null;

  @Field(() => CohortInput, {
    nullable: true,
    description: 'Who logged in so in the last 45 days, the newest login first. Never everybody.',
  })
  logins?: CohortInput | null;

  @Field(() => String, { description: 'Why, for the record: 1 to 200 characters, about nobody.' })
  reason!: string;

  @Field(() => Int, { defaultValue: 20, description: 'How many, 1 to 100.' })
  first!: number;

  @Field(() => String, { nullable: true, description: '`next` of the page before.' })
  after?: string | null;
}

@Directive('@tag(name: "internal")')
@ObjectType('FoundMember', { description: 'A member as operators read one.' })
class FoundMemberType {
  @Field(() => ID, { description: 'The member id.' })
  id!: string;

  @Field(() => String, { description: 'The name to greet the member by.' })
  displayName!: string;

  @Field(() => String, { nullable: true, description: 'The mail address, masked.' })
  maskedMail!: string | null;

  @Field(() => DateTimeScalar, { description: 'When they registered.' })
  registeredAt!: Date;

  @Field(() => [String], { description: 'Roles in running the platform.' })
  roles!: readonly string[];

  @Field(() => Boolean, { description: 'Whether they have a password.' })
  hasPassword!: boolean;
}

@Directive('@tag(name: "internal")')
@ObjectType({ description: 'A page of members.' })
class MembersFound {
  @Field(() => [FoundMemberType], { description: 'Each of them once in a page.' })
  members!: FoundMemberType[];

  @Field(() => String, { nullable: true, description: 'Give this as `after` for the next page.' })
  next!: string | null;
}

@Directive('@tag(name: "internal")')
@ObjectType({ description: 'A contact, masked.' })
class MaskedContact {
  @Field(() => String, { description: '`mail` or `sms`.' })
  channel!: string;

  @Field(() => String, { description: 'Enough to know it by.' })
  masked!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Since when it counts.' })
  verifiedAt!: Date | null;
}

@Directive('@tag(name: "internal")')
@ObjectType({ description: 'An external ID of a member, without its subject.' })
class LinkedProvider {
  @Field(() => String, { description: 'The key of the provider.' })
  provider!: string;

  @Field(() => DateTimeScalar, { description: 'When it was linked.' })
  linkedAt!: Date;
}

@Directive('@tag(name: "internal")')
@ObjectType({ description: 'How a member proves who they are, and how they did lately.' })
class MemberShown {
  @Field(() => FoundMemberType, { description: 'Who.' })
  found!: FoundMemberType;

  @Field(() => MemberType, { description: 'The member, with the logins that go on.' })
  member!: object;

  @Field(() => [MaskedContact], { description: 'Contacts, masked: at most 6.' })
  contacts!: MaskedContact[];

  @Field(() => Int, { description: 'How many passkeys.' })
  passkeys!: number;

  @Field(() => Boolean, { description: 'Whether there is an authenticator app.' })
  hasApp!: boolean;

  @Field(() => Int, { description: 'Recovery codes that are left.' })
  recoveryCodes!: number;

  @Field(() => [LinkedProvider], { description: 'External IDs.' })
  externalIds!: LinkedProvider[];

  @Field(() => [AuditEventType], { description: 'The last 20 logins and refused tries.' })
  logins!: AuditEventType[];

  @Field(() => [LoginLockType], { description: 'What keeps them out now: nothing, one or both.' })
  locks!: readonly LoginLockType[];
}

const FindMembersResult = resultUnion('FindMembersResult', 'A page of members, or why not.', [
  MembersFound,
  MailInvalid,
  PhoneInvalid,
]);
const ReadMemberResult = resultUnion('ReadMemberResult', 'The member, or why not.', [
  MemberShown,
  MemberNotFound,
]);
const FRESH = only(freshOperator(FRESH_LOGIN.workdaySeconds, 'support', 'security', 'auditor'));

@Resolver()
export class MemberSearchResolver {
  @Directive('@tag(name: "internal")')
  @Allow(FRESH)
  @Query(() => FindMembersResult, {
    description: 'Finds members. Who looked for whom, how and why is on record before the answer.',
  })
  async findMembers(
    @Arg('search', () => MemberSearchInput) input: MemberSearchInput,
    @Ctx() { viewer, administration }: IdentityContext,
  ): Promise<Answer> {
    if (input.first < 1 || input.first > 100) throw badUserInput('first: 1 to 100 is expected');
    const page = { limit: input.first, after: input.after?.slice(0, 300) ?? null };
    const reader = { by: memberOf(viewer).memberId, note: readNote(input.reason) };
    const found = await administration.members.find(readSearch(input), page, reader);
    return toAnswer(viewer, found, ({ rows, next }) => ({
      __typename: 'MembersFound',
      members: rows.map(shownMember),
      next,
    }));
  }

  @Directive('@tag(name: "internal")')
  @Allow(FRESH)
  @Query(() => ReadMemberResult, {
    description: 'One member: factors, contacts, last logins. Who read it and why is on record.',
  })
  async readMember(
    @Arg('id', () => ID) id: string,
    @Arg('reason', () => String, { description: 'Why: 1 to 200 characters.' }) reason: string,
    @Ctx() { viewer, administration }: IdentityContext,
  ): Promise<Answer> {
    const reader = { by: memberOf(viewer).memberId, note: readNote(reason) };
    const read = await administration.members.detail(id, reader);
    return toAnswer(viewer, read, ({ logins, ...detail }: MemberDetail) => ({
      ...detail,
      __typename: 'MemberShown',
      found: shownMember(detail),
      logins: logins.map(shownEvent),
    }));
  }
}

const shownMember = ({ member, maskedMail }: FoundMember): FoundMemberType => ({
  id: member.id,
  displayName: member.displayName,
  maskedMail,
  registeredAt: member.registeredAt,
  roles: member.roles,
  hasPassword: member.passwordSetAt !== null,
});

function readSearch({ id, mail, phone, state, logins }: MemberSearchInput): MemberSearch {
  const asked: MemberSearch[] = [];
  if (id) asked.push({ by: 'ID', id });
  if (mail) asked.push({ by: 'MAIL', mail });
  if (phone) asked.push({ by: 'PHONE', phone });
  if (state) asked.push({ by: 'STATE', state });
  if (logins) asked.push({ by: 'LOGINS', cohort: readCohort(logins) });
  const [search] = asked;
  if (!search || asked.length > 1) throw badUserInput('search: by exactly one of them');
  if (search.by === 'LOGINS' && isEverything(search.cohort)) {
    throw badUserInput('search.logins: everybody is too many');
  }
  return search;
}
