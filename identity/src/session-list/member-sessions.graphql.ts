import {
  Allow,
  type Answer,
  DateTimeScalar,
  FRESH_LOGIN,
  freshOperator,
  member,
  memberOf,
  only,
  operator,
  owner,
  refusalClass,
  resultUnion,
  shownTo,
  toAnswer,
} from '@7pay/graphql';
import {
  Arg,
  Ctx,
  Directive,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import { type IdentityContext, MemberType } from '../account/member.graphql.ts';
import { readNote } from '../audit/note.ts';
import { FRESH_LOGIN_SECONDS } from '../login/passkey.ts';
import type { SessionWay } from './member-session.ts';

const SessionWayEnum = { PASSWORD: 'PASSWORD', PASSKEY: 'PASSKEY', EXTERNAL: 'EXTERNAL' } as const;
registerEnumType(SessionWayEnum, {
  name: 'SessionWay',
  description: 'How a login was made.',
  valuesConfig: {
    PASSWORD: { description: 'By mail address and password.' },
    PASSKEY: { description: 'By a passkey.' },
    EXTERNAL: { description: 'By an account at an external provider.' },
  },
});

@ObjectType('MemberSession', { description: 'A login of a member that goes on.' })
class MemberSessionType {
  @Field(() => ID, { description: 'Names it to end it; opens nothing.' })
  id!: string;

  @Field(() => DateTimeScalar, { description: 'When the login was made.' })
  loggedInAt!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When a browser last used it at 7iD; null where that cannot be told.',
  })
  lastSeenAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'The app it was made for, by name.' })
  clientName!: string | null;

  @Field(() => SessionWayEnum, { nullable: true, description: 'How it was made, if known.' })
  way!: SessionWay | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The external provider that opened it, by its key; null where none did.',
  })
  provider!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The class of networks it came from: `as:<number>`, or a digest. No address.',
  })
  network!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The country it came from, two letters (ISO 3166-1), if known.',
  })
  country!: string | null;

  @Field(() => Boolean, { description: 'Whether it is the login that asks.' })
  isCurrent!: boolean;
}

@ObjectType({
  description: 'The login has ended, and with it what was given out for it.',
})
class MySessionEnded {
  @Field(() => ID, { description: 'The id it had.' })
  id!: string;
}

@ObjectType({
  description: 'The logins have ended, and with them what was given out for them.',
})
class SessionsEnded {
  @Field(() => Int, { description: 'How many there were.' })
  count!: number;
}

@Directive('@tag(name: "internal")')
@InputType({ description: 'Whose sessions end, and why.' })
class EndSessionsOfMemberInput {
  @Field(() => ID, { description: 'The member.' })
  memberId!: string;

  @Field(() => String, { description: 'Why, for the record: 1 to 200 characters.' })
  reason!: string;
}

const SessionNotFound = refusalClass('SESSION_NOT_FOUND', 'There is no such login any more.');
const CurrentSessionUnknown = refusalClass(
  'CURRENT_SESSION_UNKNOWN',
  'Which login asks cannot be told; none was ended.',
);
/** Shared by everything that operators do with a member. */
export const MemberNotFound = refusalClass('MEMBER_NOT_FOUND', 'There is no such member.');
const EndMySessionResult = resultUnion('EndMySessionResult', 'That it is done, or why not.', [
  MySessionEnded,
  SessionNotFound,
]);
const EndMyOtherSessionsResult = resultUnion(
  'EndMyOtherSessionsResult',
  'That it is done, or why not.',
  [SessionsEnded, CurrentSessionUnknown],
);
const EndSessionsOfMemberResult = resultUnion(
  'EndSessionsOfMemberResult',
  'That it is done, or why not.',
  [SessionsEnded, MemberNotFound],
);

@Resolver(() => MemberType)
export class MemberSessionsResolver {
  @Directive('@cost(weight: 2)')
  @Directive('@listSize(assumedSize: 5)')
  @Allow(
    shownTo(owner('account', 1), operator('support', 'security', 'auditor')),
    ({ id }: MemberType) => ({ memberId: id }),
  )
  @FieldResolver(() => [MemberSessionType], {
    nullable: true,
    description: 'The logins of the member that go on, the newest first: at most 100.',
  })
  async sessions(
    @Root() { id }: MemberType,
    @Ctx() { viewer, sessions, clientName }: IdentityContext,
  ): Promise<MemberSessionType[]> {
    const all = await sessions.list(id, memberOf(viewer).sessionUid);
    return Promise.all(
      all.map(async ({ clientId, ...session }) => ({
        ...session,
        clientName: clientId === null ? null : await clientName(clientId, viewer.locale),
      })),
    );
  }

  @Allow(only(member('account')))
  @Mutation(() => EndMySessionResult, {
    description: 'Ends one login of the member who asks. Every app of it is told.',
  })
  async endMySession(
    @Arg('id', () => ID) id: string,
    @Ctx() { viewer, sessions }: IdentityContext,
  ): Promise<Answer> {
    const { memberId, sessionUid: currentUid } = memberOf(viewer);
    const result = await sessions.end({ memberId, currentUid }, id);
    return toAnswer(viewer, result, (ended) => ({ __typename: 'MySessionEnded', ...ended }));
  }

  @Allow(only(member('account', { freshSeconds: FRESH_LOGIN_SECONDS })))
  @Mutation(() => EndMyOtherSessionsResult, {
    description: 'Ends every other login of the member who asks, logged in within five minutes.',
  })
  async endMyOtherSessions(@Ctx() { viewer, sessions }: IdentityContext): Promise<Answer> {
    const { memberId, sessionUid } = memberOf(viewer);
    const result = await sessions.endOthers(memberId, sessionUid);
    return toAnswer(viewer, result, (ended) => ({ __typename: 'SessionsEnded', ...ended }));
  }

  @Directive('@tag(name: "internal")')
  @Allow(only(freshOperator(FRESH_LOGIN.workdaySeconds, 'support', 'security')))
  @Mutation(() => EndSessionsOfMemberResult, {
    description:
      'Ends every login of a member. Who did it and why is kept. One operator is enough.',
  })
  async endSessionsOfMember(
    @Arg('input', () => EndSessionsOfMemberInput) input: EndSessionsOfMemberInput,
    @Ctx() { viewer, sessions }: IdentityContext,
  ): Promise<Answer> {
    const reason = readNote(input.reason);
    const { memberId } = input;
    const result = await sessions.endAll({ memberId, actor: memberOf(viewer).memberId, reason });
    return toAnswer(viewer, result, (ended) => ({ __typename: 'SessionsEnded', ...ended }));
  }
}
