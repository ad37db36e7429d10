import {
  Allow,
  type Answer,
  anyCaller,
  checkCallersId,
  type Connection,
  ControlsStale,
  DateTimeScalar,
  entity,
  FunctionClosed,
  only,
  PageArgs,
  pageOf,
  resultUnion,
  terminal,
  terminalOf,
  toAnswer,
  YenScalar,
} from '@7pay/graphql';
import { type Yen } from '@7pay/money';
import { type Locale, refusalSentence } from '@7pay/refusals';
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
import { readsMoney, toPartiesOfPayment, type WalletContext } from '../context.ts';
import { BalanceCapExceeded, PaymentConnection, WalletFrozen } from '../wallet/wallet.graphql.ts';
import { paymentIdOf } from './accept-payment.ts';
import {
  AmountTooLarge,
  CodeNeedsOnline,
  codeRefusals,
  InsufficientBalance,
  LimitExceeded,
  PaymentCancelledEarlier,
  PaymentIdReused,
  StoreNotSelling,
  TooManyHolds,
} from './payment-refusals.graphql.ts';
import { MerchantReference, PaymentType, StoreType } from './payment-type.graphql.ts';
import { isNotThrough, isPayment, type Payment, type PaymentRecord } from './payment.ts';
import { paymentSortKey } from './payment.store.ts';

@InputType({ description: 'A payment that a terminal asks for.' })
class AcceptPaymentInput {
  @Field(() => String, {
    description:
      'The merchant’s own number, 1 to 64 letters, digits or _ . : -. Sent twice, it pays once.',
  })
  merchantPaymentId!: string;

  @Field(() => String, {
    description: 'The 24 digits of the payment code that the customer shows.',
  })
  code!: string;

  @Field(() => YenScalar, { description: 'What is to be paid, yen, tax included.' })
  amount!: Yen;
}

@InputType({ description: 'Which payment to cancel.' })
class CancelPaymentInput {
  @Field(() => String, { description: 'The merchant’s own number of the payment.' })
  merchantPaymentId!: string;
}

@ObjectType({ description: 'The payment stands; hand over the goods.' })
class PaymentAccepted {
  @Field(() => PaymentType, { description: 'The payment.' })
  payment!: PaymentType;
}

@ObjectType({
  description:
    'The money is held until somebody has looked at the payment: hand over nothing before its state is ACCEPTED (for an authorization: AUTHORIZED). RELEASED: nothing was charged.',
})
export class PaymentUnderReview {
  @Field(() => PaymentType, { description: 'The payment.' })
  payment!: PaymentType;
}

const CancelOutcomeEnum = { NOT_CHARGED: 'NOT_CHARGED', REVERSED: 'REVERSED' } as const;
registerEnumType(CancelOutcomeEnum, {
  name: 'CancelOutcome',
  description:
    'NOT_CHARGED: no money moved, and none will under this number. REVERSED: it was given back in full.',
});

@ObjectType({ description: 'The final word on a payment number.' })
class PaymentCancelled {
  @Field(() => CancelOutcomeEnum, { description: 'Whether money had moved.' })
  outcome!: string;

  @Field(() => YenScalar, { nullable: true, description: 'What was given back, yen.' })
  amount?: number | null;

  @Field(() => PaymentType, { nullable: true, description: 'The payment that was undone.' })
  payment?: PaymentType | null;
}

const AcceptPaymentResult = resultUnion('AcceptPaymentResult', 'The payment, or why not.', [
  PaymentAccepted,
  PaymentUnderReview,
  FunctionClosed,
  ControlsStale,
  ...codeRefusals,
  CodeNeedsOnline,
  InsufficientBalance,
  WalletFrozen,
  BalanceCapExceeded,
  AmountTooLarge,
  LimitExceeded,
  TooManyHolds,
  PaymentIdReused,
  PaymentCancelledEarlier,
  StoreNotSelling,
]);
const CancelPaymentResult = resultUnion('CancelPaymentResult', 'The final word.', [
  PaymentCancelled,
]);

const PaymentOutcomeEnum = {
  AUTHORIZED: 'AUTHORIZED',
  UNDER_REVIEW: 'UNDER_REVIEW',
  ACCEPTED: 'ACCEPTED',
  CANCELLED: 'CANCELLED',
  RELEASED: 'RELEASED',
  REFUSED: 'REFUSED',
  NEVER_CHARGED: 'NEVER_CHARGED',
} as const;
registerEnumType(PaymentOutcomeEnum, {
  name: 'PaymentOutcome',
  description:
    'What became of a payment number. AUTHORIZED: the money is held. UNDER_REVIEW: it is held until somebody has looked at it. RELEASED: it was held and let go. NEVER_CHARGED: a cancel arrived first.',
});

@ObjectType({ description: 'What became of a payment whose answer was lost.' })
export class PaymentInquiry {
  @Field(() => PaymentOutcomeEnum, { description: 'What became of it.' })
  outcome!: string;

  @Field(() => PaymentType, { nullable: true, description: 'The payment, if money moved.' })
  payment!: Payment | null;

