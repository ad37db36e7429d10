import {
  Allow,
  badUserInput,
  connectionOf,
  DateTimeScalar,
  memberOf,
  only,
  operator,
  PageArgs,
  pageOf,
} from '@7pay/graphql';
import { placeOf } from '@7pay/mongo';
import {
  Arg,
  Args,
  Ctx,
  Directive,
  Field,
  Float,
  ID,
  InputType,
  Int,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
} from 'type-graphql';
import type { IdentityContext } from '../account/member.graphql.ts';
import type { AuditKind } from './audit-event.ts';
import { AuditEventType, AuditKindEnum, shownEvent } from './audit-event.graphql.ts';
import { type LoginCounts, type StatisticsBy, STRETCH_DAYS_MAX } from './login-statistics.ts';
import { readNote } from './note.ts';

const StatisticsByEnum = {
  HOUR: 'HOUR',
  DAY: 'DAY',
  NETWORK: 'NETWORK',
  COUNTRY: 'COUNTRY',
  CLIENT: 'CLIENT',
  PROVIDER: 'PROVIDER',
  METHOD: 'METHOD',
} as const;
registerEnumType(StatisticsByEnum, {
  name: 'LoginStatisticsBy',
  description: 'By what tries to log in are counted. Hours and days are of UTC.',
});

const AuditEventConnection = connectionOf('AuditEvent', () => AuditEventType);

@Directive('@tag(name: "internal")')
@InputType({ description: 'Which events: all that is given has to hold.' })
class AuditFilterInput {
  @Field(() => ID, { nullable: true, description: 'Of one member; asks for a reason.' })
  memberId?: string | null;

  @Field(() => [AuditKindEnum], { nullable: true, description: 'Of these kinds.' })
  kinds?: AuditKind[] | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'At this time or later.' })
  from?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Before this time.' })
  to?: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why, for the record, where a member is named: 1 to 200 characters.',
  })
  reason?: string | null;
}

@Directive('@tag(name: "internal")')
@ObjectType('LoginStatistics', {
  description: 'What was tried in an hour, from a network …, and what came of it.',
})
class LoginStatisticsType implements LoginCounts {
  @Field(() => String, { description: 'The hour or day (UTC), the class …; empty if not known.' })
  key!: string;

  @Field(() => Int, { description: 'Logins.' })
  made!: number;

  @Field(() => Int, { description: 'Refusals of any kind.' })
  refused!: number;

  @Field(() => Float, { description: 'Logins of all tries, 0 to 1.' })
  successShare!: number;

  @Field(() => Int, { description: 'Refused: no member has the address.' })
  unknownIds!: number;

  @Field(() => Int, { description: 'Refused: a member has it, and the password is wrong.' })
  wrongPasswords!: number;

  @Field(() => Int, {
    description: 'Refused: too many tries of late, the password was not looked at.',
  })
  locked!: number;

  @Field(() => Int, { description: 'Right passwords that opened nothing but their replacement.' })
  toBeReplaced!: number;

  @Field(() => Int, {
    description: 'Refused before anything was looked at: too many from there, or too many at all.',
  })
  turnedAway!: number;

  @Field(() => Int, { description: 'Refused by a switch or a cut-off.' })
  stopped!: number;

  @Field(() => Int, { description: 'Different classes of networks.' })
  networks!: number;

  @Field(() => Int, { description: 'Logins from a class of networks that was new to the member.' })
  fromNewNetworks!: number;
}

const DAY_MS = 86_400_000;

@Resolver()
export class AuditResolver {
  @Directive('@tag(name: "internal")')
  @Allow(only(operator('security', 'auditor')))
  @Query(() => AuditEventConnection, {
    description:
      'What is on record of 7iD, the newest first. Who reads of a member is on record too.',
  })
  async auditEvents(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => AuditFilterInput) filter: AuditFilterInput,
    @Ctx() { viewer, administration: { record } }: IdentityContext,
  ) {
    const { memberId, kinds, from, to, reason } = filter;
    if (memberId) {
      if (!/^\w{1,80}$/.test(memberId)) throw badUserInput('memberId: this is no id');
      await record.read(memberOf(viewer).memberId, { memberId, note: readNote(reason ?? '') });
    }
    const asked = {
      memberId: memberId ?? undefined,
      kinds: kinds ?? undefined,
      from: from ?? undefined,
      to: to ?? undefined,
    };
    return pageOf(
      page,
      (place) => record.events(asked, place),
      ({ at, id }) => placeOf(at, id),
      shownEvent,
    );
  }

  @Directive('@tag(name: "internal")')
  @Directive('@cost(weight: 50)') // reads as many entries of an index as there were tries
  @Directive('@listSize(assumedSize: 50)')
  @Allow(only(operator('security', 'auditor')))
  @Query(() => [LoginStatisticsType], {
    description:
      'Tries to log in, counted from the record: at most 31 days and 1000 rows. Tells a list of passwords from elsewhere (unknown addresses, many networks, few successes) from anything else.',
  })
  async loginStatistics(
    @Arg('from', () => DateTimeScalar, { description: 'At this time or later.' }) from: Date,
    @Arg('to', () => DateTimeScalar, { description: 'Before this time.' }) to: Date,
    @Arg('by', () => StatisticsByEnum, { description: 'A row for each of what.' }) by: StatisticsBy,
    @Ctx() { administration: { record } }: IdentityContext,
  ): Promise<LoginStatisticsType[]> {
    const days = (to.getTime() - from.getTime()) / DAY_MS;
    if (days <= 0 || days > STRETCH_DAYS_MAX) {
      throw badUserInput(`to: later than from, and at most ${STRETCH_DAYS_MAX} days`);
    }
    const rows = await record.statistics({ from, to, by });
    return rows.map((row) => ({
      ...row,
      successShare: row.made / Math.max(1, row.made + row.refused),
    }));
  }
}
