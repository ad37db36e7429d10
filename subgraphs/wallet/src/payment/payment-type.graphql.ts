import { DateScalar, DateTimeScalar, YenScalar, ENTITIES } from '@7pay/graphql';
import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql';

const PaymentStateEnum = { ACCEPTED: 'ACCEPTED', CANCELLED: 'CANCELLED' } as const;
registerEnumType(PaymentStateEnum, {
  name: 'PaymentState',
  description: 'ACCEPTED: the money has left the wallet. CANCELLED: it was given back.',
});

@Directive('@key(fields: "id")')
@ObjectType('Payment', { description: ENTITIES.Payment.type })
export class PaymentType {
  @Field(() => ID, { description: ENTITIES.Payment.key })
  id!: string;

  @Field(() => String, { description: 'The merchant’s own number for it.' })
  merchantPaymentId!: string;

  @Field(() => YenScalar, { description: 'What was paid, yen.' })
  amount!: number;

  @Field(() => PaymentStateEnum, { description: 'Whether it stands.' })
  state!: string;

  @Field(() => DateScalar, { description: 'The business date it belongs to, Asia/Tokyo.' })
  businessDate!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was cancelled, if it was.' })
  cancelledAt!: Date | null;
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
