import {
  Allow,
  type Answer,
  DateTimeScalar,
  member,
  memberOf,
  only,
  refusalClass,
  resultUnion,
  StepUpRequired,
  toAnswer,
  YenScalar,
} from '@7pay/graphql';
import { leftIn } from '@7pay/ledger';
import type { Yen } from '@7pay/money';
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  InputType,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import type { WalletContext } from '../context.ts';
import { WalletClosed } from '../freeze/freeze.graphql.ts';
import { PAYMENT_CHANNEL } from '../payment/payment-entries.ts';
import { WalletNotOpen, WalletType } from '../wallet/wallet.graphql.ts';
import type { Wallet } from '../wallet/wallet.ts';
import { LIMIT_MOST, RAISE_AFTER_HOURS } from './payment-limits.ts';
import { noneOf } from './set-payment-limits.ts';

const none = { nullable: true } as const;

@ObjectType({ description: 'Higher limits that wait for their time.' })
class PendingPaymentLimits {
  @Field(() => YenScalar, { ...none, description: 'For one payment, yen; null: no limit.' })
  perPayment!: number | null;

  @Field(() => YenScalar, { ...none, description: 'In a business date, yen; null: no limit.' })
  perDay!: number | null;

  @Field(() => YenScalar, { ...none, description: 'In 30 business dates, yen; null: no limit.' })
  per30Days!: number | null;

  @Field(() => DateTimeScalar, { description: 'From when they hold.' })
  from!: Date;
}

@ObjectType('WalletLimits', {
  description: 'What the member lets the wallet pay, and what is left of it now.',
})
class WalletLimitsType {
  @Field(() => YenScalar, { ...none, description: 'For one payment, yen; null: no limit.' })
  perPayment!: number | null;

  @Field(() => YenScalar, { ...none, description: 'In a business date, yen; null: no limit.' })
  perDay!: number | null;

  @Field(() => YenScalar, {
    ...none,
    description: 'In 30 business dates, today included, yen; null: no limit.',
  })
  per30Days!: number | null;

  @Field(() => YenScalar, { ...none, description: 'Left today (Asia/Tokyo), yen; null: no limit.' })
  leftToday!: number | null;

  @Field(() => YenScalar, { ...none, description: 'Left in 30 days, yen; null: no limit.' })
  left30Days!: number | null;

  @Field(() => PendingPaymentLimits, { ...none, description: 'What waits for its time, if so.' })
  pending!: PendingPaymentLimits | null;
}

@InputType({ description: 'All three limits as they shall be; what is null has none.' })
class PaymentLimitsInput {
  @Field(() => YenScalar, { ...none, description: `For one payment, yen, at most ${LIMIT_MOST}.` })
  perPayment?: Yen | null;

  @Field(() => YenScalar, { ...none, description: `In a day, yen, at most ${LIMIT_MOST}.` })
  perDay?: Yen | null;

  @Field(() => YenScalar, { ...none, description: `In 30 days, yen, at most ${LIMIT_MOST}.` })
  per30Days?: Yen | null;
}

@ObjectType({ description: 'The limits are set; a raise waits for its time.' })
class PaymentLimitsSet {
  @Field(() => WalletType, { description: 'The wallet, with its limits.' })
  wallet!: WalletType;
}

const LimitTooHigh = refusalClass('LIMIT_TOO_HIGH', 'A limit is higher than can be set.', {
  most: { type: YenScalar, description: 'The most that can be set, yen.' },
});
const SetPaymentLimitsResult = resultUnion('SetPaymentLimitsResult', 'The wallet, or why not.', [
  PaymentLimitsSet,
  StepUpRequired,
  WalletNotOpen,
  WalletClosed,
  LimitTooHigh,
]);

@Resolver(() => WalletType)
export class PaymentLimitsResolver {
  @FieldResolver(() => WalletLimitsType, { description: 'Limits that the member set.' })
  async limits(
    @Root() { id }: Wallet,
    @Ctx() { limitsOf, accountOf, clock }: WalletContext,
  ): Promise<WalletLimitsType> {
    const { now, pending } = (await limitsOf.load(id)) ?? noneOf(id);
    const account = await accountOf.load(id);
    const at = clock.now();
    const left = leftIn(
      account?.windows[PAYMENT_CHANNEL],
      account?.limits[PAYMENT_CHANNEL] ?? {},
      at,
    );
    return {
      ...now,
      leftToday: now.perDay === null ? null : left.day,
      left30Days: now.per30Days === null ? null : left.days30,
      pending: pending && { ...pending.limits, from: pending.from },
    };
  }

  @Allow(only(member('wallet', { stepUp: 2 })))
  @Mutation(() => SetPaymentLimitsResult, {
    description: `Sets what the wallet pays at most. Lower limits hold at once, higher ones after ${RAISE_AFTER_HOURS} hours.`,
  })
  async setMyPaymentLimits(
    @Arg('input', () => PaymentLimitsInput) input: PaymentLimitsInput,
    @Ctx() { viewer, useCases }: WalletContext,
  ): Promise<Answer> {
    const { perPayment = null, perDay = null, per30Days = null } = input;
    const result = await useCases.setMyPaymentLimits(memberOf(viewer), {
      perPayment,
      perDay,
      per30Days,
    });
    return toAnswer(viewer, result, (wallet) => ({ __typename: 'PaymentLimitsSet', wallet }));
  }
}
