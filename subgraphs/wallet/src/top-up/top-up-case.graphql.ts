import {
  Allow,
  type Answer,
  badUserInput,
  type Connection,
  connectionOf,
  DateTimeScalar,
  freeText,
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
  Mutation,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import type { WalletContext } from '../context.ts';
import { topUpCaseSortKey } from './top-up-case.store.ts';
import { InsufficientBalance } from '../payment/payment-refusals.graphql.ts';
import { BalanceCapExceeded, MemberType, WalletFrozen } from '../wallet/wallet.graphql.ts';
import {
  TOP_UP_RESOLUTIONS,
  type TopUpCase,
  type TopUpResolution,
  type WriteOffProposal,
} from './top-up-case.ts';
import { TopUpSourceEnum } from './top-up-type.graphql.ts';

const TopUpCaseReasonEnum = {
  WALLET_REFUSED: 'WALLET_REFUSED',
  NEVER_ASKED: 'NEVER_ASKED',
  AMOUNT_DIFFERS: 'AMOUNT_DIFFERS',
  TAKEN_AFTER_DECLINED: 'TAKEN_AFTER_DECLINED',
  NOT_TAKEN_AFTER_SETTLED: 'NOT_TAKEN_AFTER_SETTLED',
  VOID_TOO_LATE: 'VOID_TOO_LATE',
} as const;
registerEnumType(TopUpCaseReasonEnum, {
  name: 'TopUpCaseReason',
  description: 'Why people have to look at money of a top-up (docs/flows/top-up.md).',
});
const TopUpCaseStateEnum = { OPEN: 'OPEN', RESOLVED: 'RESOLVED' } as const;
registerEnumType(TopUpCaseStateEnum, {
  name: 'TopUpCaseState',
  description: 'Whether somebody has decided.',
});

const NOTE_CHARACTERS = 500;
const TopUpResolutionEnum = Object.fromEntries(TOP_UP_RESOLUTIONS.map((name) => [name, name]));
registerEnumType(TopUpResolutionEnum, {
  name: 'TopUpResolution',
  description:
    'TO_WALLET: it is the member’s. RETURN: the party gets it back, or what it never took leaves the wallet again. WRITE_OFF: it is ours to gain or to lose; two operators.',
});

@ObjectType('TopUpWriteOffProposal', { description: 'A write-off that waits for a second person.' })
class WriteOffProposalType {
  @Field(() => MemberType, { description: 'Who proposed it.' })
  by!: MemberType;

  @Field(() => String, { description: 'Why.' })
  note!: string;

  @Field(() => DateTimeScalar, { description: 'When.' })
  at!: Date;
}

@ObjectType('TopUpCase', { description: 'Money of a top-up that waits for people.' })
class TopUpCaseType {
  @Field(() => ID, { description: 'Opaque id, `toc_…`.' })
  id!: string;

  @Field(() => TopUpSourceEnum, { description: 'Where the money came from.' })
  source!: string;

  @Field(() => TopUpCaseReasonEnum, { description: 'Why.' })
  reason!: string;

  @Field(() => YenScalar, {
    description: 'Yen that were taken, or that are in the wallet though they were not.',
  })
  amount!: number;

  @Field(() => ID, { nullable: true, description: 'The top-up, where there is one.' })
  topUpId!: string | null;

  @Field(() => String, { nullable: true, description: 'The number that the other party gave it.' })
  partyReference!: string | null;

  @Field(() => TopUpCaseStateEnum, { description: 'Whether somebody has decided.' })
  state!: string;

  @Field(() => DateTimeScalar, { description: 'Since when it waits.' })
  openedAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was decided.' })
  resolvedAt!: Date | null;

  @Field(() => TopUpResolutionEnum, { nullable: true, description: 'What was decided.' })
  resolution!: string | null;

  @Field(() => String, { description: 'Why it was decided so; empty while it is open.' })
  note!: string;
}

@InputType({ description: 'What becomes of the money of a case.' })
class ResolveTopUpCaseInput {
  @Field(() => ID, { description: 'The case.' })
  caseId!: string;

  @Field(() => TopUpResolutionEnum, { description: 'Where it goes.' })
  resolution!: TopUpResolution;

  @Field(() => String, {
    description: `Why, for colleagues and auditors; 1 to ${NOTE_CHARACTERS} characters.`,
  })
  note!: string;
}

@ObjectType({ description: 'The case is the operator’s to look into.' })
class TopUpCaseTaken {
  @Field(() => TopUpCaseType, { description: 'The case.' })
  case!: TopUpCaseType;
}

@ObjectType({
  description: 'The money lies where it was decided, or a write-off waits for a second person.',
})
class TopUpCaseResolved {
  @Field(() => TopUpCaseType, {
    description: 'The case; OPEN with a proposal as long as a second person is missing.',
  })
  case!: TopUpCaseType;
}

const CaseResolved = refusalClass('TOP_UP_CASE_NOT_OPEN', 'Somebody has resolved it.');
const TakeResult = resultUnion('TakeTopUpCaseResult', 'The case, or why not.', [
  TopUpCaseTaken,
  CaseResolved,
]);
const ResolveResult = resultUnion('ResolveTopUpCaseResult', 'The case, or why not.', [
  TopUpCaseResolved,
  CaseResolved,
  refusalClass('TOP_UP_CASE_OF_NOBODY', 'No wallet belongs to the money.'),
  SecondPersonRequired,
  WalletFrozen,
  BalanceCapExceeded,
  InsufficientBalance,
]);

const TopUpCaseConnection = connectionOf('TopUpCase', () => TopUpCaseType);

const memberOrNull = (id: string | null): MemberType | null => (id === null ? null : { id });

@Resolver(() => TopUpCaseType)
export class TopUpCaseResolver {
  @FieldResolver(() => ID, {
    nullable: true,
    description: 'The wallet it was for, where that is known (`walletById`).',
  })
  async walletId(
    @Root() { topUpId }: TopUpCase,
    @Ctx() { topUps }: WalletContext,
  ): Promise<string | null> {
    const topUp = topUpId === null ? null : await topUps.find(topUpId);
    return topUp?.walletId ?? null;
  }

  @FieldResolver(() => MemberType, { nullable: true, description: 'Who looks into it.' })
  takenBy(@Root() { takenBy }: TopUpCase): MemberType | null {
    return memberOrNull(takenBy);
  }

  @FieldResolver(() => MemberType, { nullable: true, description: 'Who decided.' })
  resolvedBy(@Root() { resolvedBy }: TopUpCase): MemberType | null {
    return memberOrNull(resolvedBy);
  }

  @FieldResolver(() => WriteOffProposalType, {
    nullable: true,
    description: 'The write-off that somebody proposed, if so.',
  })
  proposal(@Root() { proposal }: TopUpCase): WriteOffProposalType | null {
    return proposal && shown(proposal);
  }

  @Directive('@tag(name: "internal")')
  @Allow(only(operator('support', 'finance', 'auditor')))
  @Query(() => TopUpCaseType, { nullable: true, description: 'One case of a top-up.' })
  topUpCase(
    @Arg('id', () => ID) id: string,
    @Ctx() { topUpCases }: WalletContext,
  ): Promise<TopUpCase | null> {
    return topUpCases.find(id);
  }

  @Directive('@tag(name: "internal")')
  @Allow(only(freshOperator(FRESH_LOGIN.workdaySeconds, 'finance')))
  @Mutation(() => TakeResult, {
    description: 'The operator who asks looks into a case; whoever takes it last has it.',
  })
  async takeTopUpCase(
    @Arg('caseId', () => ID) caseId: string,
    @Ctx() { viewer, useCases }: WalletContext,
  ): Promise<Answer> {
    const result = await useCases.takeTopUpCase(memberOf(viewer), caseId);
    return toAnswer(viewer, result, (taken) => ({ __typename: 'TopUpCaseTaken', case: taken }));
  }

  @Directive('@tag(name: "internal")')
  @Allow(only(freshOperator(FRESH_LOGIN.workdaySeconds, 'finance')))
  @Mutation(() => ResolveResult, {
    description:
      'Decides where the money of a case goes, once, in one commit with its entry. A write-off is asked for by one operator and again by another.',
  })
  async resolveTopUpCase(
    @Arg('input', () => ResolveTopUpCaseInput) input: ResolveTopUpCaseInput,
    @Ctx() { viewer, useCases }: WalletContext,
  ): Promise<Answer> {
    const note = freeText('note', input.note, NOTE_CHARACTERS);
    if (!note) throw badUserInput(`note: 1 to ${NOTE_CHARACTERS} characters are expected`);
    const result = await useCases.resolveTopUpCase(memberOf(viewer), { ...input, note });
    return toAnswer(viewer, result, (done) => ({ __typename: 'TopUpCaseResolved', case: done }));
  }

  @Directive('@tag(name: "internal")')
  @Allow(only(operator('support', 'finance', 'auditor')))
  @Query(() => TopUpCaseConnection, { description: 'Cases of top-ups, newest first.' })
  topUpCases(
    @Arg('state', () => TopUpCaseStateEnum, { nullable: true, description: 'All unless told.' })
    state: TopUpCase['state'] | undefined,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { topUpCases }: WalletContext,
  ): Promise<Connection<TopUpCase>> {
    return pageOf(
      args,
      (page) => topUpCases.page(state ?? null, page),
      topUpCaseSortKey,
      (row) => row,
    );
  }
}

const shown = ({ by, ...rest }: WriteOffProposal): WriteOffProposalType => ({
  ...rest,
  by: { id: by },
});
