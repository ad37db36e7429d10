import {
  Allow,
  type Answer,
  badUserInput,
  type Connection,
  connectionOf,
  ControlsStale,
  DateScalar,
  DateTimeScalar,
  FRESH_LOGIN,
  freeText,
  freshOperator,
  FunctionClosed,
  memberOf,
  only,
  operator,
  PageArgs,
  pageOf,
  refusalClass,
  resultUnion,
  SecondPersonRequired,
  toAnswer,
  YenScalar,
} from '@7pay/graphql';
import type { BusinessDate } from '@7pay/time';
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
  registerEnumType,
  Resolver,
} from 'type-graphql';
import type { WalletContext } from '../context.ts';
import { PayoutStateEnum, PayoutType, shownPayout } from './payout-type.graphql.ts';
import { payoutFileSortKey } from './payout-file.store.ts';
import type { PayoutFile } from './payout-file.ts';
import { payoutSortKey } from './payout.store.ts';
import type { PayoutState, ReturnDecision } from './payout.ts';

const PayoutFileStateEnum = {
  FILLING: 'FILLING',
  PREPARED: 'PREPARED',
  APPROVED: 'APPROVED',
  WRITTEN: 'WRITTEN',
} as const;
registerEnumType(PayoutFileStateEnum, {
  name: 'PayoutFileState',
  description:
    'FILLING: payouts come in. PREPARED: one operator fixed it. APPROVED: a second one did; it may be written. WRITTEN: it lies in the folder for the bank.',
});
const ReturnDecisionEnum = { PAY_AGAIN: 'PAY_AGAIN', KEEP: 'KEEP' } as const;
registerEnumType(ReturnDecisionEnum, {
  name: 'ReturnedPayoutDecision',
  description:
    'PAY_AGAIN: another payout pays it, to the account that is known then. KEEP: it stays.',
});

@Directive('@tag(name: "internal")')
@ObjectType('PayoutFile', { description: 'A file of transfers for the bank (総合振込).' })
class PayoutFileType {
  @Field(() => ID, { description: 'Opaque id, `pof_…`.' })
  id!: string;

  @Field(() => String, { description: 'Ten digits: the day and a count. The bank gives it back.' })
  number!: string;

  @Field(() => DateScalar, { description: 'The bank day on which the money moves.' })
  transferDate!: string;

  @Field(() => PayoutFileStateEnum, { description: 'How far it is.' })
  state!: string;

  @Field(() => Int, { description: 'Payouts in it.' })
  count!: number;

  @Field(() => YenScalar, { description: 'Their sum, yen.' })
  total!: number;

  @Field(() => ID, { description: 'The operator who prepared it.' })
  preparedBy!: string;

  @Field(() => DateTimeScalar, { description: 'When it was begun.' })
  preparedAt!: Date;

  @Field(() => ID, { nullable: true, description: 'The operator who approved it.' })
  approvedBy!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was written.' })
  writtenAt!: Date | null;
}
const PayoutConnection = connectionOf('Payout', () => PayoutType);
const PayoutFileConnection = connectionOf('PayoutFile', () => PayoutFileType);

@InputType({ description: 'For which day a file is prepared.' })
class PreparePayoutFileInput {
  @Field(() => DateScalar, { description: 'A bank day, today or at most 30 days from now.' })
  transferDate!: string;
}
@InputType({ description: 'Which file.' })
class ApprovePayoutFileInput {
  @Field(() => ID, { description: 'The file.' })
  id!: string;
}
@InputType({ description: 'What becomes of a payout that came back.' })
class DecideReturnedPayoutInput {
  @Field(() => ID, { description: 'The payout.' })
  id!: string;

  @Field(() => ReturnDecisionEnum, { description: 'The decision.' })
  decision!: ReturnDecision;

  @Field(() => String, { description: 'Why, 1 to 500 characters.' })
  note!: string;
}

@Directive('@tag(name: "internal")')
@ObjectType({ description: 'The file as it now stands.' })
class PayoutFileMoved {
  @Field(() => PayoutFileType, { description: 'The file.' })
  file!: PayoutFileType;
}
@Directive('@tag(name: "internal")')
@ObjectType({ description: 'It was decided.' })
class ReturnedPayoutDecided {
  @Field(() => PayoutType, { description: 'The payout that came back.' })
  payout!: PayoutType;
}

