import {
  Allow,
  type Answer,
  badUserInput,
  checkCallersId,
  type Connection,
  connectionOf,
  ControlsStale,
  DateScalar,
  DateTimeScalar,
  ENTITIES,
  FRESH_LOGIN,
  freshOperator,
  FunctionClosed,
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
import type { MerchantContext } from '../context.ts';
import { MerchantType, StoreType } from '../merchant/merchant.graphql.ts';
import type { Merchant, Store } from '../merchant/merchant.ts';
import { BankAccountInput, MerchantBankAccountType, masked } from './bank-account.graphql.ts';
import { applicationSortKey } from './application.store.ts';
import type { ApplicationState, MerchantApplication } from './application.ts';

const ApplicationStateEnum = {
  APPLIED: 'APPLIED',
  RECOMMENDED: 'RECOMMENDED',
  APPROVED: 'APPROVED',
  REJECTED: 'REJECTED',
} as const;
registerEnumType(ApplicationStateEnum, {
  name: 'MerchantApplicationState',
  description:
    'APPLIED: nobody has looked yet. RECOMMENDED: one operator said yes. APPROVED: a second one did; the store may sell from its first day. REJECTED: refused.',
});

@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('Member', { description: ENTITIES.Member.type })
export class MemberReference {
  @Field(() => ID, { description: ENTITIES.Member.key })
  id!: string;
}

@ObjectType('MerchantApplication', { description: 'A business that wants to sell with 7pay.' })
class MerchantApplicationType {
  @Field(() => ID, { description: 'Opaque id, `app_…`.' })
  id!: string;

  @Field(() => ApplicationStateEnum, { description: 'How far it is.' })
  state!: string;

  @Field(() => String, { description: 'Name of the business.' })
  merchantName!: string;

  @Field(() => String, { description: 'Name in katakana.' })
  merchantNameKana!: string;

  @Field(() => String, { description: 'Name of its first store.' })
  storeName!: string;

  @Field(() => String, { description: 'Address of its first store.' })
  storeAddress!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Qualified invoice issuer number, T and 13 digits.',
  })
  invoiceNumber!: string | null;

  @Field(() => DateScalar, { description: 'First day on which it wants to sell.' })
  opensOn!: string;

  @Field(() => DateTimeScalar, { description: 'When it applied.' })
  appliedAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was decided.' })
  decidedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Why it was rejected.' })
  reason!: string | null;
}

const ApplicationConnection = connectionOf('MerchantApplication', () => MerchantApplicationType);

@InputType({ description: 'An application as a merchant.' })
class ApplyAsMerchantInput {
  @Field(() => String, {
    description: 'The applicant’s own number; sent twice, it is one application.',
  })
  applicationId!: string;

  @Field(() => String, {
    description: 'Name of the business; kept as one line, 1 to 200 characters.',
  })
  merchantName!: string;

  @Field(() => String, { description: 'Name in katakana; as long.' })
  merchantNameKana!: string;

  @Field(() => String, {
    description: 'Name of the first store; kept as one line, 1 to 60 characters.',
  })
  storeName!: string;

  @Field(() => String, {
    description: 'Address of the first store; kept as one line, 1 to 200 characters.',
  })
  storeAddress!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Qualified invoice issuer number, T and 13 digits, if there is one.',
  })
  invoiceNumber?: string | null;

  @Field(() => DateScalar, { description: 'First day on which it wants to sell; today or later.' })
  opensOn!: string;

  @Field(() => BankAccountInput, {
    nullable: true,
    description: 'Where it is to be paid. Without one it can sell, and is paid once there is one.',
  })
  bankAccount?: BankAccountInput | null;
}

@InputType({ description: 'Which application.' })
class ApplicationInput {
  @Field(() => ID, { description: 'The application.' })
  applicationId!: string;
}

@InputType({ description: 'Which application, and why not.' })
class RejectApplicationInput extends ApplicationInput {
  @Field(() => String, { description: 'The reason, 1 to 500 characters; the applicant reads it.' })
  reason!: string;
}

@ObjectType({ description: 'The application is in.' })
class MerchantApplied {
  @Field(() => MerchantApplicationType, { description: 'The application.' })
  application!: MerchantApplicationType;
}

@ObjectType({ description: 'The step was taken.' })
class MerchantApplicationDecided {
  @Field(() => MerchantApplicationType, { description: 'The application as it now stands.' })
  application!: MerchantApplicationType;
}

const ApplicationIdReused = refusalClass(
  'APPLICATION_ID_REUSED',
  'The number was used with other contents.',
);
const ApplicationIncomplete = refusalClass(
  'APPLICATION_INCOMPLETE',
  'Fields are missing or wrong.',
  {
    fields: { type: String, description: 'Their names, separated by commas.' },
  },
);
const ApplicationStateWrong = refusalClass(
  'APPLICATION_STATE_WRONG',
  'The application is not at this step.',
);

const TooManyApplications = refusalClass(
  'TOO_MANY_APPLICATIONS',
  'As many applications of the member wait for a decision as may.',
  { limit: { type: Int, description: 'How many may.' } },
);

const ApplyAsMerchantResult = resultUnion('ApplyAsMerchantResult', 'The application, or why not.', [
  MerchantApplied,
  FunctionClosed,
  ControlsStale,
  ApplicationIdReused,
  ApplicationIncomplete,
  TooManyApplications,
]);
const DecideApplicationResult = resultUnion(
  'DecideMerchantApplicationResult',
  'The application, or why not.',
  [MerchantApplicationDecided, ApplicationStateWrong, ApplicationIncomplete, SecondPersonRequired],
);

