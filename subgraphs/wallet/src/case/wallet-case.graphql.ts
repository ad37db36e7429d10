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
  member,
  memberOf,
  only,
  operator,
  PageArgs,
  pageOf,
  refusalClass,
  resultUnion,
  SecondPersonRequired,
  shownTo,
  StepUpRequired,
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
  Mutation,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import type { WalletContext } from '../context.ts';
import { WalletClosed } from '../freeze/freeze.graphql.ts';
import { MemberType, WalletNotOpen, WalletType } from '../wallet/wallet.graphql.ts';
import type { Wallet } from '../wallet/wallet.ts';
import {
  CASE_OUTCOMES,
  type CaseOutcome,
  NOTE_CHARACTERS,
  type WalletCase,
} from './wallet-case.ts';
import { caseSortKey } from './wallet-case.store.ts';

const CaseStateEnum = { OPEN: 'OPEN', CLOSED: 'CLOSED' } as const;
registerEnumType(CaseStateEnum, {
  name: 'WalletCaseState',
  description: 'OPEN: somebody looks into it. CLOSED: it is decided.',
});
const CaseOutcomeEnum = Object.fromEntries(CASE_OUTCOMES.map((name) => [name, name]));
registerEnumType(CaseOutcomeEnum, {
  name: 'WalletCaseOutcome',
  description:
    'RECOGNISED: the member remembered. REFUNDED: the merchant gave it back. COMPENSATED: we made the member whole. REJECTED: it was the member’s.',
});

@ObjectType('WalletCase', {
  description:
    'A movement that its member does not recognise, or money for a closed wallet that lies in suspense.',
})
export class WalletCaseType {
  @Field(() => ID, { description: 'Opaque id, `cas_…`.' })
  id!: string;

  @Field(() => ID, {
    description:
      'The payment (`pay_…`) or top-up (`top_…`); of money in suspense, the entry (`…:cancel`, `…:refund`).',
  })
  subject!: string;

  @Field(() => String, {
    description: 'What the member wrote, card numbers masked; or why we opened it.',
  })
  note!: string;

  @Field(() => CaseStateEnum, { description: 'Whether it is decided.' })
  state!: string;

  @Field(() => DateTimeScalar, { description: 'When it was opened.' })
  openedAt!: Date;

  @Field(() => CaseOutcomeEnum, { nullable: true, description: 'What it was, once decided.' })
  outcome!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was decided.' })
  closedAt!: Date | null;
}

const WalletCaseConnection = connectionOf('WalletCase', () => WalletCaseType);

@InputType({ description: 'What the member does not recognise.' })
class ReportUnrecognisedInput {
  @Field(() => ID, { description: 'The payment (`pay_…`) or top-up (`top_…`).' })
  subject!: string;

  @Field(() => String, {
    defaultValue: '',
    description: `What the member wishes to say, up to ${NOTE_CHARACTERS} characters.`,
  })
  note!: string;

  @Field(() => Boolean, { defaultValue: false, description: 'Whether to freeze the wallet too.' })
  freeze!: boolean;
}

@InputType({ description: 'What a case turned out to be.' })
class CloseWalletCaseInput {
  @Field(() => ID, { description: 'The case.' })
  caseId!: string;

  @Field(() => CaseOutcomeEnum, { description: 'What it was.' })
  outcome!: CaseOutcome;

  @Field(() => String, {
    description: `Why, for colleagues; 1 to ${NOTE_CHARACTERS} characters.`,
  })
  note!: string;
}

@ObjectType({ description: 'The case is open; somebody looks into it.' })
class UnrecognisedReported {
  @Field(() => WalletCaseType, { description: 'The case, new or reported before.' })
  case!: WalletCaseType;
}

@ObjectType({ description: 'The case is closed.' })
class WalletCaseClosed {
  @Field(() => WalletCaseType, { description: 'The case.' })
  case!: WalletCaseType;
}

@ObjectType({ description: 'The case is the operator’s to look into.' })
class WalletCaseTaken {
  @Field(() => WalletCaseType, { description: 'The case.' })
  case!: WalletCaseType;
}

const CaseClosed = refusalClass('CASE_CLOSED', 'It was closed before.');
const ReportResult = resultUnion('ReportUnrecognisedResult', 'The case, or why not.', [
  UnrecognisedReported,
  StepUpRequired,
  WalletNotOpen,
  WalletClosed,
]);
const CloseCaseResult = resultUnion('CloseWalletCaseResult', 'The case, or why not.', [
  WalletCaseClosed,
  CaseClosed,
  SecondPersonRequired,
]);
const TakeCaseResult = resultUnion('TakeWalletCaseResult', 'The case, or why not.', [
  WalletCaseTaken,
  CaseClosed,
  SecondPersonRequired,
]);

