import { DateScalar, DateTimeScalar, YenScalar } from '@7pay/graphql';
import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql';

const PaymentStateEnum = { ACCEPTED: 'ACCEPTED', CANCELLED: 'CANCELLED' } as const;
registerEnumType(PaymentStateEnum, {
  name: 'PaymentState',
  description: 'ACCEPTED: the money has left the wallet. CANCELLED: it was given back.',
});

@Directive('@key(fields: "id")')
@ObjectType('Payment', { description: 'A purchase paid from a wallet.' })
export class PaymentType {
  @Field(() => ID, { description: 'Opaque id, `pay_…`.' })
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
@ObjectType('Merchant', { description: 'A business that sells.' })
export class MerchantReference {
  @Field(() => ID, { description: 'Opaque id, `mer_…`.' })
  id!: string;
}

@Directive('@key(fields: "id")')
@ObjectType('Store', { description: 'A store; the wallet adds the payments made in it.' })
export class StoreType {
  @Field(() => ID, { description: 'Opaque id, `sto_…`.' })
  id!: string;
}
