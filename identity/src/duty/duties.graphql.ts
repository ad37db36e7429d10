import {
  Allow,
  type Answer,
  dutiesIn,
  type Duty,
  FRESH_LOGIN,
  freshOperator,
  memberOf,
  only,
  operator,
  PageArgs,
  pageOf,
  refusalClass,
  resultUnion,
  SecondPersonRequired,
  toAnswer,
} from '@7pay/graphql';
import { placeOf } from '@7pay/mongo';
import { isRefused, type Refused } from '@7pay/refusals';
import {
  Arg,
  Args,
  Ctx,
  Directive,
  Field,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql';
import type { IdentityContext } from '../account/member.graphql.ts';
import { readNote } from '../audit/note.ts';
import { MemberNotFound } from '../session-list/member-sessions.graphql.ts';
import type { Operator } from './held-duties.store.ts';
import { type DutyChange, isOpen } from './duty-change.ts';
import {
  DutyChangeConnection,
  DutyChangeType,
  DutyEnum,
  OperatorConnection,
} from './duty-types.graphql.ts';

@Directive('@tag(name: "internal")')
@InputType({ description: 'What somebody is to work here for from now on, and why.' })
class ChangeDutiesInput {
  @Field(() => ID, { description: 'The member; an operator already, or not yet.' })
  memberId!: string;

  @Field(() => [DutyEnum], { description: 'All of their duties; empty: none any more.' })
  duties!: Duty[];

  @Field(() => String, { description: 'Why, for the record: 1 to 200 characters, about nobody.' })
  reason!: string;
}

@Directive('@tag(name: "internal")')
@InputType({ description: 'Which change of duties, and why it is decided so.' })
class DecideDutyChangeInput {
  @Field(() => ID, { description: 'The id of the change.' })
  id!: string;

  @Field(() => String, { description: 'Why, for the record: 1 to 200 characters, about nobody.' })
  reason!: string;
}

@Directive('@tag(name: "internal")')
@ObjectType({ description: 'The change as it now stands; `state` tells whether it waits.' })
class DutiesChanged {
  @Field(() => DutyChangeType, { description: 'The change.' })
  change!: DutyChangeType;
}

const DutyNotHeld = refusalClass('DUTY_NOT_HELD', 'Whoever asks holds the duty no more.');
const OwnDuties = refusalClass('OWN_DUTIES', 'Nobody changes their own duties.');
const DutiesAsTheyAre = refusalClass('DUTIES_AS_THEY_ARE', 'The duties are so already.');
const LastOfSecurity = refusalClass('LAST_OF_SECURITY', 'Nobody would be left for security.');
const TooManyDutyChanges = refusalClass(
  'TOO_MANY_DUTY_CHANGES',
  'As many changes of this person wait as may.',
  { max: { type: Int, description: 'How many may wait.' } },
);
const DutyChangeNotOpen = refusalClass(
  'DUTY_CHANGE_NOT_OPEN',
  'There is no such change, it is decided, it is over, or the duties are others by now.',
);
const ChangeDutiesResult = resultUnion('ChangeDutiesResult', 'The change, or why not.', [
  DutiesChanged,
  MemberNotFound,
  DutyNotHeld,
  OwnDuties,
  DutiesAsTheyAre,
  LastOfSecurity,
  TooManyDutyChanges,
]);
const DecideDutyChangeResult = resultUnion('DecideDutyChangeResult', 'The change, or why not.', [
  DutiesChanged,
  DutyChangeNotOpen,
  DutyNotHeld,
  OwnDuties,
  SecondPersonRequired,
  LastOfSecurity,
]);

const READ = only(operator('security', 'auditor'));
const FRESH = only(freshOperator(FRESH_LOGIN.workdaySeconds, 'security'));

@Resolver()
export class DutiesResolver {
  @Directive('@tag(name: "internal")')
  @Allow(READ)
  @Query(() => OperatorConnection, { description: 'Who works here, and for what.' })
  operators(
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { administration }: IdentityContext,
  ): Promise<object> {
    return pageOf(page, administration.duties.operators, ({ id }) => id, shownOperator);
  }

  @Directive('@tag(name: "internal")')
  @Allow(READ)
  @Query(() => DutyChangeConnection, {
    description: 'Changes of duties, the newest first: those that wait, and all that were.',
  })
  async dutyChanges(
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: IdentityContext,
  ): Promise<object> {
    return pageOf(
      page,
      context.administration.duties.changes,
      ({ at, id }) => placeOf(at, id),
      (change) => shownChange(change, context),
    );
  }

  @Directive('@tag(name: "internal")')
  @Allow(FRESH)
  @Mutation(() => ChangeDutiesResult, {
    description:
      'What somebody works here for. Taking away takes one person and is made at once; giving waits for a second one of security, for 30 minutes. Nobody changes their own. What is made ends every login of theirs; an access token that is out ends at the gateways at once.',
  })
  async changeDuties(
    @Arg('input', () => ChangeDutiesInput) { memberId, duties, reason }: ChangeDutiesInput,
    @Ctx() context: IdentityContext,
  ): Promise<Answer> {
    const asked = { memberId, duties };
    const { duties: administration } = context.administration;
    return changed(context, await administration.change(asked, deciderOf(context, reason)));
  }

  @Directive('@tag(name: "internal")')
  @Allow(FRESH)
  @Mutation(() => DecideDutyChangeResult, {
    description:
      'Makes a change of duties that another person of security proposed. Not by whom it is about.',
  })
  async approveDutyChange(
    @Arg('input', () => DecideDutyChangeInput) { id, reason }: DecideDutyChangeInput,
    @Ctx() context: IdentityContext,
  ): Promise<Answer> {
    const { duties } = context.administration;
    return changed(context, await duties.approve(id, deciderOf(context, reason)));
  }

  @Directive('@tag(name: "internal")')
  @Allow(FRESH)
  @Mutation(() => DecideDutyChangeResult, {
    description: 'Takes a proposed change of duties back, or turns it down. One person is enough.',
  })
  async withdrawDutyChange(
    @Arg('input', () => DecideDutyChangeInput) { id, reason }: DecideDutyChangeInput,
    @Ctx() context: IdentityContext,
  ): Promise<Answer> {
    const { duties } = context.administration;
    return changed(context, await duties.withdraw(id, deciderOf(context, reason)));
  }
}

const deciderOf = ({ viewer }: IdentityContext, reason: string) => ({
  by: memberOf(viewer).memberId,
  note: readNote(reason),
});

const changed = (context: IdentityContext, result: DutyChange | Refused): Answer =>
  toAnswer(context.viewer, isRefused(result) ? result : { change: result }, ({ change }) => ({
    __typename: 'DutiesChanged',
    change: shownChange(change, context),
  }));

const shownChange = (change: DutyChange, { members, clock }: IdentityContext) => ({
  ...change,
  isOpen: isOpen(change, clock.now()),
  member: shownPerson(members, change.memberId),
  by: shownPerson(members, change.by),
  decidedBy: change.decidedBy === null ? null : shownPerson(members, change.decidedBy),
});

const shownOperator = ({ id, displayName, roles }: Operator) => ({
  id,
  displayName,
  duties: dutiesIn(roles),
});

const shownPerson = async (members: IdentityContext['members'], id: string) => {
  const person = await members.load(id);
  return person && shownOperator(person);
};
