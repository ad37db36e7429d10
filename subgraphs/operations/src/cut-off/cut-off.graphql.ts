import { type CutOff, isEverything, type TakingBack } from '@7pay/controls';
import { Allow, DateTimeScalar, LoginMethodEnum, only, operator } from '@7pay/graphql';
import {
  Ctx,
  Directive,
  Field,
  FieldResolver,
  ID,
  Int,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import type { OperationsContext } from '../context.ts';
import { MemberReference } from '../switch/switch.graphql.ts';

export const CutOffEffectEnum = {
  END_LOGINS: 'END_LOGINS',
  BLOCK_NEW: 'BLOCK_NEW',
  RESET_PASSWORD: 'RESET_PASSWORD',
} as const;
registerEnumType(CutOffEffectEnum, {
  name: 'CutOffEffect',
  description: 'What a cut-off does to the logins that it means.',
  valuesConfig: {
    END_LOGINS: { description: 'Those made up to the cut have ended, for good.' },
    BLOCK_NEW: { description: 'None is made from the cut on.' },
    RESET_PASSWORD: {
      description: 'A password set before the cut opens nothing but its own replacement.',
    },
  },
});
const CutOffStateEnum = {
  PROPOSED: 'PROPOSED',
  ACTIVE: 'ACTIVE',
  CANCELLED: 'CANCELLED',
} as const;
registerEnumType(CutOffStateEnum, {
  name: 'CutOffState',
  description: 'PROPOSED: waits for a second person. ACTIVE: in force. CANCELLED: taken back.',
});
const TakingBackEnum = { CANCEL: 'CANCEL', EXPIRE: 'EXPIRE' } as const;
registerEnumType(TakingBackEnum, {
  name: 'CutOffTakingBack',
  description:
    'CANCEL: as if it had never been. EXPIRE: blocking and resetting end; logins that were ended stay so.',
});

@Directive('@tag(name: "internal")')
@ObjectType('Cohort', {
  description: 'Which logins are meant: every condition that is not empty has to hold.',
})
class CohortType {
  @Field(() => [LoginMethodEnum], { description: 'Made in one of these ways.' })
  methods!: string[];

  @Field(() => [ID], { description: 'By one of these external providers.' })
  providers!: string[];

  @Field(() => [ID], { description: 'For one of these apps.' })
  clients!: string[];

  @Field(() => [String], {
    description: 'From one of these networks: `as:<number>`, or the class of a prefix, `net:…`.',
  })
  networks!: string[];

  @Field(() => [String], { description: 'From one of these countries, two letters.' })
  countries!: string[];

  @Field(() => DateTimeScalar, { nullable: true, description: 'Made at this time or later.' })
  from!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Made at this time or earlier.' })
  until!: Date | null;
}

@Directive('@tag(name: "internal")')
@ObjectType('CutOff', { description: 'A cut through the logins of everybody. For operators.' })
export class CutOffType {
  @Field(() => ID, { description: 'Opaque id, `cut_…`.' })
  id!: string;

  @Field(() => CutOffStateEnum, { description: 'How it stands.' })
  state!: string;

  @Field(() => CohortType, { description: 'Which logins.' })
  cohort!: CohortType;

  @Field(() => [CutOffEffectEnum], { description: 'What happens to them.' })
  effects!: string[];

  @Field(() => [String], {
    description: 'Only these scopes of the graph are taken from them; none: the logins themselves.',
  })
  scopes!: string[];

  @Field(() => DateTimeScalar, {
    description: 'The instant of the cut; of the proposal until then.',
  })
  cutAt!: Date;

  @Field(() => Int, { description: 'Generation of the controls of the cut; 0 while proposed.' })
  generation!: number;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When blocking and resetting are over; null: until it is taken back.',
  })
  expiresAt!: Date | null;

  @Field(() => DateTimeScalar, { description: 'When it was proposed.' })
  proposedAt!: Date;
}

@Resolver(() => CutOffType)
export class CutOffResolver {
  @Directive('@tag(name: "internal")')
  @Directive('@cost(weight: 5)')
  @Directive('@listSize(assumedSize: 20)')
  @Allow(only(operator('security', 'auditor')))
  @Query(() => [CutOffType], {
    description: 'The cut-offs that stand, proposals among them, oldest first; 200 at most.',
  })
  cutOffs(@Ctx() { cutOffs }: OperationsContext): Promise<CutOff[]> {
    return cutOffs.all();
  }

  @FieldResolver(() => Boolean, { description: 'Whether every login there is is meant.' })
  meansEverybody(@Root() { cohort }: CutOff): boolean {
    return isEverything(cohort);
  }

  @FieldResolver(() => String, { description: 'Why, in Japanese; members read it.' })
  reasonJa(@Root() { reason }: CutOff): string {
    return reason.ja;
  }

  @FieldResolver(() => String, { description: 'Why, in English; members read it.' })
  reasonEn(@Root() { reason }: CutOff): string {
    return reason.en;
  }

  @FieldResolver(() => MemberReference, { description: 'Who proposed it.' })
  proposedBy(@Root() { proposedBy }: CutOff): MemberReference {
    return { id: proposedBy };
  }

  @FieldResolver(() => MemberReference, {
    nullable: true,
    description: 'Who put it in force as the second person; null where one was enough.',
  })
  approvedBy(@Root() { approvedBy }: CutOff): MemberReference | null {
    return approvedBy === null ? null : { id: approvedBy };
  }

  @FieldResolver(() => MemberReference, {
    nullable: true,
    description: 'Who wishes to take it back; another operator does the same within 30 minutes.',
  })
  takingBackProposedBy(@Root() { takingBack }: CutOff): MemberReference | null {
    return takingBack && { id: takingBack.by };
  }

  @FieldResolver(() => TakingBackEnum, {
    nullable: true,
    description: 'How it would be taken back; null where nobody wishes to.',
  })
  takingBackHow(@Root() { takingBack }: CutOff): TakingBack | null {
    return takingBack && takingBack.how;
  }

  @FieldResolver(() => DateTimeScalar, {
    nullable: true,
    description: 'When that was wished; the wish lapses after 30 minutes.',
  })
  takingBackProposedAt(@Root() { takingBack }: CutOff): Date | null {
    return takingBack && takingBack.at;
  }
}
