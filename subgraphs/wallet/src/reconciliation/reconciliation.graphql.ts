import {
  Allow,
  type Answer,
  type Connection,
  connectionOf,
  DateTimeScalar,
  FRESH_LOGIN,
  freeText,
  freshOperator,
  memberOf,
  only,
  operator,
  PageArgs,
  pageOf,
  refusalClass,
  resultUnion,
  toAnswer,
  YenScalar,
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
import type { WalletContext } from '../context.ts';
import { MemberType } from '../wallet/wallet.graphql.ts';
import { exceptionSortKey, type ReconciliationException } from './reconciliation.store.ts';

const ExceptionStateEnum = { OPEN: 'OPEN', RESOLVED: 'RESOLVED' } as const;
registerEnumType(ExceptionStateEnum, {
  name: 'ReconciliationExceptionState',
  description: 'Whether somebody has looked at it.',
});
const ExceptionClassEnum = {
  AMOUNT_DIFFERS: 'AMOUNT_DIFFERS',
  UNKNOWN_TO_US: 'UNKNOWN_TO_US',
  NOT_BOOKED: 'NOT_BOOKED',
  DOUBLED: 'DOUBLED',
  MISSING_THERE: 'MISSING_THERE',
  UNDECIDED: 'UNDECIDED',
  UNREADABLE: 'UNREADABLE',
  PAYOUT_RETURNED: 'PAYOUT_RETURNED',
} as const;
registerEnumType(ExceptionClassEnum, {
  name: 'ReconciliationExceptionClass',
  description:
    'AMOUNT_DIFFERS: both know it, with other amounts. UNKNOWN_TO_US: we have nothing of that id. NOT_BOOKED: we know it and did not book it. DOUBLED: an earlier line said it. MISSING_THERE: we booked it and no line says so. UNDECIDED: we wait for an answer ourselves. UNREADABLE: the line is none. PAYOUT_RETURNED: money that we sent came back and is booked so; decideReturnedPayout says what becomes of it.',
});

@Directive('@tag(name: "internal")')
@ObjectType('ReconciliationException', {
  description: 'A line of a result file, or something we booked, that does not match.',
})
class ReconciliationExceptionType {
  @Field(() => ID, { description: 'Opaque id, `rex_…`.' })
  id!: string;

  @Field(() => String, { description: 'Whose file it was: REGISTER, ATM, CARD, NANACO or BANK.' })
  party!: string;

  @Field(() => ExceptionClassEnum, { description: 'What does not match.' })
  class!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The line of the file, from 1; null if no line tells of it.',
  })
  number!: number | null;

  @Field(() => String, { nullable: true, description: 'Our id of what it is about.' })
  ourId!: string | null;

  @Field(() => String, { nullable: true, description: 'Their own number of it.' })
  theirId!: string | null;

  @Field(() => YenScalar, { nullable: true, description: 'What they say, yen.' })
  theirs!: number | null;

  @Field(() => YenScalar, { nullable: true, description: 'What our books say, yen.' })
  ours!: number | null;

  @Field(() => String, { nullable: true, description: 'Why the line cannot be read.' })
  reason!: string | null;

  @Field(() => DateTimeScalar, { description: 'When the file was compared.' })
  at!: Date;

  @Field(() => ExceptionStateEnum, { description: 'Whether somebody has looked at it.' })
  state!: string;

  @Field(() => String, { description: 'What came of it; empty while it is open.' })
  note!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was resolved.' })
  resolvedAt!: Date | null;
}

const ExceptionConnection = connectionOf(
  'ReconciliationException',
  () => ReconciliationExceptionType,
);

@InputType({ description: 'What came of an exception.' })
class ResolveReconciliationExceptionInput {
  @Field(() => ID, { description: 'The exception.' })
  id!: string;

  @Field(() => String, { description: 'What was found and done, 1 to 500 characters.' })
  note!: string;
}

@Directive('@tag(name: "internal")')
@ObjectType({ description: 'It is out of the queue.' })
class ReconciliationExceptionResolved {
  @Field(() => ReconciliationExceptionType, { description: 'The exception.' })
  exception!: ReconciliationExceptionType;
}

const ResolveResult = resultUnion(
  'ResolveReconciliationExceptionResult',
  'The exception, or why not.',
  [
    ReconciliationExceptionResolved,
    refusalClass('EXCEPTION_NOT_OPEN', 'There is no such exception, or it was resolved.'),
  ],
);

@Resolver(() => ReconciliationExceptionType)
export class ReconciliationResolver {
  @FieldResolver(() => MemberType, { nullable: true, description: 'Who resolved it.' })
  resolvedBy(@Root() { resolvedBy }: ReconciliationException): MemberType | null {
    return resolvedBy === null ? null : { id: resolvedBy };
  }

  @Directive('@tag(name: "internal")')
  @Allow(only(operator('finance', 'auditor')))
  @Query(() => ExceptionConnection, {
    description: 'What does not match between our books and the files of others, newest first.',
  })
  reconciliationExceptions(
    @Args(() => PageArgs) args: PageArgs,
    @Arg('state', () => ExceptionStateEnum, {
      defaultValue: 'OPEN',
      description: 'Those in this state.',
    })
    state: ReconciliationException['state'],
    @Ctx() { reconciliations }: WalletContext,
  ): Promise<Connection<ReconciliationException>> {
    return pageOf(
      args,
      (page) => reconciliations.queue(state, page),
      exceptionSortKey,
      (row) => row,
    );
  }

  @Directive('@tag(name: "internal")')
  @Allow(only(freshOperator(FRESH_LOGIN.workdaySeconds, 'finance')))
  @Mutation(() => ResolveResult, {
    description: 'Takes an exception out of the queue, with what came of it. Moves no money.',
  })
  async resolveReconciliationException(
    @Arg('input', () => ResolveReconciliationExceptionInput)
    { id, note }: ResolveReconciliationExceptionInput,
    @Ctx() { viewer, useCases }: WalletContext,
  ): Promise<Answer> {
    const result = await useCases.resolveException({
      id,
      note: freeText('note', note, 500),
      by: memberOf(viewer).memberId,
    });
    return toAnswer(viewer, result, (exception) => ({
      __typename: 'ReconciliationExceptionResolved',
      exception,
    }));
  }
}