  @Field(() => String, {
    nullable: true,
    description: 'The code of the refusal, if it was refused.',
  })
  refusalCode!: string | null;

  @Field(() => String, { nullable: true, description: 'The sentence of the refusal.' })
  message!: string | null;
}

/** What became of a payment number, in the caller's language. */
export function inquiryOf(record: PaymentRecord, locale: Locale): PaymentInquiry {
  const { state, refusal } = record;
  return {
    outcome: state === 'VOIDED' ? 'NEVER_CHARGED' : state,
    payment: isPayment(record) ? record : null,
    refusalCode: refusal?.refused ?? null,
    message: refusal ? refusalSentence(refusal.refused, refusal.facts, locale) : null,
  };
}

@Resolver(() => PaymentType)
export class PaymentResolver {
  @Allow(only(anyCaller))
  @Query(() => PaymentType, {
    nullable: true,
    description: 'One payment of the caller; null for a stranger’s.',
  })
  payment(@Arg('id', () => ID) id: string, @Ctx() context: WalletContext): Promise<Payment | null> {
    return paymentReference({ id }, context);
  }

  @Directive('@tag(name: "merchant")')
  @Allow(only(terminal()))
  @Query(() => PaymentInquiry, {
    nullable: true,
    description:
      'For a terminal that lost an answer: what became of the merchant’s own payment number. Null: it never arrived.',
  })
  async paymentByMerchantId(
    @Arg('merchantPaymentId', () => String) merchantPaymentId: string,
    @Ctx() { viewer, payments }: WalletContext,
  ): Promise<PaymentInquiry | null> {
    const { merchantId, locale } = terminalOf(viewer);
    checkCallersId('merchantPaymentId', merchantPaymentId);
    const record = await payments.find(paymentIdOf(merchantId, merchantPaymentId));
    return record && inquiryOf(record, locale);
  }

  @Directive('@tag(name: "merchant")')
  @Allow(only(terminal()))
  @Mutation(() => AcceptPaymentResult, {
    description:
      'Takes a payment at the terminal that asks. Sent again it gets the first answer, or `PAYMENT_CANCELLED_EARLIER` if it was cancelled since.',
  })
  async acceptPayment(
    @Arg('input', () => AcceptPaymentInput) input: AcceptPaymentInput,
    @Ctx() { viewer, useCases }: WalletContext,
  ): Promise<Answer> {
    const { merchantId, storeId, terminalId } = terminalOf(viewer);
    checkCallersId('merchantPaymentId', input.merchantPaymentId);
    const result = await useCases.acceptPayment({ ...input, merchantId, storeId, terminalId });
    return toAnswer(viewer, result, (payment) => ({
      __typename: isNotThrough(payment) ? 'PaymentUnderReview' : 'PaymentAccepted',
      payment,
    }));
  }

  @Directive('@tag(name: "merchant")')
  @Allow(only(terminal()))
  @Mutation(() => CancelPaymentResult, {
    description:
      'Cancels a payment by the merchant’s own number, before or after it arrived. The answer is final.',
  })
  async cancelPayment(
    @Arg('input', () => CancelPaymentInput) input: CancelPaymentInput,
    @Ctx() { viewer, useCases }: WalletContext,
  ): Promise<Answer> {
    const register = terminalOf(viewer);
    checkCallersId('merchantPaymentId', input.merchantPaymentId);
    return { __typename: 'PaymentCancelled', ...(await useCases.cancelPayment(register, input)) };
  }

  @FieldResolver(() => DateTimeScalar, {
    description: 'When it was accepted; when its money was held, if it was only held at first.',
  })
  acceptedAt(@Root() { at }: Payment): Date {
    return at;
  }

  @FieldResolver(() => StoreType, { nullable: true, description: 'The store that sold.' })
  store(@Root() { storeId }: Payment): StoreType {
    return { id: storeId };
  }

  @FieldResolver(() => MerchantReference, {
    nullable: true,
    description: 'The merchant that is paid.',
  })
  merchant(@Root() { merchantId }: Payment): MerchantReference {
    return { id: merchantId };
  }
}

@Resolver(() => StoreType)
export class StoreResolver {
  @Directive('@tag(name: "merchant")')
  @Directive('@cost(weight: 10)') // the statement of a store: the longest list that we have
  @Allow(only(terminal('store'), readsMoney), ({ id }: StoreType) => ({ storeId: id }))
  @FieldResolver(() => PaymentConnection, {
    description:
      'Payments made in this store, newest first. For its own terminals and for operators.',
  })
  payments(
    @Root() { id }: StoreType,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { payments }: WalletContext,
  ): Promise<Connection<Payment>> {
    return pageOf(
      args,
      (page) => payments.ofStore(id, page),
      paymentSortKey,
      (row) => row,
    );
  }
}

/** How other subgraphs reach a payment. A stranger's id finds nothing. */
export const paymentReference = entity(
  toPartiesOfPayment,
  async ({ id }: { id: string }, { paymentById }: WalletContext): Promise<Payment | null> => {
    const record = await paymentById.load(id);
    return record && isPayment(record) ? record : null;
  },
  ({ memberId, merchantId }) => ({ memberId, merchantId }),
);
