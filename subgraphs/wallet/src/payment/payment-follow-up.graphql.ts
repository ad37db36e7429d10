import {
  Allow,
  type Answer,
  checkCallersId,
  ControlsStale,
  freeText,
  FunctionClosed,
  only,
  resultUnion,
  terminal,
  terminalOf,
  toAnswer,
  YenScalar,
} from '@7pay/graphql';
import type { Yen } from '@7pay/money';
import {
  Arg,
  Ctx,
  Directive,
  Field,
  FieldResolver,
  InputType,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import type { WalletContext } from '../context.ts';
import { BalanceCapExceeded, WalletFrozen } from '../wallet/wallet.graphql.ts';
import type { PaymentRefund } from './payment-refund.ts';
import {
  AmountTooLarge,
  CaptureAboveHold,
  CodeNeedsOnline,
  codeRefusals,
  HoldNotOpen,
  InsufficientBalance,
  LimitExceeded,
  PaymentCancelledEarlier,
  PaymentIdReused,
  PaymentNotAuthorized,
  PaymentNotRefundable,
  PaymentUnknown,
  RefundAbovePayment,
  RefundIdReused,
  StoreNotSelling,
  TooManyHolds,
} from './payment-refusals.graphql.ts';
import { PaymentRefundType, PaymentType } from './payment-type.graphql.ts';
import { isNotThrough, type Payment } from './payment.ts';
import { PaymentUnderReview } from './payment.graphql.ts';

@InputType({ description: 'A payment whose money is to be held.' })
class AuthorizePaymentInput {
  @Field(() => String, {
    description:
      'The merchant’s own number, 1 to 64 letters, digits or _ . : -. Sent twice, it holds once.',
  })
  merchantPaymentId!: string;

  @Field(() => String, {
    description: 'The 24 digits of the payment code that the customer shows.',
  })
  code!: string;

  @Field(() => YenScalar, { description: 'What is to be held, yen, tax included.' })
  amount!: Yen;
}

@InputType({ description: 'Which payment to capture, and how much of it.' })
class CapturePaymentInput {
  @Field(() => String, { description: 'The merchant’s own number of the payment.' })
  merchantPaymentId!: string;

  @Field(() => YenScalar, {
    nullable: true,
    description: 'At most what is held, yen; all of it unless told. The rest is let go.',
  })
  amount?: Yen | null;
}

@InputType({ description: 'Which part of which payment to give back.' })
class RefundPaymentInput {
  @Field(() => String, { description: 'The merchant’s own number of the payment.' })
  merchantPaymentId!: string;

  @Field(() => String, {
    description:
      'The merchant’s own number of the refund, 1 to 64 letters, digits or _ . : -. Sent twice, it refunds once.',
  })
  refundId!: string;

  @Field(() => YenScalar, { description: 'How much, yen.' })
  amount!: Yen;

  @Field(() => String, {
    nullable: true,
    description: 'Why, for the member; up to 200 characters.',
  })
  reason?: string | null;
}

@ObjectType({ description: 'The money is held; hand over the goods when it is captured.' })
class PaymentAuthorized {
  @Field(() => PaymentType, { description: 'The payment.' })
  payment!: PaymentType;
}

@ObjectType({ description: 'The payment stands, with the amount that was captured.' })
class PaymentCaptured {
  @Field(() => PaymentType, { description: 'The payment.' })
  payment!: PaymentType;
}

@ObjectType({ description: 'A part was given back.' })
class PaymentRefunded {
  @Field(() => PaymentRefundType, { description: 'The part.' })
  refund!: PaymentRefundType;

  @Field(() => PaymentType, { description: 'The payment as it stands now.' })
  payment!: PaymentType;
}

const AuthorizePaymentResult = resultUnion('AuthorizePaymentResult', 'The payment, or why not.', [
  PaymentAuthorized,
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
const CapturePaymentResult = resultUnion('CapturePaymentResult', 'The payment, or why not.', [
  PaymentCaptured,
  FunctionClosed,
  ControlsStale,
  PaymentUnknown,
  PaymentNotAuthorized,
  HoldNotOpen,
  CaptureAboveHold,
  WalletFrozen,
]);
const RefundPaymentResult = resultUnion('RefundPaymentResult', 'The refund, or why not.', [
  PaymentRefunded,
  PaymentUnknown,
  PaymentNotRefundable,
  RefundAbovePayment,
  RefundIdReused,
]);

/** What becomes of a payment after its code was shown: held, captured, given back in parts. */
@Resolver(() => PaymentType)
export class PaymentFollowUpResolver {
  @Directive('@tag(name: "merchant")')
  @Allow(only(terminal()))
  @Mutation(() => AuthorizePaymentResult, {
    description:
      'Holds the money of a payment for an hour, until the terminal captures or cancels it. Sent again it gets the first answer, or `PAYMENT_CANCELLED_EARLIER` if it was cancelled or let go since.',
  })
  async authorizePayment(
    @Arg('input', () => AuthorizePaymentInput) input: AuthorizePaymentInput,
    @Ctx() { viewer, useCases }: WalletContext,
  ): Promise<Answer> {
    const { merchantId, storeId, terminalId } = terminalOf(viewer);
    checkCallersId('merchantPaymentId', input.merchantPaymentId);
    const result = await useCases.authorizePayment({ ...input, merchantId, storeId, terminalId });
    return toAnswer(viewer, result, (payment) => ({
      __typename: isNotThrough(payment) ? 'PaymentUnderReview' : 'PaymentAuthorized',
      payment,
    }));
  }

  @Directive('@tag(name: "merchant")')
  @Allow(only(terminal()))
  @Mutation(() => CapturePaymentResult, {
    description: 'Captures a payment that is held, in part or whole, once.',
  })
  async capturePayment(
    @Arg('input', () => CapturePaymentInput) input: CapturePaymentInput,
    @Ctx() { viewer, useCases }: WalletContext,
  ): Promise<Answer> {
    checkCallersId('merchantPaymentId', input.merchantPaymentId);
    const result = await useCases.capturePayment(terminalOf(viewer), input);
    return toAnswer(viewer, result, (payment) => ({ __typename: 'PaymentCaptured', payment }));
  }

  @Directive('@tag(name: "merchant")')
  @Allow(only(terminal()))
  @Mutation(() => RefundPaymentResult, {
    description:
      'Gives a part of a payment back to where it came from, as often as something is left.',
  })
  async refundPayment(
    @Arg('input', () => RefundPaymentInput) input: RefundPaymentInput,
    @Ctx() { viewer, useCases }: WalletContext,
  ): Promise<Answer> {
    checkCallersId('merchantPaymentId', input.merchantPaymentId);
    checkCallersId('refundId', input.refundId);
    const reason = freeText('reason', input.reason, 200);
    const result = await useCases.refundPayment(terminalOf(viewer), { ...input, reason });
    return toAnswer(viewer, result, ({ refund, payment }) => ({
      __typename: 'PaymentRefunded',
      refund,
      payment,
    }));
  }

  // Hardly a payment has more; what one is counted as when the cost of a query is.
  @Directive('@cost(weight: 2)')
  @Directive('@listSize(assumedSize: 2)')
  @FieldResolver(() => [PaymentRefundType], {
    description: 'What of it was given back in parts, in order.',
  })
  refunds(
    @Root() { id, refunds }: Payment,
    @Ctx() { refundsOf }: WalletContext,
  ): Promise<readonly PaymentRefund[]> | readonly PaymentRefund[] {
    return refunds === 0 ? [] : refundsOf.load(id);
  }
}
