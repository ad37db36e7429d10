import {
  Allow,
  type Answer,
  anybody,
  badUserInput,
  checkCallersId,
  type Connection,
  connectionOf,
  DateScalar,
  DateTimeScalar,
  entity,
  FRESH_LOGIN,
  freshOperator,
  memberOf,
  only,
  operator,
  PageArgs,
  pageOf,
  refusalClass,
  resultUnion,
  shownTo,
  toAnswer,
} from '@7pay/graphql';
import {
  Arg,
  Args,
  Ctx,
  Directive,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import type { RefundContext } from '../context.ts';
import { programmeSortKey } from './refund-programme.store.ts';
import {
  LATEST_BEGIN_DAYS,
  LONGEST_WINDOW_DAYS,
  type RefundProgramme,
  SHORTEST_WINDOW_DAYS,
  stateAt,
} from './refund-programme.ts';

const ProgrammeStateEnum = { ANNOUNCED: 'ANNOUNCED', OPEN: 'OPEN', CLOSED: 'CLOSED' } as const;
registerEnumType(ProgrammeStateEnum, {
  name: 'RefundProgrammeState',
  description: 'By the clock: before, in and after the window for claims.',
});

@Directive('@key(fields: "id")')
@ObjectType('RefundProgramme', {
  description: 'An orderly way out: balances are paid back to those who claim in the window.',
})
export class RefundProgrammeType {
  @Field(() => ID, { description: 'Opaque id, `rfp_…`.' })
  id!: string;

  @Field(() => String, { description: 'What it is called.' })
  title!: string;

  @Field(() => String, { description: 'Who issued the balances (発行者).' })
  issuer!: string;

  @Field(() => String, { description: 'Kind of prepaid instrument (前払式支払手段の種類).' })
  instrument!: string;

  @Field(() => DateScalar, { description: 'Day of the public notice (公告日).' })
  noticeDate!: string;

  @Field(() => DateTimeScalar, { description: 'First instant of the window.' })
  claimsFrom!: Date;

  @Field(() => DateTimeScalar, { description: 'First instant after the window.' })
  claimsUntil!: Date;

  @Field(() => String, { description: 'Whom to ask.' })
  contact!: string;

  @Field(() => String, { description: 'How to claim (申出の方法).' })
  howToClaim!: string;

  @Field(() => String, { description: 'How it is paid (払戻しの方法).' })
  howPaid!: string;

  @Field(() => String, { description: 'What happens to balances nobody claims (除斥).' })
  exclusionNotice!: string;
}

const ProgrammeConnection = connectionOf('RefundProgramme', () => RefundProgrammeType);

@InputType({ description: 'A refund programme. What is left out is named in the refusal.' })
class OpenRefundProgrammeInput {
  @Field(() => String, {
    description: 'The operator’s own number; sent twice, it is one programme.',
  })
  programmeId!: string;

  @Field(() => String, { defaultValue: '', description: 'What it is called.' })
  title!: string;

  @Field(() => String, { defaultValue: '', description: 'Issuer.' })
  issuer!: string;

  @Field(() => String, { defaultValue: '', description: 'Kind of prepaid instrument.' })
  instrument!: string;

  @Field(() => DateScalar, { nullable: true, description: 'Day of the public notice.' })
  noticeDate?: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: `First instant of the window; at most ${LATEST_BEGIN_DAYS} days from today.`,
  })
  claimsFrom?: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: `First instant after the window; ${SHORTEST_WINDOW_DAYS} to ${LONGEST_WINDOW_DAYS} days later.`,
  })
  claimsUntil?: Date | null;

  @Field(() => String, { defaultValue: '', description: 'Whom to ask.' })
  contact!: string;

  @Field(() => String, { defaultValue: '', description: 'How to claim.' })
  howToClaim!: string;

  @Field(() => String, { defaultValue: '', description: 'How it is paid.' })
  howPaid!: string;

  @Field(() => String, { defaultValue: '', description: 'What happens to balances nobody claims.' })
  exclusionNotice!: string;
}

