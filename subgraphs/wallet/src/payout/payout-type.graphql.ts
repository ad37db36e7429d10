import { DateTimeScalar, YenScalar } from '@7pay/graphql';
import { maskedNumber } from '@7pay/zengin';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Payout } from './payout.ts';

export const PayoutStateEnum = {
  DUE: 'DUE',
  SENT: 'SENT',
  PAID: 'PAID',
  RETURNED: 'RETURNED',
  REPLACED: 'REPLACED',
  KEPT: 'KEPT',
} as const;
registerEnumType(PayoutStateEnum, {
  name: 'PayoutState',
  description:
    'DUE: in no file yet. SENT: in a file. PAID: the bank said so. RETURNED: it came back and waits for a decision. REPLACED: it came back and another payout pays it. KEPT: it came back and stays with us.',
});

@Directive('@tag(name: "internal")')
@Directive('@tag(name: "merchant")')
@ObjectType('Payout', { description: 'Money on its way to a merchant’s bank account.' })
export class PayoutType {
  @Field(() => ID, { description: 'Opaque id, `pot_…`.' })
  id!: string;

  @Field(() => ID, { description: 'The merchant, `mer_…`.' })
  merchantId!: string;

  @Field(() => ID, { description: 'The settlement batch, `stl_…`.' })
  batchId!: string;

  @Field(() => YenScalar, { description: 'Yen.' })
  amount!: number;

  @Field(() => PayoutStateEnum, { description: 'How far it is.' })
  state!: string;

  @Field(() => Int, { description: 'From 1; one more each time it is paid again.' })
  attempt!: number;

  @Field(() => ID, { nullable: true, description: 'The file it is in, `pof_…`.' })
  fileId!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Bank, branch and the last three digits of the account, once it is in a file.',
  })
  paidTo!: string | null;

  @Field(() => DateTimeScalar, { description: 'When it became due.' })
  createdAt!: Date;

  @Field(() => String, { description: 'Why it was paid again or kept; empty unless it came back.' })
  note!: string;
}

/** A payout as it is shown: the number of the account is not. */
export const shownPayout = ({ account, ...payout }: Payout) => ({
  ...payout,
  paidTo: account && `${account.bankCode}-${account.branchCode} ${maskedNumber(account)}`,
});
