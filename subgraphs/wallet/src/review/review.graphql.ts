import {
  Allow,
  type Answer,
  badUserInput,
  type Connection,
  ControlsStale,
  DateTimeScalar,
  freeText,
  FRESH_LOGIN,
  freshOperator,
  FunctionClosed,
  member,
  memberOf,
  only,
  operator,
  owner,
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
import { PaymentType } from '../payment/payment-type.graphql.ts';
import type { Payment } from '../payment/payment.ts';
import { paymentSortKey } from '../payment/payment.store.ts';
import { MemberType, PaymentConnection, WalletFrozen } from '../wallet/wallet.graphql.ts';
import { type EndedReview, REVIEW_ENDINGS, REVIEW_REASONS, type Review } from './review.ts';

const NOTE_CHARACTERS = 500;

const ReviewReasonEnum = Object.fromEntries(REVIEW_REASONS.map((name) => [name, name]));
registerEnumType(ReviewReasonEnum, {
  name: 'PaymentReviewReason',
  description:
    'UNUSUAL_AMOUNT: far above what the member paid before. NEW_DEVICE: the device is new to the wallet. LIMIT_RAISED, CONTACT_CHANGED: that was done shortly before.',
});
const ReviewEndingEnum = Object.fromEntries(REVIEW_ENDINGS.map((name) => [name, name]));
registerEnumType(ReviewEndingEnum, {
  name: 'PaymentReviewEnding',
  description:
    'CONFIRMED, DENIED: by the member. ALLOWED, REFUSED: by the support desk. EXPIRED: nobody answered in time. CANCELLED: by the merchant. Only CONFIRMED and ALLOWED let it through.',
});
const HeldPaymentDecisionEnum = { ALLOWED: 'ALLOWED', REFUSED: 'REFUSED' } as const;
registerEnumType(HeldPaymentDecisionEnum, {
  name: 'HeldPaymentDecision',
  description: 'ALLOWED: it goes through. REFUSED: it is let go and nothing is charged.',
});

@ObjectType('PaymentReview', { description: 'Why a payment was looked at, and what came of it.' })
export class PaymentReviewType {
  @Field(() => [ReviewReasonEnum], { description: 'Why.' })
  reasons!: readonly string[];

  @Field(() => DateTimeScalar, { description: 'Until when it can be decided.' })
  until!: Date;
}

@InputType({ description: 'A payment that is not the member’s own.' })
class DenyMyPaymentInput {
  @Field(() => ID, { description: 'The payment.' })
  paymentId!: string;

  @Field(() => Boolean, { defaultValue: false, description: 'Whether to freeze the wallet too.' })
  freeze!: boolean;
}

@InputType({ description: 'What becomes of a payment that is under review.' })
class DecideHeldPaymentInput {
  @Field(() => ID, { description: 'The payment.' })
  paymentId!: string;

  @Field(() => HeldPaymentDecisionEnum, { description: 'Whether it goes through.' })
  decision!: 'ALLOWED' | 'REFUSED';

  @Field(() => String, {
    description: `Why, for colleagues; 1 to ${NOTE_CHARACTERS} characters.`,
  })
  note!: string;
}

@ObjectType({ description: 'It is decided; the payment says how.' })
class PaymentReviewDecided {
  @Field(() => PaymentType, { description: 'The payment as it stands now.' })
  payment!: PaymentType;
}

const ReviewEnded = refusalClass('REVIEW_ENDED', 'It was decided before, or its time is over.');
const ConfirmResult = resultUnion('ConfirmMyPaymentResult', 'The payment, or why not.', [
  PaymentReviewDecided,
  FunctionClosed,
  ControlsStale,
  StepUpRequired,
  WalletFrozen,
  ReviewEnded,
]);
const DenyResult = resultUnion('DenyMyPaymentResult', 'The payment, or why not.', [
  PaymentReviewDecided,
  ReviewEnded,
]);
const DecideResult = resultUnion('DecideHeldPaymentResult', 'The payment, or why not.', [
  PaymentReviewDecided,
  FunctionClosed,
  ControlsStale,
  WalletFrozen,
  ReviewEnded,
  SecondPersonRequired,
]);

/** Reasons are for the member and the desk; a register only learns that it waits. */
const desk = operator('support', 'security', 'auditor');
const toMemberOrDesk = shownTo(owner('wallet', 2), desk);
const belongsToMember = ({ memberId }: Payment) => ({ memberId });

@Resolver(() => PaymentReviewType)
export class ReviewDetailResolver {
  @FieldResolver(() => ReviewEndingEnum, {
    nullable: true,
    description: 'How it ended, once it has.',
  })
  ending(@Root() { ended }: Review): string | null {
    return ended?.how ?? null;
  }

  @FieldResolver(() => DateTimeScalar, { nullable: true, description: 'When it ended.' })
  endedAt(@Root() { ended }: Review): Date | null {
    return ended?.at ?? null;
  }

  @Directive('@tag(name: "internal")')
  @Allow(shownTo(desk))
  @FieldResolver(() => MemberType, { nullable: true, description: 'Who decided. For operators.' })
  decidedBy(@Root() { ended }: Review): MemberType | null {
    return byOf(ended);
  }

  @Directive('@tag(name: "internal")')
  @Allow(shownTo(desk))
  @FieldResolver(() => String, { nullable: true, description: 'Why. For operators.' })
  note(@Root() { ended }: Review): string | null {
    return ended?.note ?? null;
  }
}

const byOf = (ended: EndedReview | null): MemberType | null =>
  ended?.by == null ? null : { id: ended.by };

@Resolver(() => PaymentType)
export class ReviewResolver {
  @Allow(toMemberOrDesk, belongsToMember)
  @FieldResolver(() => PaymentReviewType, {
    nullable: true,
    description: 'Why it was looked at, if it was. For its member and for operators.',
  })
  review(@Root() { review }: Payment): Review | null {
    return review;
  }

  @Directive('@tag(name: "internal")')
  @Allow(shownTo(desk))
  @FieldResolver(() => ID, {
    nullable: true,
    description: 'The wallet that pays (`walletById`). For operators.',
  })
  walletId(@Root() { walletId }: Payment): string {
    return walletId;
  }

  @Allow(only(member('wallet', { acr: 2 })))
  @Query(() => PaymentConnection, {
    description: 'Payments of the member who asks that wait for an answer, newest first.',
  })
  async myPaymentsUnderReview(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { viewer, wallets, payments }: WalletContext,
  ): Promise<Connection<Payment>> {
    const wallet = await wallets.findByMember(memberOf(viewer).memberId);
    return pageOf(
      args,
      async (page) => (wallet ? payments.underReview(wallet.id, page) : { rows: [], more: false }),
      paymentSortKey,
      (row) => row,
    );
  }

  @Directive('@tag(name: "internal")')
  @Allow(only(desk))
  @Query(() => PaymentConnection, {
    description: 'Payments that wait for a decision, newest first. For operators.',
  })
  paymentsUnderReview(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { payments }: WalletContext,
  ): Promise<Connection<Payment>> {
    return pageOf(
      args,
      (page) => payments.underReview(null, page),
      paymentSortKey,
      (row) => row,
    );
  }

  @Allow(only(member('wallet', { stepUp: 2 })))
  @Mutation(() => ConfirmResult, {
    description: 'The member says that a payment under review is their own: it goes through.',
  })
  async confirmMyPayment(
    @Arg('paymentId', () => ID) paymentId: string,
    @Ctx() { viewer, useCases }: WalletContext,
  ): Promise<Answer> {
    const result = await useCases.confirmMyPayment(memberOf(viewer), { paymentId });
    return toAnswer(viewer, result, decided);
  }

  @Allow(only(member('wallet', { acr: 2 })))
  @Mutation(() => DenyResult, {
    description:
      'The member says that it is not: it is let go, nothing is charged, and the wallet is frozen if wished.',
  })
  async denyMyPayment(
    @Arg('input', () => DenyMyPaymentInput) input: DenyMyPaymentInput,
    @Ctx() { viewer, useCases }: WalletContext,
  ): Promise<Answer> {
    return toAnswer(viewer, await useCases.denyMyPayment(memberOf(viewer), input), decided);
  }

  @Directive('@tag(name: "internal")')
  @Allow(only(freshOperator(FRESH_LOGIN.workdaySeconds, 'support', 'security')))
  @Mutation(() => DecideResult, {
    description: 'The support desk lets a payment under review through, or not.',
  })
  async decideHeldPayment(
    @Arg('input', () => DecideHeldPaymentInput) input: DecideHeldPaymentInput,
    @Ctx() { viewer, useCases }: WalletContext,
  ): Promise<Answer> {
    const note = freeText('note', input.note, NOTE_CHARACTERS);
    if (!note) throw badUserInput(`note: 1 to ${NOTE_CHARACTERS} characters are expected`);
    const { paymentId, decision: how } = input;
    const result = await useCases.decideHeldPayment(memberOf(viewer), { paymentId, how, note });
    return toAnswer(viewer, result, decided);
  }
}

const decided = (payment: Payment) => ({ __typename: 'PaymentReviewDecided', payment });
