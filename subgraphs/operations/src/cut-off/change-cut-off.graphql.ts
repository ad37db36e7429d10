import { CUT_OFF_EFFECTS, type CutOff, type CutOffEffect, type TakingBack } from '@7pay/controls';
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
  refusalClass,
  resultUnion,
  SecondPersonRequired,
  toAnswer,
} from '@7pay/graphql';
import type { Refused } from '@7pay/refusals';
import {
  Arg,
  Ctx,
  Directive,
  Field,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Resolver,
} from 'type-graphql';
import type { OperationsContext } from '../context.ts';
import { readReason } from '../reason.ts';
import { CutOffEffectEnum, CutOffType } from './cut-off.graphql.ts';

@InputType({ description: 'Which logins to cut, how, and why.' })
class ProposeCutOffInput {
  @Field(() => CohortInput, { description: 'Which logins.' })
  cohort!: CohortInput;

  @Field(() => [CutOffEffectEnum], { description: 'What happens to them: one effect or more.' })
  effects!: CutOffEffect[];

  @Field(() => [String], {
    nullable: true,
    description:
      'Scopes of the graph to take from them, instead of the logins themselves; 10 at most.',
  })
  scopes?: string[];

  @Field(() => String, {
    description: 'The reason in Japanese, 1 to 200 characters; members read it.',
  })
  reasonJa!: string;

  @Field(() => String, {
    description: 'The reason in English, 1 to 200 characters; members read it.',
  })
  reasonEn!: string;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'When blocking and resetting are over, a time to come. Logins that were ended stay so.',
  })
  expiresAt?: Date;
}

@InputType({ description: 'One cut-off.' })
class CutOffInput {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
}

@ObjectType({
  description: 'The cut-off as it now stands; `state` tells whether a second person is needed.',
})
class CutOffChanged {
  @Field(() => CutOffType, { description: 'As it now stands.' })
  cutOff!: CutOffType;
}

const UnknownCutOff = refusalClass('UNKNOWN_CUT_OFF', 'No cut-off has this id.');
const CutOffNotOpen = refusalClass(
  'CUT_OFF_NOT_OPEN',
  'It was decided, taken back, or has lapsed.',
);
const TooManyCutOffs = refusalClass('TOO_MANY_CUT_OFFS', 'As many stand as can be judged.', {
  max: { type: Int, description: 'How many may stand at once.' },
});
const ProposeCutOffResult = resultUnion('ProposeCutOffResult', 'The cut-off, or why not.', [
  CutOffChanged,
  TooManyCutOffs,
]);
const ChangeCutOffResult = resultUnion('ChangeCutOffResult', 'The cut-off, or why not.', [
  CutOffChanged,
  CutOffNotOpen,
  SecondPersonRequired,
  UnknownCutOff,
]);
const FRESH = only(freshOperator(FRESH_LOGIN.workdaySeconds, 'security'));

@Resolver()
export class CutOffChangesResolver {
  @Directive('@tag(name: "internal")')
  @Allow(FRESH)
  @Mutation(() => ProposeCutOffResult, {
    description:
      'Cuts logins everywhere, within a second. One operator is enough unless everybody is meant or passwords are reset: those another one approves within 30 minutes.',
  })
  async proposeCutOff(
    @Arg('input', () => ProposeCutOffInput) input: ProposeCutOffInput,
    @Ctx() { viewer, useCases }: OperationsContext,
  ): Promise<Answer> {
    const request = readRequest(input);
    return changed(viewer, await useCases.proposeCutOff(memberOf(viewer), request));
  }

  @Directive('@tag(name: "internal")')
  @Allow(FRESH)
  @Mutation(() => ChangeCutOffResult, {
    description: 'Puts a proposed cut-off in force, as the second operator. The cut is now.',
  })
  async approveCutOff(
    @Arg('input', () => CutOffInput) { id }: CutOffInput,
    @Ctx() { viewer, useCases }: OperationsContext,
  ): Promise<Answer> {
    return changed(viewer, await useCases.approveCutOff(memberOf(viewer), id));
  }

  @Directive('@tag(name: "internal")')
  @Allow(FRESH)
  @Mutation(() => ChangeCutOffResult, {
    description:
      'Takes a cut-off back as if it had never been: logins that it ended hold again. Two operators, within 30 minutes.',
  })
  cancelCutOff(
    @Arg('input', () => CutOffInput) { id }: CutOffInput,
    @Ctx() context: OperationsContext,
  ): Promise<Answer> {
    return takeBack(context, id, 'CANCEL');
  }

  @Directive('@tag(name: "internal")')
  @Allow(FRESH)
  @Mutation(() => ChangeCutOffResult, {
    description:
      'Ends blocking and resetting now; logins that were ended stay so. Two operators, within 30 minutes.',
  })
  expireCutOff(
    @Arg('input', () => CutOffInput) { id }: CutOffInput,
    @Ctx() context: OperationsContext,
  ): Promise<Answer> {
    return takeBack(context, id, 'EXPIRE');
  }
}

const takeBack = async (
  { viewer, useCases }: OperationsContext,
  id: string,
  how: TakingBack,
): Promise<Answer> => changed(viewer, await useCases.takeBackCutOff(memberOf(viewer), { id, how }));

const changed = (viewer: OperationsContext['viewer'], result: CutOff | Refused): Answer =>
  toAnswer(viewer, result, (cutOff) => ({ __typename: 'CutOffChanged', cutOff }));

function readRequest(input: ProposeCutOffInput) {
  const effects = CUT_OFF_EFFECTS.filter((effect) => input.effects.includes(effect));
  if (effects.length === 0) throw badUserInput('effects: at least one is expected');
  const scopes = [...new Set(input.scopes ?? [])];
  if (scopes.length > 10 || scopes.some((scope) => !/^[a-z]{1,30}$/.test(scope))) {
    throw badUserInput('scopes: at most 10 scopes of the graph are expected');
  }
  if (scopes.length > 0 && effects.includes('RESET_PASSWORD')) {
    throw badUserInput('scopes: a password is reset for all of them');
  }
  const reason = readReason(input);
  const cohort = readCohort(input.cohort);
  return { cohort, effects, scopes, reason, expiresAt: input.expiresAt ?? null };
}