@Resolver(() => WalletType)
export class WalletCasesResolver {
  @FieldResolver(() => WalletCaseConnection, {
    description: 'What its member did not recognise, newest first.',
  })
  cases(
    @Root() { id }: Wallet,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { cases }: WalletContext,
  ): Promise<Connection<WalletCase>> {
    return pageOf(
      args,
      (page) => cases.ofWallet(id, page),
      caseSortKey,
      (row) => row,
    );
  }
}

@Resolver(() => WalletCaseType)
export class WalletCaseResolver {
  @Directive('@tag(name: "internal")')
  @Allow(shownTo(operator('support', 'auditor')))
  @FieldResolver(() => WalletType, { nullable: true, description: 'The wallet. For operators.' })
  wallet(
    @Root() { walletId }: WalletCase,
    @Ctx() { walletById }: WalletContext,
  ): Promise<Wallet | null> {
    return walletById.load(walletId);
  }

  @Directive('@tag(name: "internal")')
  @Allow(shownTo(operator('support', 'auditor')))
  @FieldResolver(() => MemberType, { nullable: true, description: 'Who decided. For operators.' })
  closedBy(@Root() { closedBy }: WalletCase): MemberType | null {
    return closedBy === null ? null : { id: closedBy };
  }

  @Directive('@tag(name: "internal")')
  @Allow(shownTo(operator('support', 'auditor')))
  @FieldResolver(() => MemberType, {
    nullable: true,
    description: 'Who looks into it. For operators.',
  })
  takenBy(@Root() { takenBy }: WalletCase): MemberType | null {
    return takenBy === null ? null : { id: takenBy };
  }

  @Directive('@tag(name: "internal")')
  @Allow(shownTo(operator('support', 'auditor')))
  @FieldResolver(() => String, { nullable: true, description: 'Why. For operators.' })
  closingNote(@Root() { closingNote }: WalletCase): string | null {
    return closingNote;
  }

  @Directive('@tag(name: "internal")')
  @Allow(only(operator('support', 'auditor')))
  @Query(() => WalletCaseConnection, {
    description: 'What members did not recognise, newest first. For operators.',
  })
  walletCases(
    @Arg('state', () => CaseStateEnum, { nullable: true, description: 'All unless told.' })
    state: WalletCase['state'] | undefined,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { cases }: WalletContext,
  ): Promise<Connection<WalletCase>> {
    return pageOf(
      args,
      (page) => cases.inState(state ?? null, page),
      caseSortKey,
      (row) => row,
    );
  }

  @Allow(only(member('wallet', { stepUp: 2 })))
  @Mutation(() => ReportResult, {
    description:
      'Says that a movement is not the member’s own doing, and freezes the wallet if wished. Reported twice, it is one case.',
  })
  async reportUnrecognised(
    @Arg('input', () => ReportUnrecognisedInput) input: ReportUnrecognisedInput,
    @Ctx() { viewer, useCases }: WalletContext,
  ): Promise<Answer> {
    const note = freeText('note', input.note, NOTE_CHARACTERS);
    const result = await useCases.reportUnrecognised(memberOf(viewer), { ...input, note });
    return toAnswer(viewer, result, (opened) => ({
      __typename: 'UnrecognisedReported',
      case: opened,
    }));
  }

  @Directive('@tag(name: "internal")')
  @Allow(only(operator('support', 'auditor')))
  @Query(() => WalletCaseType, { nullable: true, description: 'One case. For operators.' })
  walletCase(
    @Arg('id', () => ID) id: string,
    @Ctx() { cases }: WalletContext,
  ): Promise<WalletCase | null> {
    return cases.find(id);
  }

  @Directive('@tag(name: "internal")')
  @Allow(only(freshOperator(FRESH_LOGIN.workdaySeconds, 'support')))
  @Mutation(() => TakeCaseResult, {
    description: 'The operator who asks looks into a case; whoever takes it last has it.',
  })
  async takeWalletCase(
    @Arg('caseId', () => ID) caseId: string,
    @Ctx() { viewer, useCases }: WalletContext,
  ): Promise<Answer> {
    const result = await useCases.takeWalletCase(memberOf(viewer), caseId);
    return toAnswer(viewer, result, (taken) => ({ __typename: 'WalletCaseTaken', case: taken }));
  }

  @Directive('@tag(name: "internal")')
  @Allow(only(freshOperator(FRESH_LOGIN.workdaySeconds, 'support')))
  @Mutation(() => CloseCaseResult, { description: 'Decides a case, once.' })
  async closeWalletCase(
    @Arg('input', () => CloseWalletCaseInput) input: CloseWalletCaseInput,
    @Ctx() { viewer, useCases }: WalletContext,
  ): Promise<Answer> {
    const note = freeText('note', input.note, NOTE_CHARACTERS);
    if (!note) throw badUserInput(`note: 1 to ${NOTE_CHARACTERS} characters are expected`);
    const result = await useCases.closeWalletCase(memberOf(viewer), { ...input, note });
    return toAnswer(viewer, result, (closed) => ({ __typename: 'WalletCaseClosed', case: closed }));
  }
}
