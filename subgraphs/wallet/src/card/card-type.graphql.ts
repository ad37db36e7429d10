import { DateTimeScalar } from '@7pay/graphql';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';

const CardBrandEnum = {
  VISA: 'VISA',
  MASTERCARD: 'MASTERCARD',
  JCB: 'JCB',
  OTHER: 'OTHER',
} as const;
registerEnumType(CardBrandEnum, { name: 'CardBrand', description: 'Whose network a card is of.' });
const CardFundingEnum = { CREDIT: 'CREDIT', DEBIT: 'DEBIT' } as const;
registerEnumType(CardFundingEnum, {
  name: 'CardFunding',
  description: 'Whether it is paid later (CREDIT) or at once (DEBIT).',
});

@ObjectType('Card', {
  description: 'A card of a member. Its number is known to the acquirer alone.',
})
export class CardType {
  @Field(() => ID, { description: 'Opaque id, `crd_…`.' })
  id!: string;

  @Field(() => CardBrandEnum, { description: 'Whose network it is of.' })
  brand!: string;

  @Field(() => CardFundingEnum, { description: 'Credit or debit.' })
  funding!: string;

  @Field(() => String, { description: 'The last four digits.' })
  lastFour!: string;

  @Field(() => String, { description: 'The last month in which it can be charged, YYYY-MM.' })
  expires!: string;

  @Field(() => DateTimeScalar, { description: 'When it was registered.' })
  registeredAt!: Date;
}
