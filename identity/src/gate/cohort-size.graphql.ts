import { Allow, CohortInput, only, operator, readCohort } from '@7pay/graphql';
import { Arg, Ctx, Directive, Field, ID, Int, ObjectType, Query, Resolver } from 'type-graphql';
import type { IdentityContext } from '../account/member.graphql.ts';

@Directive('@tag(name: "internal")')
@ObjectType('CohortSize', { description: 'How many a cut-off of this cohort would mean.' })
class CohortSize {
  @Field(() => Int, {
    description: 'Logins on record, of the last 45 days; with apps, those that were made for them.',
  })
  logins!: number;

  @Field(() => Int, { description: 'Members who made them.' })
  members!: number;
}

@Resolver()
export class CohortSizeResolver {
  @Directive('@tag(name: "internal")')
  @Directive('@cost(weight: 50)') // counts as many entries of an index as there are logins
  @Allow(only(operator('security', 'auditor')))
  @Query(() => CohortSize, {
    description:
      'The dry run of a cut-off: the records are counted exactly, and nothing happens to anybody. A cut of an app also ends, there alone, what came to it through a login made for another app: that is not counted.',
  })
  cohortSize(
    @Arg('cohort', () => CohortInput) cohort: CohortInput,
    @Ctx() { countLogins }: IdentityContext,
  ): Promise<CohortSize> {
    return countLogins(readCohort(cohort));
  }

  @Directive('@tag(name: "internal")')
  @Allow(only(operator('security', 'auditor')))
  @Query(() => Int, {
    description:
      'How many members have set their new password because of this cut-off; 0 for one that resets none.',
  })
  resetsDone(
    @Arg('cutOff', () => ID) cutOff: string,
    @Ctx() { countResets }: IdentityContext,
  ): Promise<number> {
    return countResets(cutOff);
  }
}
