import { DateScalar, DateTimeScalar, YenScalar, ENTITIES } from '@7pay/graphql';
import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql';

const PaymentStateEnum = {
  AUTHORIZED: 'AUTHORIZED',
  UNDER_REVIEW: 'UNDER_REVIEW',
  ACCEPTED: 'ACCEPTED',
  CANCELLED: 'CANCELLED',
  RELEASED: 'RELEASED',
} as const;
registerEnumType(PaymentStateEnum, {
  name: 'PaymentState',
  description:
    'AUTHORIZED: the money is held. UNDER_REVIEW: it is held until somebody has looked at it; nothing is to be handed over. ACCEPTED: it has left the wallet. CANCELLED: it was given back in full. RELEASED: it was held and let go; nothing was charged.',
});

@Directive('@key(fields: "id")')
@ObjectType('Payment', { description: ENTITIES.Payment.type })
export class PaymentType {
  @Field(() => ID, { description: ENTITIES.Payment.key })
  id!: string;

  @Field(() => String, { description: 'The merchant’s own number for it.' })
  merchantPaymentId!: string;

  @Field(() => YenScalar, {
    description: 'What was paid, yen; while the money is held, what is held.',
  })
  amount!: number;

  @Field(() => PaymentStateEnum, { description: 'Whether it stands.' })
  state!: string;

  @Field(() => DateScalar, { description: 'The business date it belongs to, Asia/Tokyo.' })
  businessDate!: string;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Until when its money is held, if it was held at first.',
  })
  authorizedUntil!: Date | null;

  @Field(() => YenScalar, { description: 'What of it was given back so far, yen.' })
  refunded!: number;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was cancelled, if it was.' })
  cancelledAt!: Date | null;
}

@ObjectType('PaymentRefund', { description: 'A part of a payment that was given back.' })
export class PaymentRefundType {
  @Field(() => ID, { description: 'Opaque id, `rfd_…`.' })
  id!: string;

  @Field(() => String, { description: 'The merchant’s own number for it.' })
  refundId!: string;

  @Field(() => YenScalar, { description: 'How much, yen.' })
  amount!: number;

  @Field(() => String, { description: 'Why, in the merchant’s words; empty if not told.' })
  reason!: string;

  @Field(() => DateTimeScalar, { description: 'When.' })
  at!: Date;
}

@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('Merchant', { description: ENTITIES.Merchant.type })
export class MerchantReference {
  @Field(() => ID, { description: ENTITIES.Merchant.key })
  id!: string;
}

@Directive('@key(fields: "id")')
@ObjectType('Store', { description: ENTITIES.Store.type })
export class StoreType {
  @Field(() => ID, { description: ENTITIES.Store.key })
  id!: string;
}