@ObjectType({ description: 'The programme is on record.' })
class RefundProgrammeOpened {
  @Field(() => RefundProgrammeType, { description: 'The programme.' })
  programme!: RefundProgrammeType;
}

const Incomplete = refusalClass(
  'REFUND_PROGRAMME_INCOMPLETE',
  'Fields that the law asks for are missing.',
  {
    missing: { type: String, description: 'Their names, separated by commas.' },
  },
);
const TooShort = refusalClass(
  'REFUND_WINDOW_TOO_SHORT',
  'The window is shorter than the law allows.',
  {
    days: { type: Int, description: 'The fewest days it may have.' },
  },
);
const OutOfBounds = refusalClass(
  'REFUND_WINDOW_OUT_OF_BOUNDS',
  'The window begins too far ahead, or is too long: a year that was mistyped.',
  {
    aheadDays: { type: Int, description: 'How many days from today it may begin at most.' },
    days: { type: Int, description: 'The most days it may have.' },
  },
);
const Running = refusalClass('REFUND_PROGRAMME_RUNNING', 'Another programme is announced or open.');
const IdReused = refusalClass('PROGRAMME_ID_REUSED', 'The number was used with other contents.');
const OpenRefundProgrammeResult = resultUnion(
  'OpenRefundProgrammeResult',
  'The programme, or why not.',
  [RefundProgrammeOpened, Incomplete, TooShort, OutOfBounds, Running, IdReused],
);

@Resolver(() => RefundProgrammeType)
export class RefundProgrammeResolver {
  @Allow(only(anybody))
  @Query(() => RefundProgrammeType, {
    nullable: true,
    description: 'The programme that is announced or open; public.',
  })
  refundProgramme(@Ctx() { running }: RefundContext): Promise<RefundProgramme | null> {
    return running.get();
  }

  @Directive('@tag(name: "internal")')
  @Allow(only(operator('finance', 'auditor')))
  @Query(() => ProgrammeConnection, { description: 'All programmes, newest first. For operators.' })
  refundProgrammes(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { programmes }: RefundContext,
  ): Promise<Connection<RefundProgramme>> {
    return pageOf(
      args,
      (page) => programmes.page(page),
      programmeSortKey,
      (row) => row,
    );
  }

  @Directive('@tag(name: "internal")')
  @Allow(only(freshOperator(FRESH_LOGIN.workdaySeconds, 'finance')))
  @Mutation(() => OpenRefundProgrammeResult, {
    description: 'Opens a refund programme. Refused while it lacks what the law asks for.',
  })
  async openRefundProgramme(
    @Arg('input', () => OpenRefundProgrammeInput) input: OpenRefundProgrammeInput,
    @Ctx() { viewer, useCases, running }: RefundContext,
  ): Promise<Answer> {
    checkCallersId('programmeId', input.programmeId);
    if (Object.values(input).some((value) => typeof value === 'string' && value.length > 2_000)) {
      throw badUserInput('at most 2000 characters for each text are expected');
    }
    const result = await useCases.openRefundProgramme(memberOf(viewer), {
      ...input,
      noticeDate: input.noticeDate ?? null,
      claimsFrom: input.claimsFrom ?? null,
      claimsUntil: input.claimsUntil ?? null,
    });
    running.forget();
    return toAnswer(viewer, result, (programme) => ({
      __typename: 'RefundProgrammeOpened',
      programme,
    }));
  }

  @FieldResolver(() => ProgrammeStateEnum, { description: 'How it stands now.' })
  state(@Root() programme: RefundProgramme, @Ctx() { clock }: RefundContext): string {
    return stateAt(programme, clock.now());
  }
}

/** How other subgraphs reach a programme. */
export const programmeReference = entity(
  shownTo(anybody),
  ({ id }: { id: string }, { programmeById }: RefundContext) => programmeById.load(id),
);