const NoBankDay = refusalClass(
  'NO_BANK_DAY',
  'The day is none on which banks transfer, is over, or more than 30 days away.',
);
const PrepareResult = resultUnion('PreparePayoutFileResult', 'The file, or why not.', [
  PayoutFileMoved,
  FunctionClosed,
  ControlsStale,
  NoBankDay,
  refusalClass('NO_PAYOUT_DUE', 'Nothing is due to a merchant whose account is known.'),
  refusalClass('TOO_MANY_PAYOUT_FILES', 'The day has as many files as it may have.'),
]);
const ApproveResult = resultUnion('ApprovePayoutFileResult', 'The file, or why not.', [
  PayoutFileMoved,
  FunctionClosed,
  ControlsStale,
  NoBankDay,
  SecondPersonRequired,
  refusalClass('PAYOUT_FILE_STATE_WRONG', 'There is no such file, or it is not at this step.'),
]);
const DecideResult = resultUnion('DecideReturnedPayoutResult', 'The payout, or why not.', [
  ReturnedPayoutDecided,
  refusalClass('PAYOUT_NOT_RETURNED', 'There is no such payout, or nothing to decide.'),
]);

@Resolver()
export class PayoutResolver {
  @Directive('@tag(name: "internal")')
  @Allow(only(operator('finance', 'auditor')))
  @Query(() => PayoutConnection, { description: 'Payouts to merchants, newest first.' })
  payouts(
    @Args(() => PageArgs) args: PageArgs,
    @Arg('state', () => PayoutStateEnum, { nullable: true, description: 'Those in this state.' })
    state: PayoutState | null,
    @Arg('merchantId', () => ID, { nullable: true, description: 'Those of this merchant.' })
    merchantId: string | null,
    @Ctx() { payouts }: WalletContext,
  ): Promise<Connection<PayoutType>> {
    const of = { state: state ?? null, merchantId: merchantId ?? null };
    return pageOf(args, (page) => payouts.page(of, page), payoutSortKey, shownPayout);
  }

  @Directive('@tag(name: "internal")')
  @Allow(only(operator('finance', 'auditor')))
  @Query(() => PayoutFileConnection, { description: 'Files for the bank, newest first.' })
  payoutFiles(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { payoutFiles }: WalletContext,
  ): Promise<Connection<PayoutFile>> {
    return pageOf(args, payoutFiles.page, payoutFileSortKey, (row) => row);
  }

  @Directive('@tag(name: "internal")')
  @Allow(only(freshOperator(FRESH_LOGIN.workdaySeconds, 'finance')))
  @Mutation(() => PrepareResult, {
    description: 'First operator: puts what is due into a file. A second one approves it.',
  })
  async preparePayoutFile(
    @Arg('input', () => PreparePayoutFileInput) { transferDate }: PreparePayoutFileInput,
    @Ctx() { viewer, useCases }: WalletContext,
  ): Promise<Answer> {
    const result = await useCases.preparePayoutFile({
      transferDate: transferDate as BusinessDate, // the scalar admits dates only
      by: memberOf(viewer).memberId,
    });
    return toAnswer(viewer, result, (file) => ({ __typename: 'PayoutFileMoved', file }));
  }

  @Directive('@tag(name: "internal")')
  @Allow(only(freshOperator(FRESH_LOGIN.workdaySeconds, 'finance')))
  @Mutation(() => ApproveResult, { description: 'Second operator: the file may go to the bank.' })
  async approvePayoutFile(
    @Arg('input', () => ApprovePayoutFileInput) { id }: ApprovePayoutFileInput,
    @Ctx() { viewer, useCases }: WalletContext,
  ): Promise<Answer> {
    const result = await useCases.approvePayoutFile({ id, by: memberOf(viewer).memberId });
    return toAnswer(viewer, result, (file) => ({ __typename: 'PayoutFileMoved', file }));
  }

  @Directive('@tag(name: "internal")')
  @Allow(only(freshOperator(FRESH_LOGIN.workdaySeconds, 'finance')))
  @Mutation(() => DecideResult, {
    description: 'Decides, once, whether a payout that came back is paid again.',
  })
  async decideReturnedPayout(
    @Arg('input', () => DecideReturnedPayoutInput) input: DecideReturnedPayoutInput,
    @Ctx() { viewer, useCases }: WalletContext,
  ): Promise<Answer> {
    const note = freeText('note', input.note, 500);
    if (note === '') throw badUserInput('note: 1 to 500 characters are expected');
    const { id, decision } = input;
    const by = memberOf(viewer).memberId;
    const result = await useCases.decideReturnedPayout({ id, decision, note, by });
    return toAnswer(viewer, result, (payout) => ({
      __typename: 'ReturnedPayoutDecided',
      payout: shownPayout(payout),
    }));
  }
}