@Resolver(() => MerchantApplicationType)
export class ApplicationResolver {
  @Directive('@tag(name: "internal")')
  @Allow(only(operator('onboarding', 'auditor')))
  @Query(() => ApplicationConnection, { description: 'Applications, newest first. For operators.' })
  merchantApplications(
    @Args(() => PageArgs) args: PageArgs,
    @Arg('state', () => ApplicationStateEnum, {
      nullable: true,
      description: 'Only those in this state.',
    })
    state: ApplicationState | null,
    @Ctx() { applications }: MerchantContext,
  ): Promise<Connection<MerchantApplication>> {
    return pageOf(
      args,
      (page) => applications.page(state ?? null, page),
      applicationSortKey,
      (row) => row,
    );
  }

  @Allow(only(member('merchant')))
  @Mutation(() => ApplyAsMerchantResult, { description: 'Applies to sell with 7pay.' })
  async applyAsMerchant(
    @Arg('input', () => ApplyAsMerchantInput) input: ApplyAsMerchantInput,
    @Ctx() { viewer, useCases }: MerchantContext,
  ): Promise<Answer> {
    checkCallersId('applicationId', input.applicationId);
    const form = {
      ...input,
      invoiceNumber: input.invoiceNumber ?? null,
      bankAccount: input.bankAccount ? { ...input.bankAccount } : null,
    };
    const result = await useCases.applyAsMerchant(memberOf(viewer), form);
    return toAnswer(viewer, result, (application) => ({
      __typename: 'MerchantApplied',
      application,
    }));
  }

  @Directive('@tag(name: "internal")')
  @Allow(only(freshOperator(FRESH_LOGIN.workdaySeconds, 'onboarding')))
  @Mutation(() => DecideApplicationResult, {
    description: 'First operator: the application may go on.',
  })
  async recommendMerchantApplication(
    @Arg('input', () => ApplicationInput) input: ApplicationInput,
    @Ctx() { viewer, useCases }: MerchantContext,
  ): Promise<Answer> {
    const result = await useCases.recommendApplication(memberOf(viewer), input);
    return toAnswer(viewer, result, (application) => ({
      __typename: 'MerchantApplicationDecided',
      application,
    }));
  }

  @Directive('@tag(name: "internal")')
  @Allow(only(freshOperator(FRESH_LOGIN.workdaySeconds, 'onboarding')))
  @Mutation(() => DecideApplicationResult, {
    description: 'Second operator: the merchant and its store come into being.',
  })
  async approveMerchantApplication(
    @Arg('input', () => ApplicationInput) input: ApplicationInput,
    @Ctx() { viewer, useCases }: MerchantContext,
  ): Promise<Answer> {
    const result = await useCases.approveApplication(memberOf(viewer), input);
    return toAnswer(viewer, result, (application) => ({
      __typename: 'MerchantApplicationDecided',
      application,
    }));
  }

  @Directive('@tag(name: "internal")')
  @Allow(only(freshOperator(FRESH_LOGIN.workdaySeconds, 'onboarding')))
  @Mutation(() => DecideApplicationResult, { description: 'An operator’s no, with its reason.' })
  async rejectMerchantApplication(
    @Arg('input', () => RejectApplicationInput) input: RejectApplicationInput,
    @Ctx() { viewer, useCases }: MerchantContext,
  ): Promise<Answer> {
    const reason = input.reason.trim();
    if (reason.length < 1 || reason.length > 500)
      throw badUserInput('reason: 1 to 500 characters are expected');
    const result = await useCases.rejectApplication(memberOf(viewer), { ...input, reason });
    return toAnswer(viewer, result, (application) => ({
      __typename: 'MerchantApplicationDecided',
      application,
    }));
  }

  @FieldResolver(() => MerchantBankAccountType, {
    nullable: true,
    description: 'Where it is to be paid; the number by its last three digits.',
  })
  bankAccount(@Root() { bankAccount }: MerchantApplication): MerchantBankAccountType | null {
    return bankAccount && masked(bankAccount);
  }

  @FieldResolver(() => MemberReference, { description: 'Who applied.' })
  appliedBy(@Root() { appliedBy }: MerchantApplication): MemberReference {
    return { id: appliedBy };
  }

  @Directive('@tag(name: "internal")')
  @Allow(shownTo(operator('onboarding', 'auditor')))
  @FieldResolver(() => MemberReference, {
    nullable: true,
    description: 'The first operator. For operators.',
  })
  recommendedBy(@Root() { recommendedBy }: MerchantApplication): MemberReference | null {
    return recommendedBy === null ? null : { id: recommendedBy };
  }

  @Directive('@tag(name: "internal")')
  @Allow(shownTo(operator('onboarding', 'auditor')))
  @FieldResolver(() => MemberReference, {
    nullable: true,
    description: 'The operator who decided. For operators.',
  })
  decidedBy(@Root() { decidedBy }: MerchantApplication): MemberReference | null {
    return decidedBy === null ? null : { id: decidedBy };
  }

  @FieldResolver(() => MerchantType, { nullable: true, description: 'The merchant it became.' })
  merchant(
    @Root() { merchantId }: MerchantApplication,
    @Ctx() { merchantById }: MerchantContext,
  ): Promise<Merchant | null> | null {
    return merchantId === null ? null : merchantById.load(merchantId);
  }

  @FieldResolver(() => StoreType, { nullable: true, description: 'The store it became.' })
  store(
    @Root() { storeId }: MerchantApplication,
    @Ctx() { storeById }: MerchantContext,
  ): Promise<Store | null> | null {
    return storeId === null ? null : storeById.load(storeId);
  }
}
