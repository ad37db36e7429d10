import {
  agreement,
  agreementOf,
  Allow,
  type Answer,
  ControlsStale,
  DateTimeScalar,
  FunctionClosed,
  only,
  refusalClass,
  resultUnion,
  StepUpRequired,
  toAnswer,
  YenScalar,
} from '@7pay/graphql';
import type { Yen } from '@7pay/money';
import { isRefused } from '@7pay/refusals';
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { WalletContext } from '../context.ts';
import {
  AmountTooLarge,
  PaymentCancelledEarlier,
  PaymentIdReused,
  StoreNotSelling,
} from '../payment/payment-refusals.graphql.ts';
import { toPartner } from './agreement.ts';

@InputType({ description: 'A payment that a member agreed to at 7iD.' })
class PayAsAgreedInput {
  @Field(() => ID, { description: 'The store that is paid: one of the merchant that was agreed.' })
  storeId!: string;

  @Field(() => YenScalar, { description: 'What is paid, yen: what was agreed, and nothing else.' })
  amount!: Yen;
}

@ObjectType({ description: 'The money has left the wallet of the member who agreed.' })
class PaidAsAgreed {
  @Field(() => ID, { description: 'Opaque id, `pay_…`, for inquiries.' })
  id!: string;

  @Field(() => String, { description: 'The partner’s own number, as it was agreed.' })
  paymentId!: string;

  @Field(() => String, { description: 'The number under which the merchant finds it.' })
  merchantPaymentId!: string;

  @Field(() => YenScalar, { description: 'What was paid, yen.' })
  amount!: number;

  @Field(() => DateTimeScalar, { description: 'When.' })
  paidAt!: Date;
}

const PaymentNotAsAgreed = refusalClass(
  'PAYMENT_NOT_AS_AGREED',
  'It is not what the member agreed to; nothing was charged.',
  { differs: { type: String, description: 'In what: `MERCHANT`, `AMOUNT` or `CURRENCY`.' } },
);
const PaymentDeclined = refusalClass(
  'PAYMENT_DECLINED',
  'The wallet of the member does not pay it; why is for the member alone.',
);
const PayAsAgreedResult = resultUnion('PayAsAgreedResult', 'The payment, or why not.', [
  PaidAsAgreed,
  FunctionClosed,
  ControlsStale,
  StepUpRequired,
  PaymentNotAsAgreed,
  PaymentDeclined,
  PaymentIdReused,
  PaymentCancelledEarlier,
  AmountTooLarge,
  StoreNotSelling,
]);

/** Payments by partners, each of which its member agreed to (RFC 9396). */
@Resolver()
export class AgreementResolver {
  @Allow(only(agreement))
  @Mutation(() => PayAsAgreedResult, {
    description:
      'Makes the payment of the token’s `authorization_details`, once and whole. Sent again it gets the first answer, or `PAYMENT_CANCELLED_EARLIER` if it was cancelled since. Such a token opens nothing else.',
  })
  async payAsAgreed(
    @Arg('input', () => PayAsAgreedInput) input: PayAsAgreedInput,
    @Ctx() { viewer, useCases }: WalletContext,
  ): Promise<Answer> {
    const partner = agreementOf(viewer);
    const result = await useCases.payAsAgreed(partner, input);
    return toAnswer(viewer, isRefused(result) ? toPartner(result) : result, (paid) => ({
      __typename: 'PaidAsAgreed',
      id: paid.id,
      paymentId: partner.agreed.paymentId,
      merchantPaymentId: paid.merchantPaymentId,
      amount: paid.amount,
      paidAt: paid.at,
    }));
  }
}
