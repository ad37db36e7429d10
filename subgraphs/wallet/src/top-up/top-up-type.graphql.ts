import { DateTimeScalar, YenScalar } from '@7pay/graphql';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';

const TopUpSourceEnum = {
  REGISTER: 'REGISTER',
  ATM: 'ATM',
  CREDIT: 'CREDIT',
  DEBIT: 'DEBIT',
  POINTS: 'POINTS',
} as const;
registerEnumType(TopUpSourceEnum, {
  name: 'TopUpSource',
  description:
    'Where the money of a top-up comes from. REGISTER: cash at a store’s register. ATM: cash at a machine. CREDIT, DEBIT: a card. POINTS: nanaco points, one for a yen.',
});
export { TopUpSourceEnum };

const TopUpStateEnum = {
  PENDING: 'PENDING',
  SETTLED: 'SETTLED',
  DECLINED: 'DECLINED',
  VOIDED: 'VOIDED',
  SUSPENSE: 'SUSPENSE',
} as const;
registerEnumType(TopUpStateEnum, {
  name: 'TopUpState',
  description:
    'PENDING: the other party has not answered for good. SETTLED: in the wallet. DECLINED: no money was taken. VOIDED: a card was charged, the wallet could not take it, and the charge was called off. SUSPENSE: money was taken that the wallet cannot hold; support settles it.',
});

@ObjectType('TopUp', { description: 'Value loaded into a wallet.' })
export class TopUpType {
  @Field(() => ID, { description: 'Opaque id, `top_…`.' })
  id!: string;

  @Field(() => TopUpSourceEnum, { description: 'Where the money comes from.' })
  source!: string;

  @Field(() => YenScalar, { description: 'How much, yen.' })
  amount!: number;

  @Field(() => TopUpStateEnum, { description: 'Whether it is in the wallet.' })
  state!: string;

  @Field(() => DateTimeScalar, { description: 'When it was asked for.' })
  requestedAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was decided.' })
  settledAt!: Date | null;
}

/** Shared by the results of all sources. */
@ObjectType({
  description: 'The top-up is booked, or waits for the party that takes the money if PENDING.',
})
export class TopUpAccepted {
  @Field(() => TopUpType, { description: 'The top-up.' })
  topUp!: TopUpType;
}
