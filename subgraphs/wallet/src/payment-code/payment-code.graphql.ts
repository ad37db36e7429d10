import {
  Allow,
  type Answer,
  ControlsStale,
  DateTimeScalar,
  FunctionClosed,
  member,
  memberOf,
  only,
  resultUnion,
  StepUpRequired,
  toAnswer,
} from '@7pay/graphql';
import { Ctx, Field, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { WalletContext } from '../context.ts';
import { WalletFrozen, WalletNotOpen } from '../wallet/wallet.graphql.ts';

@ObjectType('PaymentCode', {
  description:
    'A code to show at a register, as bar code and QR of the same digits. It works once.',
})
class PaymentCodeType {
  @Field(() => String, { description: '24 digits.' })
  code!: string;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  issuedAt!: Date;

  @Field(() => DateTimeScalar, {
    description: 'Until when to show it: 60 seconds. Then ask for the next one.',
  })
  expiresAt!: Date;

  @Field(() => DateTimeScalar, { description: 'Until when a register may present it: 90 seconds.' })
  acceptedUntil!: Date;
}

@ObjectType({ description: 'A new code.' })
class PaymentCodeIssued {
  @Field(() => PaymentCodeType, { description: 'The code.' })
  paymentCode!: PaymentCodeType;
}

const IssuePaymentCodeResult = resultUnion('IssuePaymentCodeResult', 'The code, or why not.', [
  PaymentCodeIssued,
  FunctionClosed,
  ControlsStale,
  StepUpRequired,
  WalletNotOpen,
  WalletFrozen,
]);

@Resolver()
export class PaymentCodeResolver {
  @Allow(only(member('wallet', { stepUp: 2 })))
  @Mutation(() => IssuePaymentCodeResult, {
    description: 'Makes a code for the member’s wallet, to pay with or to top up at a register.',
  })
  async issuePaymentCode(@Ctx() { viewer, useCases }: WalletContext): Promise<Answer> {
    const result = await useCases.issuePaymentCode(memberOf(viewer));
    return toAnswer(viewer, result, (paymentCode) => ({
      __typename: 'PaymentCodeIssued',
      paymentCode,
    }));
  }
}
